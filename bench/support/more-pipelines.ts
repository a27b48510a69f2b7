import type { PipelineDocument, TaskSpec } from '../../src/ir/spec.ts';
import { NO_IO, container, dag, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';

/** A lightweight Python component as the kfp SDK compiles it, without the line that installs the SDK. */
const SOURCE =
  '\nimport kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\ndef nothing() -> int:\n    return 1\n\n';
const BOOT =
  '\nprogram_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"\n';

/** `length` lightweight Python steps, one after the other. */
export function pythonSteps(length: number): PipelineDocument {
  const tasks: Record<string, TaskSpec> = {};
  for (let index = 0; index < length; index += 1) {
    tasks[`step-${index}`] = task('comp-nothing', { dependentTasks: index === 0 ? [] : [`step-${index - 1}`] });
  }
  return pipelineDocument(
    dag(tasks),
    { 'comp-nothing': step('exec-nothing', { outputs: { Output: { parameterType: 'NUMBER_INTEGER' } } }) },
    { 'exec-nothing': container(['sh', '-ec', BOOT, SOURCE], ['--executor_input', '{{$}}', '--function_to_execute', 'nothing']) },
    'bench-python',
  );
}

/** A step that makes a file of `bytes` (allocated, not written: making it is not what is measured) and one that reads its size. */
export function bigArtifact(bytes: number): PipelineDocument {
  const artifact = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };
  return pipelineDocument(
    dag({
      make: task('comp-make'),
      use: task('comp-use', {
        dependentTasks: ['make'],
        inputs: { parameters: {}, artifacts: { data: { kind: 'taskOutput', producerTask: 'make', outputArtifactKey: 'data' } } },
      }),
    }),
    {
      'comp-make': {
        ...NO_IO,
        outputDefinitions: { parameters: {}, artifacts: { data: { ...artifact, metadata: {}, isArtifactList: false } } },
        executorLabel: 'exec-make',
      },
      'comp-use': {
        ...NO_IO,
        inputDefinitions: { parameters: {}, artifacts: { data: { ...artifact, isArtifactList: false, isOptional: false } } },
        executorLabel: 'exec-use',
      },
    },
    {
      'exec-make': container([
        'sh',
        '-c',
        `fallocate -l ${bytes} "$0" || truncate -s ${bytes} "$0"`,
        "{{$.outputs.artifacts['data'].path}}",
      ]),
      'exec-use': container(['sh', '-c', `test "$(stat -c %s "$0")" = ${bytes}`, "{{$.inputs.artifacts['data'].path}}"]),
    },
    'bench-hand-off',
  );
}
