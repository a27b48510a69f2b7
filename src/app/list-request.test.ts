import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../base/json.ts';
import type { ListQuery, Page } from '../store/catalogue-store.ts';
import type { FilterPredicate } from './filter-predicate.ts';
import { type ListRequest, listPage, parseFilterJson } from './list-request.ts';

/** Reads `{"key":"value"}` as equalities. */
const parseFilter = (text: string): readonly FilterPredicate[] =>
  Object.entries(parseFilterJson(text) as JsonObject).map(([key, value]) => ({
    operation: 'EQUALS',
    key,
    value: { kind: 'text', values: [value as string], isList: false },
  }));

const EMPTY: Page<never> = { rows: [], total: 0 };

/** What the catalogue is asked for, and what the client is told. */
async function asked(request: Omit<ListRequest, 'parseFilter'>, page: Page<never> = EMPTY) {
  let query: ListQuery | undefined;
  const reply = await listPage('runs', { parseFilter, ...request }, async (given) => {
    query = given;
    return page;
  });
  return { query: query!, reply };
}

for (const [pageSize, limit] of [
  [undefined, 20],
  [0, 20],
  [1, 1],
  [200, 200],
  [201, 200],
  [2_000_000_000, 200],
] as const) {
  test(`A page size of ${pageSize ?? 'nothing'} gives ${limit} rows.`, async () => {
    assert.equal((await asked(pageSize === undefined ? {} : { pageSize })).query.limit, limit);
  });
}

test('A page size below zero is refused.', async () => {
  await assert.rejects(asked({ pageSize: -1 }), { code: 'INVALID_USAGE', message: /greater than 0. Got -1/ });
});

for (const [sortBy, field, descending] of [
  ['', 'created_at_ms', false],
  ['name', 'display_name', false],
  ['name asc', 'display_name', false],
  ['  created_at   DESC ', 'created_at_ms', true],
  ['finished_at desc', 'ended_at_ms', true],
  ['id Desc', 'run_id', true],
] as const) {
  test(`The order ${JSON.stringify(sortBy)} is ${field}, ${descending ? 'the largest' : 'the smallest'} first.`, async () => {
    assert.deepEqual((await asked({ sortBy })).query.sort, { field, descending });
  });
}

test('Runs can be sorted by a metric that was reported of them; its numbers are no whole ones.', async () => {
  const sort = { field: 'metrics', key: 'val-loss', descending: true };
  const next = { value: 0.25, id: 'r1' };
  const { query, reply } = await asked({ sortBy: 'metric:val-loss desc' }, { ...EMPTY, next });
  assert.deepEqual(query.sort, sort);
  assert.deepEqual((await asked({ pageToken: reply.nextPageToken })).query, { ...query, after: next });
});

for (const [sortBy, message] of [
  ["metric:a'b", /cannot be sorted by it/],
  ['metric:', /cannot be sorted by it/],
  ['name up', /Received invalid sort by format: "name up"/],
  ['name asc please', /invalid sort by format/],
  ['colour', /Invalid sorting field: "colour"/],
  ['constructor', /Invalid sorting field/],
  ['tags.team', /Invalid sorting field/],
] as const) {
  test(`The order ${JSON.stringify(sortBy)} is refused.`, async () => {
    await assert.rejects(asked({ sortBy }), { code: 'INVALID_USAGE', message });
  });
}

const NEXT = { value: 1_700_000_000_000, id: 'r9' };
const filter = '{"namespace":"a"}';

async function tokenOf(request: Omit<ListRequest, 'parseFilter'>, next: Page<never>['next'] = NEXT): Promise<string> {
  return (await asked(request, { rows: [], total: 7, next: next! })).reply.nextPageToken;
}

test('The last page has no token.', async () => {
  assert.equal((await asked({})).reply.nextPageToken, '');
});

test('A token alone is enough: it brings order and filter along.', async () => {
  const first = await asked({ sortBy: 'created_at desc', filter });
  const { query } = await asked({ pageToken: await tokenOf({ sortBy: 'created_at desc', filter }) });
  assert.deepEqual(query, { ...first.query, after: NEXT });
});

test('Order and filter may be sent along with the token, in another spelling too.', async () => {
  const pageToken = await tokenOf({ sortBy: 'created_at desc', filter });
  const again = { sortBy: ' created_at  DESC', filter: encodeURIComponent(filter) };
  assert.deepEqual((await asked({ pageToken, ...again })).query.after, NEXT);
});

for (const [title, change] of [
  ['another order', { sortBy: 'name' }],
  ['another filter', { filter: '{"namespace":"b"}' }],
] as const) {
  test(`A token is not taken with ${title}.`, async () => {
    const pageToken = await tokenOf({ sortBy: 'created_at desc', filter });
    await assert.rejects(asked({ pageToken, ...change }), { code: 'INVALID_USAGE', message: /does not match/ });
  });
}

const forged = (...parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

for (const [title, pageToken] of [
  ['is no base64', '%%%'],
  ['is of another list', forged('experiments', '', '', 1, 'e')],
  ['holds no position', forged('runs', '', '')],
  ['continues a time after a text', forged('runs', 'created_at', '', "x'; drop", 'r')],
  ['continues a time after a fraction', forged('runs', 'created_at', '', 1.5, 'r')],
  ['continues a name after a number', forged('runs', 'name', '', 5, 'r')],
] as const) {
  test(`A token that ${title} is refused.`, async () => {
    await assert.rejects(asked({ pageToken }), { code: 'INVALID_USAGE', message: /Invalid page token/ });
  });
}

test('What the caller adds is asked for besides the filter, and does not go into the token.', async () => {
  const within = [{ field: 'experiment_id', operation: 'eq', values: ['e'] }] as const;
  const { query } = await asked({ filter, within });
  assert.deepEqual(query.predicates, [{ field: 'namespace', operation: 'eq', values: ['a'] }, ...within]);
  assert.doesNotMatch(Buffer.from(await tokenOf({ within }), 'base64url').toString(), /experiment/);
});

test('A filter has at most 50 predicates.', async () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, 'v']));
  await assert.rejects(asked({ filter: JSON.stringify(many) }), { code: 'INVALID_USAGE', message: /51 predicates; at most 50/ });
});

for (const [title, text, expected] of [
  ['A filter is read as it is.', '{"name":"50% + 1"}', { name: '50% + 1' }],
  ['Percent signs in a value stay.', '{"name":"%41"}', { name: '%41' }],
  ['A filter that was encoded once more is decoded.', encodeURIComponent('{"name":"a b+c"}'), { name: 'a b+c' }],
] as const) {
  test(title, () => assert.deepEqual(parseFilterJson(text), expected));
}

for (const text of ['[]', 'null', '"x"', '{', '%7B', '%', 'x']) {
  test(`The filter ${text} is refused.`, () => {
    assert.throws(() => parseFilterJson(text), { code: 'INVALID_USAGE', message: /failed to parse the filter/ });
  });
}
