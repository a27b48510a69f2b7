import { planPipeline, VOLUME_IMAGES } from '../engine/plan-pipeline.ts';
import type { Plan, PlanTask, ScopeTemplate, Template } from '../engine/plan.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type { PipelineDocument, ResourceSpec } from '../ir/spec.ts';
import type { TaskKind } from '../model/run.ts';

/** A pipeline as scopes of tasks, with nothing expanded: what a graph of it is drawn from. */
export interface PipelineGraph {
  readonly pipelineName: string;
  readonly scopes: readonly GraphScope[];
  readonly isTruncated: boolean;
}

export interface GraphScope {
  /** `/` is the root; `/for-loop-1` has no iteration number. */
  readonly path: string;
  readonly tasks: readonly GraphTask[];
}

export interface GraphTask {
  readonly key: string;
  readonly displayName: string;
  readonly path: string;
  readonly kind: TaskKind;
  /** Path of the scope it opens. */
  readonly scope?: string;
  /** Keys of tasks of the same scope. */
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  readonly isExit: boolean;
  readonly component: string;
  readonly image?: string;
  readonly command: readonly string[];
  readonly resources?: ResourceSpec;
  readonly maxRetries: number;
  readonly isCacheEnabled: boolean;
  readonly parallelism: number;
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
}

export interface GraphPort {
  readonly name: string;
  readonly type: string;
  readonly isArtifact: boolean;
  /** `task.output` of the same scope, or the name of an input of the scope. */
  readonly from?: string;
}

/** A component that is used in a hundred places is drawn a hundred times; this bounds what that can become. */
const MAX_TASKS = 20_000;

export function pipelineGraph(document: PipelineDocument): PipelineGraph {
  const plan = planPipeline(document);
  const scopes: GraphScope[] = [];
  let count = 0;
  let isTruncated = false;
  const add = (template: ScopeTemplate, path: string): void => {
    if (count + template.tasks.length > MAX_TASKS) {
      isTruncated = true;
      return;
    }
    count += template.tasks.length;
    const tasks = template.tasks.map((task) => graphTask(plan, template, task, path));
    scopes.push({ path, tasks });
    template.tasks.forEach((task, at) => {
      const inner = plan.templates.get(task.template);
      if (inner?.kind === 'scope') add(inner, tasks[at]!.path);
    });
  };
  add(plan.root, '/');
  return { pipelineName: plan.pipelineName, scopes, isTruncated };
}

function graphTask(plan: Plan, scope: ScopeTemplate, task: PlanTask, path: string): GraphTask {
  const template = plan.templates.get(task.template)!;
  const own = `${path === '/' ? '' : path}/${task.key}`;
  const container = template.kind === 'container' ? template.container : undefined;
  return {
    key: task.key,
    displayName: task.displayName,
    path: own,
    kind: kindOf(task, template),
    ...(template.kind === 'scope' ? { scope: own } : {}),
    dependsOn: task.dependencies.map((index) => scope.tasks[index]!.key),
    ...(task.condition === undefined ? {} : { condition: task.condition }),
    isExit: task.trigger === 'completed',
    component: task.template,
    ...(container ? { image: container.image } : {}),
    command: container ? [...container.command, ...container.args] : [],
    ...(container?.resources ? { resources: container.resources } : {}),
    maxRetries: task.retry?.maxRetryCount ?? 0,
    isCacheEnabled: task.cache.enabled,
    parallelism: task.loop?.parallelismLimit ?? 0,
    inputs: inputPorts(task, template),
    outputs: outputPorts(template),
  };
}

function kindOf(task: PlanTask, template: Template): TaskKind {
  if (task.loop) return 'loop';
  if (template.kind === 'scope') return 'dag';
  if (template.kind === 'container') return VOLUME_IMAGES.has(template.container.image) ? 'volume' : 'container';
  return template.kind;
}

function inputPorts({ inputs }: PlanTask, template: Template): readonly GraphPort[] {
  const parameters = Object.entries(inputs.parameters).map(([name, source]): GraphPort => {
    const type = template.inputs.parameters[name]?.parameterType ?? '';
    const from =
      source.kind === 'taskOutput'
        ? `${source.producerTask}.${source.outputParameterKey}`
        : source.kind === 'componentInput'
          ? source.name
          : undefined;
    return { name, type, isArtifact: false, ...(from === undefined ? {} : { from }) };
  });
  const artifacts = Object.entries(inputs.artifacts).map(([name, source]): GraphPort => {
    const type = artifactTypeName(template.inputs.artifacts[name]?.artifactType ?? {});
    const from = source.kind === 'taskOutput' ? `${source.producerTask}.${source.outputArtifactKey}` : source.name;
    return { name, type, isArtifact: true, from };
  });
  return [...parameters, ...artifacts];
}

function outputPorts({ outputs }: Template): readonly GraphPort[] {
  return [
    ...Object.entries(outputs.parameters).map(([name, { parameterType }]) => ({ name, type: parameterType, isArtifact: false })),
    ...Object.entries(outputs.artifacts).map(([name, { artifactType }]) => ({
      name,
      type: artifactTypeName(artifactType),
      isArtifact: true,
    })),
  ];
}
