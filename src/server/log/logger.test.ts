import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../../base/errors.ts';
import { createLogger, type LogFormat, type Logger, type LogLevel, readLogOptions } from './logger.ts';

const clock = { now: () => Date.UTC(2026, 10, 24, 12, 30), at: () => () => {} };

function written(how: { readonly level?: LogLevel; readonly format?: LogFormat }, log: (logger: Logger) => void): string {
  let text = '';
  log(createLogger({ clock, write: (line) => (text += line), ...how }));
  return text;
}

test('an event is one line of JSON with its facts.', () => {
  const text = written({}, (log) => {
    log.info({ route: 'GetRun', status: 200, user: undefined }, 'request\nanswered');
    log.debug({}, 'too fine');
  });
  assert.deepEqual(JSON.parse(text), {
    time: '2026-11-24T12:30:00.000Z',
    level: 'info',
    message: 'request\nanswered',
    route: 'GetRun',
    status: 200,
  });
  assert.equal(text.split('\n').length, 2);
});

test('on a terminal it is a line of text, and an error tells where it came from.', () => {
  const text = written({ format: 'text', level: 'warn' }, (log) => {
    log.info({}, 'not asked for');
    log.error({ doing: 'listing runs', n: 3, error: new TypeError('x is not a function') }, 'a bug\u001b[31m');
  });
  assert.match(
    text,
    /^12:30:00\.000 error a bug \[31m doing="listing runs" n=3 error="x is not a function"\nTypeError: x is not/,
  );
});

test('secrets are not written, wherever they are.', () => {
  const text = written({ level: 'debug' }, (log) =>
    log.debug({ password: 'a', headers: { Authorization: 'b', cookie: 'c', accept: 'ok' }, list: [{ apiKey: 'd' }] }, ''),
  );
  const { password, headers, list } = JSON.parse(text) as Record<string, unknown>;
  const no = '[not logged]';
  assert.deepEqual([password, headers, list], [no, { Authorization: no, cookie: no, accept: 'ok' }, [{ apiKey: no }]]);
});

test('a user’s mistake has a code and no stack.', () => {
  const text = written({}, (log) => log.warn({ error: new ProductError('NOT_FOUND', 'no such run') }, 'refused'));
  assert.doesNotMatch(text, /stack/);
  assert.match(text, /"error":"no such run","code":"NOT_FOUND"/);
});

test('options are words of a list.', () => {
  assert.deepEqual(readLogOptions({}, { isTerminal: true }), { level: 'info', format: 'text' });
  assert.deepEqual(readLogOptions({ level: 'debug' }, { isTerminal: false }), { level: 'debug', format: 'json' });
  assert.throws(() => readLogOptions({ level: 'loud' }, { isTerminal: false }), /--log-level cannot be "loud"/);
  assert.throws(() => readLogOptions({ format: 'xml' }, { isTerminal: false }), /--log-format cannot be "xml"/);
});
