import type { ComponentSpec, ExecutorSpec } from '../ir/spec.ts';
import type { ComponentDefinition } from '../sdk/component-definition.ts';
import type { TaskNode } from '../sdk/trace.ts';
import { inputDefinitions, outputDefinitions } from './port-definitions.ts';
import { type Fragment, mergeFragment, type SpecParts } from './spec-parts.ts';
import type { TaskWiring } from './task-inputs.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';

/** The component a task refers to; its executor and what it refers to are added to the parts. */
export function buildComponent(
  task: TaskNode,
  wiring: TaskWiring,
  parts: SpecParts,
  compileNested: (pipeline: PipelineDefinition) => Fragment,
): ComponentSpec {
  const { definition } = task;
  const { implementation } = definition;
  const label = `exec-${task.name}`;
  switch (implementation.kind) {
    case 'pipeline':
      return mergeFragment(parts, compileNested(implementation.pipeline));
    case 'loaded': {
      const { fragment } = implementation;
      if (fragment.executor === undefined)
        return mergeFragment(parts, { ...fragment, root: fragment.component, platform: fragment.platform.executors });
      const executorLabel = parts.addExecutor(label, withSettings(fragment.executor, task, wiring));
      const own = fragment.platform.executors[fragment.component.executorLabel ?? ''] ?? {};
      parts.addPlatform(executorLabel, { ...own, ...wiring.platform });
      return { ...fragment.component, executorLabel };
    }
    case 'importer': {
      const { uri, artifactType: typeSchema, metadata, reimport, downloadToWorkspace } = implementation;
      const artifactUri =
        uri === undefined ? { kind: 'runtimeParameter' as const, name: 'uri' } : { kind: 'constant' as const, value: uri };
      const importer = { artifactUri, typeSchema, metadata, reimport, downloadToWorkspace };
      return leaf(definition, parts.addExecutor(label, { kind: 'importer', importer }));
    }
    case 'container': {
      const { image, command, args, env } = implementation;
      const container = { image, command, args, env: Object.entries(env).map(([name, value]) => ({ name, value })) };
      const executorLabel = parts.addExecutor(label, withSettings({ kind: 'container', container }, task, wiring));
      parts.addPlatform(executorLabel, wiring.platform);
      return leaf(definition, executorLabel);
    }
  }
}

function leaf({ inputs, outputs, passthroughs }: ComponentDefinition, executorLabel: string): ComponentSpec {
  return {
    inputDefinitions: inputDefinitions(inputs),
    outputDefinitions: outputDefinitions(outputs),
    executorLabel,
    taskConfigPassthroughs: passthroughs,
  };
}

function withSettings(executor: ExecutorSpec, task: TaskNode, { image, resources }: TaskWiring): ExecutorSpec {
  if (executor.kind !== 'container') return executor;
  const { container } = executor;
  const variables = new Map(container.env.map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(task.settings.env)) variables.set(name, value);
  return {
    kind: 'container',
    container: {
      ...container,
      image: image ?? container.image,
      env: [...variables].map(([name, value]) => ({ name, value })),
      ...(resources === undefined ? {} : { resources: { ...container.resources, ...resources } }),
    },
  };
}
