import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../../../base/json.ts';
import { findComponents, makeJob, type Component, type Fill } from './component-jobs.ts';
import { PythonEnvironments, RUNTIME_FOLDER, type PythonEnvironment } from './environments.ts';
import { NO_PIP } from './python-step.ts';
import { recognisePythonStep } from './recognise.ts';

const PIPELINES = fileURLToPath(new URL('../../../../../shared/conformance/pipelines', import.meta.url));
const FORK_STEPS = fileURLToPath(new URL('./fork_steps.py', import.meta.url));
const REAL_KFP = `kfp==${process.env['PIPEWRIGHT_COMPARE_KFP'] ?? '2.17.3'}`;
/** Their results differ from run to run, or they wait: the files they write are not compared, or they are not run at all. */
const UNSTABLE = /\b(?:random|uuid|time|datetime|hash\(|getpid|mktemp|tempfile|get_uri|environ)\b/;
const SLOW_OR_REMOTE =
  /sleep|subprocess|google\.cloud|requests|urllib|aiplatform|boto|minio|kubernetes|ray\b|while True|time\(\) <|urandom|large_file/;

const missing = existsSync(PIPELINES) ? undefined : 'skipped: ../shared/conformance is not there';
const components = missing === undefined ? findComponents(PIPELINES) : [];
const scratch = mkdtempSync(join(tmpdir(), 'pipewright-compare-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

test('every Python component of the conformance data is recognised', { skip: missing ?? false }, (t) => {
  const unknown = components.filter(({ command, args }) => recognisePythonStep(command, args) === undefined);
  assert.deepEqual(
    unknown.map(({ file, executor }) => `${file} ${executor}`),
    [],
  );
  t.diagnostic(`${components.length} components`);
});

test('the bundled runtime gives the outputs the real kfp gives', { skip: missing ?? false }, async (t) => {
  const environments = new PythonEnvironments({ dataDir: join(scratch, 'data') });
  const real = await environments.ensure(
    { pip: { ...NO_PIP, kfpRequirement: REAL_KFP, kfpNoDeps: true }, module: 'kfp.dsl.executor_main', source: '' },
    () => {},
  );
  if (real.env['PYTHONPATH'] === RUNTIME_FOLDER) {
    t.skip(`skipped: ${REAL_KFP} cannot be installed here`);
    return;
  }
  const bundled = await environments.ensure({ pip: NO_PIP }, () => {});
  const sample = distinctComponents();
  for (const fill of ['required', 'all'] as const) {
    const [ours, theirs] = [runAll(sample, bundled, 'ours', fill), runAll(sample, real, 'theirs', fill)];
    const shown = sample.map(({ file, executor }, index) => [
      `${file} ${executor}`,
      describeEnd(ours[index]!),
      describeEnd(theirs[index]!),
    ]);
    t.diagnostic(
      `${sample.length} components with ${fill} inputs, ${theirs.filter((end) => end.code === 0).length} of them succeed`,
    );
    assert.deepEqual(
      shown.filter(([, our, their]) => our !== their),
      [],
    );
  }
});

/** One of each source and interface that can run here, without packages and network. */
function distinctComponents(): readonly Component[] {
  const found = new Map<string, Component>();
  for (const component of components) {
    const source = component.command.at(-1) ?? '';
    if (!SLOW_OR_REMOTE.test(source)) found.set(JSON.stringify([source, component.inputs, component.outputs]), component);
  }
  return [...found.values()].filter((component) => makeJob(component, join(scratch, 'probe'), 'all') !== undefined);
}

interface End {
  readonly code: number;
  readonly files: Readonly<Record<string, string>>;
}

function runAll(sample: readonly Component[], environment: PythonEnvironment, name: string, fill: Fill): readonly End[] {
  const roots = sample.map((_, index) => join(scratch, fill, name, String(index)));
  const jobs = sample.map((component, index) => makeJob(component, roots[index]!, fill)!);
  const options = {
    input: jobs.map((job) => JSON.stringify(job)).join('\n'),
    env: { ...process.env, ...environment.env, PYTHONHASHSEED: '0' },
    maxBuffer: 1 << 26,
  };
  const answer = JSON.parse(execFileSync(environment.python, [FORK_STEPS], options).toString()) as { codes: number[] };
  return roots.map((root, index) => ({
    code: answer.codes[index]!,
    files: readFiles(root, UNSTABLE.test(String(jobs[index]!.request['source']))),
  }));
}

function readFiles(root: string, namesOnly: boolean): Record<string, string> {
  const folder = join(root, 'out');
  if (!existsSync(folder)) return {};
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[path.slice(root.length)] = namesOnly ? '' : normal(readFileSync(path, 'utf8'), root, entry.name);
  }
  return files;
}

function normal(text: string, root: string, name: string): string {
  const local = text.replaceAll(root, '<root>');
  return name === 'output_metadata.json' ? canonicalJson(JSON.parse(local)) : local;
}

function describeEnd({ code, files }: End): string {
  return canonicalJson({ code, files });
}
