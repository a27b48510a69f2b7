/**
 * What a pipeline function does while it runs once at compile time: it makes tasks and opens scopes, which are recorded here.
 *
 * Owns the pipeline being traced. Tracing is synchronous and one at a time per pipeline function (a nested pipeline is traced
 * while its parent is not running), so that a plain stack is enough and user functions need no context argument.
 */
import type { Problem } from '../base/errors.ts';
import { ProductError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import type { Place } from './call-site.ts';
import type { ChannelRef } from './channel-ref.ts';
import type { ComponentDefinition } from './component-definition.ts';
import type { ConditionNode } from './condition.ts';
import type { TaskSettings } from './task-settings.ts';
import { UniqueNames } from './unique-names.ts';

/** A value given to a task; constants may hold channels and templates at any depth. */
export type ArgumentNode = unknown;

export interface TaskNode {
  readonly name: string;
  readonly definition: ComponentDefinition;
  readonly arguments: Readonly<Record<string, ArgumentNode>>;
  readonly place: Place;
  /** Set when the task is an exit task: it is in no scope. */
  scope: ScopeNode | undefined;
  settings: TaskSettings;
}

export type ScopeKind = 'pipeline' | 'condition' | 'condition-branches' | 'for-loop' | 'exit-handler';

export interface ScopeNode {
  readonly kind: ScopeKind;
  /** `for-loop-3`; the root has the pipeline's name. A first branch gets another number when a second one follows. */
  name: string;
  readonly displayName?: string;
  readonly parent: ScopeNode | undefined;
  readonly place: Place;
  readonly scopes: ScopeNode[];
  readonly tasks: TaskNode[];
  readonly condition?: ConditionNode;
  readonly loop?: LoopNode;
  readonly exitTask?: TaskNode;
  /** Number of `oneOf`s taken from a condition-branches scope. */
  oneOfs: number;
}

export interface LoopNode {
  readonly items:
    | { readonly kind: 'raw'; readonly items: readonly JsonValue[] }
    | { readonly kind: 'channel'; readonly ref: ChannelRef };
  /** The item as the loop's body sees it. */
  readonly item: ChannelRef;
  readonly parallelism: number;
}

export interface Trace {
  readonly root: ScopeNode;
  readonly tasks: Map<string, TaskNode>;
  readonly names: UniqueNames;
  readonly problems: TracedProblem[];
  nextId: number;
  current: ScopeNode;
}

export interface TracedProblem extends Pick<Problem, 'message' | 'hint' | 'severity'> {
  readonly place: Place;
}

const stack: Trace[] = [];

/** The pipeline being traced; a ProductError when code that makes tasks runs outside a pipeline function. */
export function currentTrace(what: string): Trace {
  const trace = stack.at(-1);
  if (trace !== undefined) return trace;
  throw new ProductError('INVALID_PIPELINE', `${what} can only be used inside the function of a pipeline`, {
    hint: "write pipeline({ name: 'my-pipeline' }, () => { … }) and use it there; the function may not be async",
  });
}

export function isTracing(): boolean {
  return stack.length > 0;
}

export function reportProblem(place: Place, message: string, hint?: string): void {
  currentTrace('this').problems.push({ place, message, ...(hint === undefined ? {} : { hint }) });
}

/** Runs a pipeline function and returns what it did. */
export function traced<Result>(
  name: string,
  place: Place,
  body: () => Result,
): { readonly trace: Trace; readonly result: Result } {
  const root: ScopeNode = { kind: 'pipeline', name, parent: undefined, place, scopes: [], tasks: [], oneOfs: 0 };
  const trace: Trace = { root, tasks: new Map(), names: new UniqueNames(), problems: [], nextId: 1, current: root };
  stack.push(trace);
  try {
    return { trace, result: body() };
  } finally {
    stack.pop();
  }
}

/** Runs `body` with the scope open: tasks made there belong to it. */
export function inScope<Result>(trace: Trace, scope: ScopeNode, body: () => Result): Result {
  const before = trace.current;
  trace.current = scope;
  try {
    return body();
  } finally {
    trace.current = before;
  }
}

export function openScope(trace: Trace, scope: Pick<ScopeNode, 'kind' | 'place'> & Partial<ScopeNode>): ScopeNode {
  const name = `${scope.kind}-${trace.nextId++}`;
  const opened: ScopeNode = { scopes: [], tasks: [], oneOfs: 0, name, ...scope, parent: scope.parent ?? trace.current };
  opened.parent!.scopes.push(opened);
  return opened;
}

/** From the outermost scope to the one given. */
export function scopePath(scope: ScopeNode | undefined): readonly ScopeNode[] {
  const path: ScopeNode[] = [];
  for (let at = scope; at !== undefined; at = at.parent) path.unshift(at);
  return path;
}
