import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '../../../test/support/access-app.ts';
import { LoginLimiter } from './login-limiter.ts';

const fail = () => Promise.reject(new Error('wrong password'));
const succeed = async () => 'in';

async function failTimes(limiter: LoginLimiter, times: number, who: (at: number) => { address: string; userName: string }) {
  for (let at = 0; at < times; at += 1) await assert.rejects(limiter.attempt(who(at), fail), /wrong password/);
}

test('After ten failures an address waits for the rest of five minutes, whatever names it tries.', async () => {
  const clock = manualClock();
  const limiter = new LoginLimiter(clock);
  await failTimes(limiter, 10, (at) => ({ address: '10.0.0.1', userName: `user${at}` }));
  clock.advance(60_000);
  const next = limiter.attempt({ address: '10.0.0.1', userName: 'ann' }, succeed);
  await assert.rejects(next, { code: 'RATE_LIMITED', retryAfterSeconds: 240, hint: /4 min/ });
  assert.equal(await limiter.attempt({ address: '10.0.0.2', userName: 'ann' }, succeed), 'in');
  clock.advance(240_000);
  assert.equal(await limiter.attempt({ address: '10.0.0.1', userName: 'ann' }, succeed), 'in');
});

test('After twenty failures a user name waits, whatever addresses they came from.', async () => {
  const limiter = new LoginLimiter(manualClock());
  await failTimes(limiter, 20, (at) => ({ address: `10.0.0.${at}`, userName: 'ann' }));
  await assert.rejects(limiter.attempt({ address: '10.0.1.1', userName: 'ann' }, succeed), { code: 'RATE_LIMITED' });
  assert.equal(await limiter.attempt({ address: '10.0.1.1', userName: 'bob' }, succeed), 'in');
});

test('Those who log in do not use up attempts, and do not give back those that failed.', async () => {
  const limiter = new LoginLimiter(manualClock());
  const ann = { address: '10.0.0.1', userName: 'ann' };
  for (let at = 0; at < 30; at += 1) await limiter.attempt(ann, succeed);
  await failTimes(limiter, 9, () => ({ address: '10.0.0.1', userName: 'bob' }));
  await limiter.attempt(ann, succeed);
  await failTimes(limiter, 1, () => ({ address: '10.0.0.1', userName: 'bob' }));
  await assert.rejects(limiter.attempt(ann, succeed), { code: 'RATE_LIMITED' });
});

test('Attempts count from their beginning, so that many at once gain nothing.', async () => {
  const limiter = new LoginLimiter(manualClock());
  const held = Promise.withResolvers<string>();
  const attempts = Array.from({ length: 8 }, (_, at) =>
    limiter.attempt({ address: `10.0.0.${at}`, userName: 'ann' }, () => held.promise),
  );
  const ninth = limiter.attempt({ address: '10.0.9.9', userName: 'bob' }, succeed);
  await assert.rejects(ninth, { code: 'RATE_LIMITED', retryAfterSeconds: 1 });
  held.resolve('in');
  assert.equal((await Promise.all(attempts)).length, 8);
  assert.equal(await limiter.attempt({ address: '10.0.9.9', userName: 'bob' }, succeed), 'in');
});

test('The addresses of one IPv6 network are one.', async () => {
  const limiter = new LoginLimiter(manualClock());
  await failTimes(limiter, 10, (at) => ({ address: `2001:db8:1:2:${at}::1`, userName: `user${at}` }));
  await assert.rejects(limiter.attempt({ address: '2001:db8:1:2:ff::9', userName: 'ann' }, succeed), { code: 'RATE_LIMITED' });
  assert.equal(await limiter.attempt({ address: '2001:db8:1:3::9', userName: 'ann' }, succeed), 'in');
});
