import type { Native } from '../api/operations.ts';
import { FRAME } from './layout/lay-out.ts';
import type { LayoutEdge, LayoutGraph, LayoutNode } from './layout/layout-graph.ts';

/** A node as it is drawn: a task, a folded or unfolded group, or an artifact between tasks. */
export interface ViewNode {
  readonly id: string;
  readonly kind: 'task' | 'group' | 'artifact';
  readonly label: string;
  /** Path without iteration numbers; of an artifact that of the task that writes it. */
  readonly path: string;
  readonly task: GraphTask;
  /** Of a group: its tasks, those in groups inside included, and whether it is shown unfolded. */
  readonly size: number;
  readonly isUnfolded: boolean;
  readonly depth: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export type Graph = Native<'Graph'>;
export type GraphTask = Native<'GraphTask'>;
export type GraphScope = Native<'GraphScope'>;

export interface GraphView {
  /** In the order of the pipeline; what is in an unfolded group follows it. */
  readonly nodes: ReadonlyMap<string, ViewNode>;
  readonly layoutGraph: LayoutGraph;
}

export interface ViewOptions {
  /** Path of the scope that is shown; `/` is the whole pipeline. */
  readonly root: string;
  readonly unfolded: ReadonlySet<string>;
  readonly hasArtifacts: boolean;
}

export const NODE = { width: 216, height: 58 } as const;
const CONDITION_HEIGHT = 20;
const ARTIFACT = { width: 168, height: 30 } as const;
/** Groups in groups deeper than this stay folded: a pipeline that contains itself has no end. */
const MAX_DEPTH = 12;

/** What is to be seen of a pipeline: its scopes from `root` on, those that are unfolded with what is in them. */
export function viewGraph(graph: Graph, options: ViewOptions): GraphView {
  const scopes = new Map((graph.scopes ?? []).map((scope) => [scope.path ?? '/', scope]));
  const nodes = new Map<string, ViewNode>();
  const sizes = new Map<string, number>();
  const layoutGraph = viewScope(scopes.get(options.root), { scopes, nodes, sizes, options, depth: 0 });
  return { nodes, layoutGraph };
}

interface Context {
  readonly scopes: ReadonlyMap<string, GraphScope>;
  readonly nodes: Map<string, ViewNode>;
  readonly sizes: Map<string, number>;
  readonly options: ViewOptions;
  readonly depth: number;
}

function viewScope(scope: GraphScope | undefined, context: Context): LayoutGraph {
  const tasks = scope?.tasks ?? [];
  const drafts = tasks.map((task) => draftOf(task, context));
  const byKey = new Map(tasks.map((task, index) => [task.key ?? '', index]));
  const pairs: [string, string][] = [];
  const artifacts = context.options.hasArtifacts
    ? artifactDrafts(tasks, drafts, byKey, context.depth)
    : { drafts: [], pairs: [] };
  const isCovered = new Set(artifacts.pairs.map(([from, to]) => `${from}>${to}`));
  const feeds = new Set(artifacts.drafts.map(({ draft }) => draft.path));
  for (const [index, task] of tasks.entries()) {
    for (const key of task.depends_on ?? []) {
      const from = byKey.get(key);
      if (from === undefined) continue;
      const isThroughArtifact =
        feeds.has(drafts[from]!.path) &&
        artifacts.drafts.some(
          ({ draft }) => draft.path === drafts[from]!.path && isCovered.has(`${draft.id}>${drafts[index]!.id}`),
        );
      if (!isThroughArtifact) pairs.push([drafts[from]!.id, drafts[index]!.id]);
    }
  }
  pairs.push(...artifacts.pairs);
  return assemble([...drafts.map((draft) => ({ draft, after: undefined })), ...artifacts.drafts], pairs, context);
}

type Draft = Omit<ViewNode, 'before' | 'after'>;

function draftOf(task: GraphTask, { scopes, sizes, options, depth }: Context): Draft {
  const path = task.path ?? '';
  const isGroup = task.scope !== undefined;
  return {
    id: path,
    kind: isGroup ? 'group' : 'task',
    label: task.display_name ?? task.key ?? path,
    path,
    task,
    size: isGroup ? countTasks(task.scope!, scopes, sizes, 0) : 1,
    isUnfolded: isGroup && depth < MAX_DEPTH && options.unfolded.has(path),
    depth,
  };
}

function countTasks(path: string, scopes: Context['scopes'], sizes: Map<string, number>, depth: number): number {
  const known = sizes.get(path);
  if (known !== undefined) return known;
  if (depth > MAX_DEPTH) return 1;
  let size = 0;
  for (const task of scopes.get(path)?.tasks ?? []) {
    size += task.scope === undefined ? 1 : countTasks(task.scope, scopes, sizes, depth + 1);
  }
  sizes.set(path, size);
  return size;
}

interface ArtifactDrafts {
  readonly drafts: readonly { readonly draft: Draft; readonly after: string }[];
  readonly pairs: readonly [string, string][];
}

/** Every artifact that a task of the scope writes, between it and the tasks that read it. */
function artifactDrafts(
  tasks: readonly GraphTask[],
  drafts: readonly Draft[],
  byKey: ReadonlyMap<string, number>,
  depth: number,
): ArtifactDrafts {
  const made: { draft: Draft; after: string }[] = [];
  const pairs: [string, string][] = [];
  const idOf = new Map<string, string>();
  for (const [index, task] of tasks.entries()) {
    for (const port of task.outputs ?? []) {
      if (!port.is_artifact) continue;
      const id = `${drafts[index]!.id}#${port.name}`;
      idOf.set(`${task.key}.${port.name}`, id);
      const draft: Draft = {
        id,
        kind: 'artifact',
        label: port.name ?? '',
        path: drafts[index]!.path,
        task,
        size: 1,
        isUnfolded: false,
        depth,
      };
      made.push({ draft, after: drafts[index]!.id });
      pairs.push([drafts[index]!.id, id]);
    }
  }
  for (const [index, task] of tasks.entries()) {
    for (const port of task.inputs ?? []) {
      const id = port.is_artifact ? idOf.get(port.from ?? '') : undefined;
      if (id !== undefined && byKey.has((port.from ?? '').split('.')[0]!)) pairs.push([id, drafts[index]!.id]);
    }
  }
  return { drafts: made, pairs };
}

function assemble(
  drafts: readonly { readonly draft: Draft; readonly after: string | undefined }[],
  pairs: readonly (readonly [string, string])[],
  context: Context,
): LayoutGraph {
  const index = new Map(drafts.map(({ draft }, at) => [draft.id, at]));
  const before: string[][] = drafts.map(() => []);
  const after: string[][] = drafts.map(() => []);
  const edges: LayoutEdge[] = [];
  for (const [from, to] of pairs) {
    const [source, target] = [index.get(from)!, index.get(to)!];
    edges.push([source, target]);
    after[source]!.push(to);
    before[target]!.push(from);
  }
  const layoutNodes = drafts.map(({ draft }, at): LayoutNode => {
    context.nodes.set(draft.id, { ...draft, before: before[at]!, after: after[at]! });
    const inner = draft.isUnfolded
      ? viewScope(context.scopes.get(draft.task.scope!), { ...context, depth: context.depth + 1 })
      : undefined;
    const header = FRAME.header + (draft.task.condition === undefined ? 0 : CONDITION_HEIGHT);
    return { id: draft.id, ...sizeOf(draft), ...(inner ? { inner, header } : {}) };
  });
  return { nodes: layoutNodes, edges };
}

function sizeOf({ kind, task }: Draft): { readonly width: number; readonly height: number } {
  if (kind === 'artifact') return ARTIFACT;
  return task.condition === undefined ? NODE : { width: NODE.width, height: NODE.height + CONDITION_HEIGHT };
}

/** Paths of the scopes around a scope, the whole pipeline first: what breadcrumbs show. */
export function scopesAround(graph: Graph, root: string): readonly { readonly path: string; readonly label: string }[] {
  const trail = [{ path: '/', label: graph.pipeline_name ?? 'pipeline' }];
  const opener = new Map(
    (graph.scopes ?? []).flatMap((scope) => (scope.tasks ?? []).map((task) => [task.scope ?? '', task] as const)),
  );
  const parts = root.split('/').filter(Boolean);
  parts.forEach((part, at) => {
    const path = `/${parts.slice(0, at + 1).join('/')}`;
    trail.push({ path, label: opener.get(path)?.display_name ?? part });
  });
  return trail;
}
