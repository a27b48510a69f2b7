import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedCommand } from './named-command.ts';
import { buildProgram } from './program.ts';

const rows: readonly (readonly [readonly string[], string])[] = [
  [[], 'pipewright'],
  [['--quick'], 'pipewright'],
  [['lokal', 'a.yaml'], 'pipewright'],
  [['local', 'a.yaml', '--quick'], 'pipewright local'],
  [['local', 'plan', 'run'], 'pipewright local'],
  [['run', '--quick'], 'pipewright run'],
  [['run', 'lost'], 'pipewright run'],
  [['run', 'list', '--quick'], 'pipewright run list'],
  [['component', 'build', 'list'], 'pipewright component build'],
];
for (const [args, expected] of rows) {
  test(`the arguments "${args.join(' ')}" are for "${expected}"`, () => {
    assert.equal(namedCommand(buildProgram(), args), expected);
  });
}
