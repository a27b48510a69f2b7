import { producerOf } from '../sdk/channel-ref.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';
import { scopePath, type TaskNode } from '../sdk/trace.ts';
import { refsIn } from './constants.ts';
import type { PlacedProblems } from './placed-problems.ts';

/** Rules about the pipeline as a whole that are not about a single value. */
export function checkStructure({ trace, outputs, inputs, config }: PipelineDefinition, problems: PlacedProblems): void {
  const { root, tasks } = trace;
  if (root.tasks.length === 0 && root.scopes.length === 0)
    problems.add(root.place, `the pipeline "${root.name}" has no tasks`, 'call a component inside its function');
  for (const name of Object.keys(inputs))
    if (name === 'Output')
      problems.add(root.place, 'an input cannot be called "Output"', 'the name is used for the output of a component with one');
  for (const [name, ref] of Object.entries(outputs)) {
    if (ref.kind === 'input' || ref.kind === 'item' || ref.kind === 'field')
      problems.add(root.place, `the output "${name}" of ${root.name} is an input of it`, 'return outputs of tasks');
  }
  for (const task of tasks.values()) checkTask(task, Object.hasOwn(config, 'workspace'), problems);
}

function checkTask(task: TaskNode, hasWorkspace: boolean, problems: PlacedProblems): void {
  const { definition, settings, place, scope } = task;
  const isExitTask = scope === undefined;
  const takesStatus = Object.values(definition.inputs).some(
    ({ type }) => type.kind === 'parameter' && type.parameterType === 'TASK_FINAL_STATUS',
  );
  if (takesStatus && !isExitTask && !settings.ignoresUpstreamFailure)
    problems.add(
      place,
      `${task.name} takes a final status, which only exit tasks and tasks that ignore upstream failures are given`,
      'use exitHandler(task, …) or .ignoreUpstreamFailure()',
    );
  const producers = refsIn([task.arguments, settings.platform, settings.resources, settings.image]).map(producerOf);
  if (isExitTask && (settings.after.length > 0 || producers.some((producer) => producer !== undefined)))
    problems.add(
      place,
      `the exit task ${task.name} may not wait for other tasks or use their outputs`,
      'it runs however they end; give it inputs of the pipeline and constants',
    );
  const { implementation } = definition;
  if (implementation.kind === 'importer' && implementation.downloadToWorkspace && !hasWorkspace)
    problems.add(
      place,
      `${task.name} downloads to the workspace, which the pipeline does not have`,
      "add workspace: { size: '10Gi' } to the pipeline",
    );
  if (settings.retry !== undefined && (!Number.isInteger(settings.retry.limit) || settings.retry.limit < 0))
    problems.add(place, `the number of retries of ${task.name} must be a whole number from 0 on, not ${settings.retry.limit}`);
  checkPassthroughs(task, problems);
  if (scopePath(scope).filter(({ kind }) => kind === 'exit-handler').length > 1)
    problems.add(place, 'exit handlers cannot be inside each other');
}

/** Settings that would go nowhere: the component takes the task's settings as an input, but not this one. */
function checkPassthroughs({ definition, settings, name, place }: TaskNode, problems: PlacedProblems): void {
  if (definition.passthroughs.length === 0) return;
  const used: readonly (readonly [string, boolean])[] = [
    ['RESOURCES', Object.keys(settings.resources).length > 0],
    ['ENV', Object.keys(settings.env).length > 0],
    ['KUBERNETES_TOLERATIONS', 'tolerations' in settings.platform],
    ['KUBERNETES_NODE_SELECTOR', 'nodeSelector' in settings.platform],
    ['KUBERNETES_AFFINITY', 'nodeAffinity' in settings.platform || 'podAffinity' in settings.platform],
    ['KUBERNETES_VOLUMES', 'pvcMount' in settings.platform || 'secretAsVolume' in settings.platform],
  ];
  for (const [field, isUsed] of used)
    if (isUsed && !definition.passthroughs.some((passthrough) => passthrough.field === field))
      problems.add(
        place,
        `${name} is given ${field}, which its component does not pass through`,
        'add it to taskConfigPassthroughs',
      );
}
