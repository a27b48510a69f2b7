import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListName, Predicate } from '../store/catalogue-store.ts';
import { filterPredicate, type FilterPredicate } from './filter-predicate.ts';

type Value = FilterPredicate['value'];
const text = (...values: readonly string[]): Value => ({ kind: 'text', values, isList: false });
const texts = (...values: readonly string[]): Value => ({ kind: 'text', values, isList: true });
const number = (value: number): Value => ({ kind: 'number', values: [value], isList: false });
const numbers = (...values: readonly number[]): Value => ({ kind: 'number', values, isList: true });
const time = (iso: string): Value => ({ kind: 'time', values: [Date.parse(iso)], isList: false });

const NOON = '2026-05-01T12:00:00Z';
const NOON_SECONDS = Date.parse(NOON) / 1000;

interface Case {
  readonly title: string;
  readonly list?: ListName;
  readonly given: readonly [operation: string, key: string, value: Value];
  readonly expected: Predicate;
}

const CASES: readonly Case[] = [
  ...(
    [
      ['EQUALS', 'eq'],
      ['NOT_EQUALS', 'ne'],
      ['GREATER_THAN', 'gt'],
      ['GREATER_THAN_EQUALS', 'ge'],
      ['LESS_THAN', 'lt'],
      ['LESS_THAN_EQUALS', 'le'],
      ['IS_SUBSTRING', 'contains'],
    ] as const
  ).map(([name, operation]): Case => ({
    title: `${name} is asked as ${operation}.`,
    given: [name, 'name', text('x')],
    expected: { field: 'display_name', operation, values: ['x'] },
  })),
  {
    title: 'IN takes a list.',
    given: ['IN', 'run_id', texts('a', 'b')],
    expected: { field: 'run_id', operation: 'in', values: ['a', 'b'] },
  },
  {
    title: 'IN takes a list of numbers.',
    given: ['IN', 'name', numbers(1, 2)],
    expected: { field: 'display_name', operation: 'in', values: ['1', '2'] },
  },
  {
    title: 'The key display_name means the same as name.',
    given: ['EQUALS', 'display_name', text('x')],
    expected: { field: 'display_name', operation: 'eq', values: ['x'] },
  },
  {
    title: 'The display name of an experiment is its name.',
    list: 'experiments',
    given: ['EQUALS', 'display_name', text('x')],
    expected: { field: 'name', operation: 'eq', values: ['x'] },
  },
  {
    title: 'A pipeline has a name and a display name.',
    list: 'pipelines',
    given: ['EQUALS', 'display_name', text('x')],
    expected: { field: 'display_name', operation: 'eq', values: ['x'] },
  },
  {
    title: 'A number is compared with a text as it is written.',
    given: ['EQUALS', 'name', number(7)],
    expected: { field: 'display_name', operation: 'eq', values: ['7'] },
  },
  {
    title: 'Percent signs and underscores are no placeholders here: the store escapes them.',
    given: ['IS_SUBSTRING', 'name', text('50%_')],
    expected: { field: 'display_name', operation: 'contains', values: ['50%_'] },
  },
  {
    title: 'A time is compared in seconds.',
    given: ['GREATER_THAN', 'created_at', time('2026-05-01T12:00:00.900Z')],
    expected: { field: 'created_at_ms', operation: 'gt', values: [NOON_SECONDS] },
  },
  ...[text(String(NOON_SECONDS)), number(NOON_SECONDS), text(NOON), text('2026-05-01T14:00:00+02:00')].map((value): Case => ({
    title: `A time may be given as ${JSON.stringify(value?.values[0])}.`,
    given: ['LESS_THAN_EQUALS', 'finished_at', value],
    expected: { field: 'ended_at_ms', operation: 'le', values: [NOON_SECONDS] },
  })),
  ...['AVAILABLE', 'STORAGESTATE_AVAILABLE', 'STORAGE_STATE_UNSPECIFIED', 'STORAGESTATE_UNSPECIFIED'].map((name): Case => ({
    title: `The storage state ${name} is AVAILABLE.`,
    given: ['EQUALS', 'storage_state', text(name)],
    expected: { field: 'storage_state', operation: 'eq', values: ['AVAILABLE'] },
  })),
  {
    title: 'The storage state of active lists is asked for as not archived.',
    list: 'experiments',
    given: ['NOT_EQUALS', 'storage_state', text('STORAGESTATE_ARCHIVED')],
    expected: { field: 'storage_state', operation: 'ne', values: ['ARCHIVED'] },
  },
  {
    title: 'A state has its v2beta1 name.',
    given: ['EQUALS', 'state', text('SUCCEEDED')],
    expected: { field: 'state', operation: 'in', values: ['SUCCEEDED'] },
  },
  {
    title: 'A state has its v1beta1 name, under the key status.',
    given: ['EQUALS', 'status', text('Succeeded')],
    expected: { field: 'state', operation: 'in', values: ['SUCCEEDED'] },
  },
  {
    title: 'What failed was canceled or failed.',
    given: ['EQUALS', 'state', text('FAILED')],
    expected: { field: 'state', operation: 'in', values: ['FAILED', 'CANCELED'] },
  },
  {
    title: 'What did not fail was not canceled either.',
    given: ['NOT_EQUALS', 'status', text('Error')],
    expected: { field: 'state', operation: 'notIn', values: ['FAILED', 'CANCELED'] },
  },
  {
    title: 'Terminating is CANCELING.',
    given: ['IN', 'status', texts('Terminating', 'Running')],
    expected: { field: 'state', operation: 'in', values: ['CANCELING', 'RUNNING'] },
  },
  ...(
    [
      ['ENABLED', 1],
      ['ENABLE', 1],
      ['DISABLED', 0],
    ] as const
  ).map(([name, value]): Case => ({
    title: `A recurring run is ${name} or not.`,
    list: 'recurring_runs',
    given: ['EQUALS', 'status', text(name)],
    expected: { field: 'is_enabled', operation: 'eq', values: [value] },
  })),
  {
    title: 'A tag is named by its key.',
    list: 'pipelines',
    given: ['EQUALS', 'tags.team', text('vision')],
    expected: { field: 'tags', key: 'team', operation: 'eq', values: ['vision'] },
  },
];

for (const {
  title,
  list = 'runs',
  given: [operation, key, value],
  expected,
} of CASES) {
  test(title, () => assert.deepEqual(filterPredicate(list, { operation, key, value }), expected));
}

const REFUSED: readonly (readonly [title: string, list: ListName, given: Case['given'], message: RegExp])[] = [
  ['No operation', 'runs', ['', 'name', text('x')], /Unsupported operation: none/],
  ['The zero of the enum', 'runs', ['OPERATION_UNSPECIFIED', 'name', text('x')], /Unsupported operation: OPERATION_UNSPECIFIED/],
  ['The zero of the older enum', 'runs', ['UNKNOWN', 'name', text('x')], /Unsupported operation: UNKNOWN/],
  ['A member of every object', 'runs', ['constructor', 'name', text('x')], /Unsupported operation/],
  ['An empty key', 'runs', ['EQUALS', '', text('x')], /has no key/],
  ['An unknown key', 'runs', ['EQUALS', 'colour', text('x')], /unrecognized field "colour"/],
  ['A tag of what has no tags', 'runs', ['EQUALS', 'tags.team', text('x')], /unrecognized field "tags.team"/],
  ['A key that every object has', 'runs', ['EQUALS', 'toString', text('x')], /unrecognized field/],
  ['No value', 'runs', ['EQUALS', 'name', undefined], /the predicate on name has no value/],
  ['An empty list', 'runs', ['IN', 'name', texts()], /the predicate on name has no value/],
  ['A list for EQUALS', 'runs', ['EQUALS', 'name', texts('a')], /takes one value/],
  ['One value for IN', 'runs', ['IN', 'name', text('a')], /takes a list/],
  ['A number for IS_SUBSTRING', 'runs', ['IS_SUBSTRING', 'name', number(1)], /takes a string value/],
  ['IS_SUBSTRING on a time', 'runs', ['IS_SUBSTRING', 'created_at', text('2026')], /cannot be used on created_at/],
  ['A time that is none', 'runs', ['EQUALS', 'created_at', text('yesterday 1')], /"yesterday 1" is not a time/],
  ['IS_SUBSTRING on a tag', 'pipelines', ['IS_SUBSTRING', 'tags.a', text('x')], /takes EQUALS and a string value/],
];

for (const [title, list, [operation, key, value], message] of REFUSED) {
  test(`${title} is refused.`, () => {
    assert.throws(() => filterPredicate(list, { operation, key, value }), { code: 'INVALID_USAGE', message });
  });
}
