/**
 * The plan: what the engine runs. Every front door (KFP's IR today, Argo Workflow manifests later) is read into this small
 * algebra, and nothing behind the readers knows where a pipeline came from. Plans are data; nothing is expanded here: scopes,
 * loops and sub-pipelines become task instances only when a run reaches them (see decide.ts).
 */
import type { JsonObject } from '../base/json.ts';
import type {
  ArtifactSource,
  ArtifactSelector,
  ComponentSpec,
  ContainerSpec,
  DagOutputParameter,
  ImporterSpec,
  ParameterSource,
  ResolverSpec,
  RetryPolicy,
  TaskIterator,
} from '../ir/spec.ts';

export interface Plan {
  readonly pipelineName: string;
  readonly root: ScopeTemplate;
  /** By name; a template may be used by many tasks, and (in Argo) by itself. */
  readonly templates: ReadonlyMap<string, Template>;
  /** The run is failed when it takes longer than this. */
  readonly timeoutMs?: number;
  readonly hasWorkspace: boolean;
}

/** What a task can be. A closed set: adding a kind means adding a case to every switch over it. */
export type Template = ScopeTemplate | ContainerTemplate | ImporterTemplate | ResolverTemplate | SuspendTemplate;

interface TemplateBase {
  readonly name: string;
  readonly inputs: ComponentSpec['inputDefinitions'];
  readonly outputs: ComponentSpec['outputDefinitions'];
}

/** A DAG: tasks with dependencies. Sub-pipelines, condition groups, loop bodies and exit scopes are all scopes. */
export interface ScopeTemplate extends TemplateBase {
  readonly kind: 'scope';
  readonly tasks: readonly PlanTask[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly scopeOutputs: {
    readonly parameters: Readonly<Record<string, DagOutputParameter>>;
    readonly artifacts: Readonly<Record<string, { readonly artifactSelectors: readonly ArtifactSelector[] }>>;
  };
}

/** A step: a program with arguments, in an image where the executor has images. Scripts and volume operations are steps too. */
export interface ContainerTemplate extends TemplateBase {
  readonly kind: 'container';
  readonly executorLabel: string;
  readonly container: ContainerSpec;
  readonly platform: JsonObject;
  readonly taskConfigPassthroughs: ComponentSpec['taskConfigPassthroughs'];
}

export interface ImporterTemplate extends TemplateBase {
  readonly kind: 'importer';
  readonly importer: ImporterSpec;
}

export interface ResolverTemplate extends TemplateBase {
  readonly kind: 'resolver';
  readonly resolver: ResolverSpec;
}

/** Waits for a person's approval. */
export interface SuspendTemplate extends TemplateBase {
  readonly kind: 'suspend';
}

export interface PlanTask {
  /** Position in the scope's `tasks`, which are in topological order. */
  readonly index: number;
  readonly key: string;
  readonly displayName: string;
  readonly template: string;
  readonly inputs: {
    readonly parameters: Readonly<Record<string, ParameterSource>>;
    readonly artifacts: Readonly<Record<string, ArtifactSource>>;
  };
  /** Indexes of the tasks that must be final before this one is looked at, and of those that wait for this one. */
  readonly dependencies: readonly number[];
  readonly dependents: readonly number[];
  /** `succeeded`: every dependency must have succeeded; `completed`: their result does not matter (exit tasks). */
  readonly trigger: 'succeeded' | 'completed';
  /** CEL text over the task's own inputs; false skips the task. */
  readonly condition?: string;
  readonly loop?: TaskIterator;
  /** Absent: the policy of the nearest enclosing task that has one. */
  readonly retry?: RetryPolicy;
  readonly cache: { readonly enabled: boolean; readonly key?: string };
}
