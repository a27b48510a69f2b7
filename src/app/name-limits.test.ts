import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDescription, checkName, checkTags } from './name-limits.ts';

for (const [field, longest] of [
  ['Experiment.Name', 128],
  ['Pipeline.Name', 128],
  ['PipelineVersion.Name', 127],
  ['Run.DisplayName', 256],
  ['RecurringRun.DisplayName', 256],
] as const) {
  test(`${field} has 1 to ${longest} characters.`, () => {
    checkName(field, 'x'.repeat(longest));
    const tooLong = { code: 'INVALID_ARGUMENTS', message: `${field} length cannot exceed ${longest}` };
    assert.throws(() => checkName(field, 'x'.repeat(longest + 1)), tooLong);
    for (const empty of ['', ' \t']) assert.throws(() => checkName(field, empty), /name cannot be empty/);
  });
}

test('A description has at most 65,535 characters.', () => {
  checkDescription('x'.repeat(65_535));
  assert.throws(() => checkDescription('x'.repeat(65_536)), { code: 'INVALID_ARGUMENTS' });
});

const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

for (const [title, tags] of [
  ['none', {}],
  ['twenty', numbered(20)],
  ['one with an empty value', { team: '' }],
  ['one of 63 characters, counted as people count', { ['☕'.repeat(63)]: '🚀'.repeat(63) }],
] as const) {
  test(`Tags may be ${title}.`, () => checkTags(tags));
}

for (const [title, tags, message] of [
  ['More than twenty tags', numbered(21), /there are 21 tags; at most 20/],
  ['A tag without a key', { '': 'x' }, /key cannot be empty/],
  ['A tag with a dot in its key', { 'a.b': 'x' }, /"a\.b" must not contain/],
  ['A long key', { ['k'.repeat(64)]: 'x' }, /longer than 63/],
  ['A long value', { k: 'x'.repeat(64) }, /"k" is longer than 63/],
] as const) {
  test(`${title} is refused.`, () => assert.throws(() => checkTags(tags), { code: 'INVALID_ARGUMENTS', message }));
}
