import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognisePipProgram, recognisePythonStep } from './recognise.ts';

const CHECK = `
if ! [ -x "$(command -v pip)" ]; then
    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip
fi

PIP_DISABLE_PIP_VERSION_CHECK=1 `;
const VENV = `
export PIP_DISABLE_PIP_VERSION_CHECK=1
tmp=$(mktemp -d)
python3 -m venv "$tmp/venv" --system-site-packages
. "$tmp/venv/bin/activate"
`;
const PIP = 'python3 -m pip install --quiet --no-warn-script-location';
const KFP = `${PIP} 'kfp==2.14.3' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"'`;
const RUN = ' && "$0" "$@"\n';
const boot = (start: string) => `program_path=$(mktemp -d)

printf "%s" "$0" > "$program_path/ephemeral_component.py"
${start}                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"
`;
const MODERN = ['sh', '-ec', boot('_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main'), 'def f(): pass\n'];
const ARGS = ['--executor_input', '{"outputs":{}}', '--function_to_execute', 'f'];

const UNDERSTOOD = [
  { title: 'SDK 2.3 and newer', script: `${CHECK}${KFP}${RUN}`, pip: { kfpRequirement: 'kfp==2.14.3', kfpNoDeps: true } },
  {
    title: 'user packages before kfp',
    script: `${CHECK}${PIP} 'yapf' 'numpy<2'  &&  ${KFP}${RUN}`,
    pip: { requirements: ['yapf', 'numpy<2'], kfpRequirement: 'kfp==2.14.3' },
  },
  {
    title: 'kfp before user packages',
    script: `${CHECK}${KFP}  &&  ${PIP} 'yapf'${RUN}`,
    pip: { requirements: ['yapf'], kfpNoDeps: true },
  },
  {
    title: 'SDK 2.0 in one command, with dependencies',
    script: `${CHECK}python3 -m pip install --quiet     --no-warn-script-location 'yapf' 'kfp==2.0.1'${RUN}`,
    pip: { requirements: ['yapf'], kfpRequirement: 'kfp==2.0.1', kfpNoDeps: false },
  },
  {
    title: 'indexes and trusted hosts',
    script: `${CHECK}${PIP} --index-url https://a/simple --extra-index-url https://b/simple --trusted-host a 'kfp==2.1.3'${RUN}`,
    pip: { indexUrls: ['https://a/simple'], extraIndexUrls: ['https://b/simple'], trustedHosts: ['a'] },
  },
  {
    title: 'a virtual environment before kfp',
    script: `${CHECK}${PIP} 'yapf'  &&  ${VENV} ${KFP}${RUN}`,
    pip: { requirements: ['yapf'] },
    useVenv: true,
  },
  {
    title: 'a virtual environment first',
    script: `${CHECK}${VENV} ${KFP}  &&  ${PIP} 'yapf'${RUN}`,
    pip: { requirements: ['yapf'] },
    useVenv: true,
  },
  { title: 'no kfp', script: `${CHECK}${PIP} 'pandas'${RUN}`, pip: { requirements: ['pandas'] } },
  {
    title: 'an extension of kfp is a user package',
    script: `${CHECK}${PIP} 'kfp-kubernetes'${RUN}`,
    pip: { requirements: ['kfp-kubernetes'] },
  },
  {
    title: 'kfp from a repository',
    script: `${CHECK}${PIP} 'git+https://h/p.git@main#subdirectory=sdk/python'${RUN}`,
    pip: { requirements: [], kfpRequirement: 'git+https://h/p.git@main#subdirectory=sdk/python' },
  },
  {
    title: 'SDK 1.8',
    script: `(python3 -m ensurepip || python3 -m ensurepip --user) && (PIP_DISABLE_PIP_VERSION_CHECK=1 ${PIP} 'kfp==1.8.0' || PIP_DISABLE_PIP_VERSION_CHECK=1 ${PIP} 'kfp==1.8.0' --user)${RUN}`,
    pip: { kfpRequirement: 'kfp==1.8.0' },
  },
] as const;

for (const { title, script, pip, ...rest } of UNDERSTOOD) {
  test(`a pip script is understood: ${title}`, () => {
    const step = recognisePythonStep(['sh', '-c', script, ...MODERN], ARGS);
    assert.ok(step);
    assert.deepEqual({ ...step.pip, ...pip }, step.pip);
    assert.equal(step.useVenv, 'useVenv' in rest);
    assert.deepEqual([step.functionName, step.executorInput, step.source], ['f', '{"outputs":{}}', 'def f(): pass\n']);
  });
}

const NOT_UNDERSTOOD = [
  { title: 'a command of the user in between', script: `${CHECK}${PIP} 'yapf' && curl x && ${KFP}${RUN}` },
  { title: 'an expansion in a requirement', script: `${CHECK}${PIP} "yapf$(date)" && ${KFP}${RUN}` },
  { title: 'an option a plan cannot express', script: `${CHECK}${PIP} --target /x 'yapf'${RUN}` },
  { title: 'different indexes for the two parts', script: `${CHECK}${PIP} --index-url https://a 'yapf' && ${KFP}${RUN}` },
  { title: 'no call of the program', script: `${CHECK}${KFP}\n` },
  { title: 'a redirection', script: `${CHECK}${KFP} > /dev/null${RUN}` },
  { title: 'a quote that does not close', script: `${CHECK}${PIP} 'yapf${RUN}` },
];

for (const { title, script } of NOT_UNDERSTOOD) {
  test(`a command is left as it is: ${title}`, () => {
    assert.equal(recognisePythonStep(['sh', '-c', script, ...MODERN], ARGS), undefined);
    assert.equal(recognisePipProgram(['sh', '-c', script, 'python3', 'x.py'], []), undefined);
  });
}

test('the runtime modules of all SDK lines are recognised, with and without line continuations', () => {
  for (const start of [
    'python3 -m kfp.components.executor_main',
    'python3 -m kfp.v2.components.executor_main',
    '_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main \\\n',
  ]) {
    const step = recognisePythonStep(['sh', '-ec', boot(start), 'source'], ARGS);
    assert.equal(step?.module, /kfp\.\S+/.exec(start)![0]);
    assert.deepEqual(step.pip.requirements, []);
  }
});

test('a boot script that does more, or starts another module, is left as it is', () => {
  for (const script of [
    `${MODERN[2]}echo done\n`,
    boot('python3 -m kfp.other_main'),
    boot('python3 -m pdb -m kfp.dsl.executor_main'),
  ]) {
    assert.equal(recognisePythonStep(['sh', '-ec', script, 'source'], ARGS), undefined);
  }
});

test('a containerized component has no source', () => {
  const step = recognisePythonStep(['python3', '-m', 'kfp.dsl.executor_main'], ARGS);
  assert.deepEqual([step?.source, step?.functionName, step?.module], [undefined, 'f', 'kfp.dsl.executor_main']);
});

test('arguments the runtime ignores are kept, ambiguous ones make the command unknown', () => {
  assert.deepEqual(recognisePythonStep(MODERN, [...ARGS, '--more', '1'])?.extraArgs, ['--more', '1']);
  assert.equal(recognisePythonStep(MODERN, [...ARGS, '--executor_input', '{}']), undefined);
  assert.equal(recognisePythonStep(MODERN, ARGS.slice(0, 2)), undefined);
});

test('a program after a pip script is recognised with its packages', () => {
  const script = `(PIP_DISABLE_PIP_VERSION_CHECK=1 ${PIP} 'pandas==1' 'x' || PIP_DISABLE_PIP_VERSION_CHECK=1 ${PIP} 'pandas==1' 'x' --user) && "$0" "$@"`;
  const program = recognisePipProgram(['sh', '-c', script, 'python3', '-u', '-c', 'print()'], ['--a', 'b']);
  assert.deepEqual(program?.argv, ['python3', '-u', '-c', 'print()', '--a', 'b']);
  assert.deepEqual(program.pip.requirements, ['pandas==1', 'x']);
});
