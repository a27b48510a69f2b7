import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/json.ts';
import { resolvePlaceholders } from '../ir/placeholders.ts';
import { taskPlaceholders } from './task-placeholders.ts';
import type { ContainerTemplate } from './plan.ts';
import type { RunData, TaskInstance } from './run-data.ts';
import { mountedVolumes, usesWorkspace } from './platform.ts';

/**
 * The fingerprint of a step: SHA-256 (hex) over what it is and what it reads. KFP's (cacheutils/cache.go) plus the environment
 * and init containers: image, command and arguments as templates, environment, mounted volume names, input parameter values without
 * defaults, ids of input artifacts, declared outputs. With a custom cache key, the component's name and that key alone.
 */
export function cacheKeyOf(run: RunData, task: TaskInstance): string {
  const template = task.template as ContainerTemplate;
  const custom = task.planTask!.cache.key;
  if (custom) return sha256(`${task.planTask!.template}\0${custom}`);
  const inputs = task.inputs!;
  const artifactIds: Record<string, unknown> = {};
  for (const [name, list] of Object.entries(inputs.artifacts)) artifactIds[name] = { artifactNames: list.map(({ id }) => id) };
  const image = template.container.image.includes('{{$')
    ? resolvePlaceholders(template.container.image, taskPlaceholders(run, task, inputs))
    : template.container.image;
  const variable = canonicalJson({
    image,
    inputArtifactNames: artifactIds,
    inputParameterValues: inputs.parameters,
    pvcNames: mountedVolumes(run, task),
    workspaceOf: usesRunWorkspace(run, task) ? run.definition.runId : undefined,
  });
  return sha256(`${constantPart(template)}\n${variable}`);
}

/** A step that works in the run's workspace is bound to its run: another run's result is not its own. */
function usesRunWorkspace(run: RunData, task: TaskInstance): boolean {
  return run.plan.hasWorkspace && usesWorkspace(task);
}

const constantParts = new WeakMap<ContainerTemplate, string>();

/** What does not differ between tasks of one component is written once: ten thousand iterations share it. */
function constantPart(template: ContainerTemplate): string {
  let part = constantParts.get(template);
  if (part === undefined) {
    const { command, args, env } = template.container;
    const outputs = template.outputs;
    const initContainers = template.platform['initContainers'];
    part = sha256(
      canonicalJson({
        cmdArgs: [...command, ...args],
        env,
        // What they prepare is as much of the step as its own program.
        ...(initContainers === undefined ? {} : { initContainers }),
        outputArtifactsSpec: Object.fromEntries(
          Object.entries(outputs.artifacts).map(([name, { artifactType, metadata }]) => [
            name,
            { name, type: artifactType, metadata },
          ]),
        ),
        outputParametersSpec: Object.fromEntries(
          Object.entries(outputs.parameters).map(([name, { parameterType }]) => [name, parameterType]),
        ),
      }),
    );
    constantParts.set(template, part);
  }
  return part;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
