import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBind } from './check-bind.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  mixed: ['127.0.0.1', '192.168.1.5'],
  public: ['93.184.216.34'],
  '0': ['0.0.0.0'],
  empty: [],
};
const resolve = async (name: string): Promise<readonly string[]> => names[name] ?? Promise.reject(new Error('ENOTFOUND'));

for (const host of ['127.0.0.1', '127.8.9.10', '::1', '[::1]', '::ffff:127.0.0.1', '::ffff:7f00:1', 'localhost']) {
  test(`A server without login listens on ${host}.`, async () => {
    await checkBind({ host, isAuthOn: false, resolve });
  });
}

for (const host of [
  '',
  '0.0.0.0',
  '::',
  '[::]',
  '192.168.1.5',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
  'mixed',
  'public',
  '0',
  'empty',
  'unknown',
]) {
  test(`A server without login does not listen on ${JSON.stringify(host)}, and one with a login does.`, async () => {
    await assert.rejects(checkBind({ host, isAuthOn: false, resolve }), (error: { code: string; hint: string }) => {
      assert.equal(error.code, 'INVALID_USAGE');
      assert.match(error.hint, /127\.0\.0\.1/);
      return true;
    });
    await checkBind({ host, isAuthOn: true, resolve });
  });
}
