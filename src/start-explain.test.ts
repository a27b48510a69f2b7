import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dag, pipelineDocument, step, task } from '../test/support/spec-builder.ts';
import { rulesFromOptions } from './app/placement-rules.ts';
import { ProductError } from './base/errors.ts';
import { checkRules, explainSteps } from './start-explain.ts';

const DOCUMENT = pipelineDocument(
  dag({ train: task('comp-program'), group: task('comp-group') }),
  { 'comp-group': dag({ leaf: task('comp-program') }), 'comp-program': step('exec-program') },
  { 'exec-program': { kind: 'container', container: { image: 'alpine:3', command: ['true'], args: [], env: [] } } },
);

const rules = (stepsOn: readonly string[], imagesOnHost: readonly string[] = []) => rulesFromOptions({ stepsOn, imagesOnHost });

const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-explain-'));
const { DOCKER_HOST: dockerHost } = process.env;
before(() => void (process.env['DOCKER_HOST'] = `unix://${dataDir}/nobody.sock`));
after(() => {
  if (dockerHost === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = dockerHost;
  rmSync(dataDir, { recursive: true });
});

test('what is said about steps or images that the pipeline does not have is refused, with what there is', async () => {
  const rows: readonly (readonly [Parameters<typeof rules>, RegExp])[] = [
    [[['/tran=docker']], /--step-on \/tran: there is no such step \(there are \/(group\/leaf|train), .*\)/],
    [[['group=docker']], /--step-on \/group: there is no such step \(for all steps in it, write \/group\/\*\)/],
    [[[], ['ubuntu*']], /--image-on-host ubuntu\*: no step has such an image \(there are alpine:3\)/],
  ];
  for (const [given, expected] of rows) {
    await assert.rejects(checkRules(DOCUMENT, rules(...given)), (error) => {
      assert(error instanceof ProductError && error.code === 'INVALID_USAGE');
      assert.match(error.problems.map(({ path, message, hint }) => `${path}: ${message} (${hint})`).join('\n'), expected);
      return true;
    });
  }
  await checkRules(DOCUMENT, rules(['train=docker', '/group/*=process', '/group[3]/leaf=docker'], ['alpine*']));
});

test('without Docker, what the rule sends there runs as a process, and what was chosen for it will fail', async () => {
  const explained = await explainSteps(DOCUMENT, {
    executor: 'auto',
    dataDir,
    rules: rules(['train=docker', '/group[3]/leaf=docker']),
  });
  const shown = explained.map(({ path, executor, because }) => `${path} ${executor}: ${because}`).sort();
  assert.match(shown.join('\n'), /^\/group\/leaf process: without its image: the Docker daemon at .* does not answer.*$/m);
  assert.match(shown.join('\n'), /^\/group\[3\]\/leaf docker: it was chosen for the step \(\/group\[3\]\/leaf\)$/m);
  assert.match(shown.join('\n'), /^\/train docker: it was chosen for the step \(\/train\); it will fail: the Docker daemon/m);
});
