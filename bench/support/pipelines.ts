/** The pipelines that are measured, built in memory: what is timed is running them. */
import type { PipelineDocument } from '../../src/ir/spec.ts';
import { container, dag, param, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import type { TaskSpec } from '../../src/ir/spec.ts';

const OUT = "{{$.outputs.parameters['out'].output_file}}";

/** A loop over `width` items, each a process that writes one small output, and a join that reads them all. */
export function fanOut(width: number, noop: string, { cached = false }: { readonly cached?: boolean } = {}): PipelineDocument {
  const items = Array.from({ length: width }, (_, index) => index);
  const root = dag({
    fan: task('comp-noop', {
      caching: { enabled: cached },
      iterator: { kind: 'parameter', items: { kind: 'raw', items }, itemInput: 'item', parallelismLimit: 0 },
    }),
    join: task('comp-join', {
      caching: { enabled: cached },
      dependentTasks: ['fan'],
      inputs: { parameters: { results: { kind: 'taskOutput', producerTask: 'fan', outputParameterKey: 'out' } }, artifacts: {} },
    }),
  });
  return pipelineDocument(
    root,
    {
      'comp-noop': step('exec-noop', {
        inputs: { item: param('NUMBER_INTEGER') },
        outputs: { out: { parameterType: 'NUMBER_INTEGER' } },
      }),
      'comp-join': step('exec-join', {
        inputs: { results: param('LIST') },
        outputs: { out: { parameterType: 'NUMBER_INTEGER' } },
      }),
    },
    {
      'exec-noop': container([noop], ["{{$.inputs.parameters['item']}}", OUT]),
      'exec-join': container(
        ['sh', '-c', 'printf %s "$0" | tr -cd , | wc -c > "$1"'],
        ["{{$.inputs.parameters['results']}}", OUT],
      ),
    },
    `bench-fan-out-${width}`,
  );
}

/** `length` steps, each reading what the one before it wrote. */
export function chain(length: number, noop: string, { cached = false }: { readonly cached?: boolean } = {}): PipelineDocument {
  const tasks: Record<string, TaskSpec> = {};
  for (let index = 0; index < length; index += 1) {
    tasks[`step-${index}`] = task('comp-noop', {
      caching: { enabled: cached },
      dependentTasks: index === 0 ? [] : [`step-${index - 1}`],
      inputs: {
        parameters: {
          position: { kind: 'constant', value: index },
          item:
            index === 0
              ? { kind: 'constant', value: 1 }
              : { kind: 'taskOutput', producerTask: `step-${index - 1}`, outputParameterKey: 'out' },
        },
        artifacts: {},
      },
    });
  }
  return pipelineDocument(
    dag(tasks),
    {
      'comp-noop': step('exec-noop', {
        inputs: { item: param('NUMBER_INTEGER'), position: param('NUMBER_INTEGER') },
        outputs: { out: { parameterType: 'NUMBER_INTEGER' } },
      }),
    },
    { 'exec-noop': container([noop], ["{{$.inputs.parameters['item']}}", OUT]) },
    `bench-chain-${length}`,
  );
}
