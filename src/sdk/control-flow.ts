import type { JsonValue } from '../base/json.ts';
import { Place } from './call-site.ts';
import { type AnyChannel, ArtifactChannel, ArtifactListChannel, Channel, channelOf, isChannel } from './channel.ts';
import type { ChannelRef } from './channel-ref.ts';
import { conditionNode, type Question } from './combine-conditions.ts';
import type { ConditionNode } from './condition.ts';
import type { Outputs } from './port-values.ts';
import { elementType, isAssignable, portTypeText, type PortType, typeOfValue } from './port-types.ts';
import type { Task } from './task.ts';
import { currentTrace, inScope, openScope, reportProblem, type ScopeNode, type Trace } from './trace.ts';

/** Channels a branch or a loop's body gives back: one, or several by name. */
export type Given = AnyChannel | Readonly<Record<string, AnyChannel>> | void;

interface ScopeOptions {
  /** The name shown to people. */
  readonly name?: string;
}

/** Branches with an `otherwise`: exactly one of them runs. */
export interface ClosedBranches<Result> {
  readonly branches: ScopeNode;
  readonly results: readonly { readonly scope: ScopeNode; readonly result: Result }[];
}

/** Branches that may all be skipped. */
export interface OpenBranches<Result> {
  elseWhen<Next>(condition: Question, body: () => Next, options?: ScopeOptions): OpenBranches<Result | Next>;
  otherwise<Next>(body: () => Next, options?: ScopeOptions): ClosedBranches<Result | Next>;
}

/** Runs the tasks of `body` only if the condition holds. */
export function when<Result>(condition: Question, body: () => Result, options: ScopeOptions = {}): OpenBranches<Result> {
  const trace = currentTrace('when');
  const node = conditionNode(condition);
  const first = openCondition(trace, node, options, trace.current);
  const result = inScope(trace, first, body);
  return openBranches(trace, { scopes: [first], nodes: [node], results: [{ scope: first, result }], branches: undefined });
}

interface BranchState<Result> {
  readonly scopes: readonly ScopeNode[];
  readonly nodes: readonly ConditionNode[];
  readonly results: readonly { readonly scope: ScopeNode; readonly result: Result }[];
  readonly branches: ScopeNode | undefined;
}

function openBranches<Result>(trace: Trace, state: BranchState<Result>): OpenBranches<Result> {
  const add = <Next>(own: ConditionNode | undefined, body: () => Next, options: ScopeOptions) => {
    const branches = state.branches ?? insertBranches(trace, state.scopes[0]!);
    const before = state.nodes.map((of): ConditionNode => ({ kind: 'not', of }));
    const node: ConditionNode = { kind: 'all', of: own === undefined ? before : [...before, own] };
    const scope = openCondition(trace, node, options, branches);
    const result = inScope(trace, scope, body);
    const results: readonly { readonly scope: ScopeNode; readonly result: Result | Next }[] = [
      ...state.results,
      { scope, result },
    ];
    return {
      scopes: [...state.scopes, scope],
      nodes: own === undefined ? state.nodes : [...state.nodes, own],
      results,
      branches,
    };
  };
  return {
    elseWhen: (condition, body, options = {}) => openBranches(trace, add(conditionNode(condition), body, options)),
    otherwise: (body, options = {}) => {
      const { branches, results } = add(undefined, body, options);
      return { branches, results };
    },
  };
}

/** A second branch makes a group of the first: the group takes over its place and number, as in KFP's compiler. */
function insertBranches(trace: Trace, first: ScopeNode): ScopeNode {
  const parent = first.parent!;
  parent.scopes.splice(parent.scopes.indexOf(first), 1);
  const branches = openScope(trace, { kind: 'condition-branches', place: first.place, parent });
  (first as { parent: ScopeNode }).parent = branches;
  branches.scopes.push(first);
  const [ownId, firstId] = [branches.name.split('-').at(-1)!, first.name.split('-').at(-1)!];
  branches.name = `condition-branches-${firstId}`;
  first.name = `condition-${ownId}`;
  return branches;
}

function openCondition(trace: Trace, condition: ConditionNode, options: ScopeOptions, parent: ScopeNode): ScopeNode {
  return openScope(trace, { kind: 'condition', place: new Place(), condition, parent, ...displayName(options) });
}

/** What the branch that ran gave back. All branches give back values of one type, under the same names. */
export function oneOf<Result extends AnyChannel>(branches: ClosedBranches<Result>): Result;
export function oneOf<Result extends Readonly<Record<string, AnyChannel>>>(branches: ClosedBranches<Result>): Result;
export function oneOf(branches: ClosedBranches<Given>): Given {
  const { results } = branches;
  const first = results[0]!.result;
  if (isChannel(first))
    return oneOfChannels(
      branches,
      results.map(({ scope, result }) => ({ branch: scope, value: result })),
    );
  const names = Object.keys((first as Readonly<Record<string, AnyChannel>> | undefined) ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      oneOfChannels(
        branches,
        results.map(({ scope, result }) => ({
          branch: scope,
          value: (result as Readonly<Record<string, unknown>> | undefined)?.[name],
        })),
      ),
    ]),
  );
}

function oneOfChannels(
  { branches }: ClosedBranches<Given>,
  values: readonly { readonly branch: ScopeNode; readonly value: unknown }[],
): AnyChannel {
  const selectors = values.flatMap(({ branch, value }) => (isChannel(value) ? [{ branch, ref: value.ref }] : []));
  const type: PortType = selectors[0]?.ref.type ?? { kind: 'parameter', parameterType: 'STRING' };
  const other = selectors.find(({ ref }) => !sameType(ref.type, type));
  if (selectors.length < values.length || other !== undefined) {
    const why = other ? `one gives ${portTypeText(type)}, another ${portTypeText(other.ref.type)}` : 'one of them gives nothing';
    reportProblem(new Place(), `the branches of a oneOf must give back values of one type: ${why}`);
  }
  return channelOf({ kind: 'oneOf', branches, index: ++branches.oneOfs, selectors, type });
}

const sameType = (left: PortType, right: PortType): boolean => isAssignable(left, right) && isAssignable(right, left);

export interface LoopOptions extends ScopeOptions {
  /** Iterations running at once. Default: no limit. */
  readonly parallelism?: number;
}

/** What a loop's body gives back, one per iteration; `collect` makes lists of it. */
export interface Loop<Result> {
  readonly loop: ScopeNode;
  readonly result: Result;
}

type ItemOf<T> = Channel<T extends string ? string : T extends number ? number : T extends boolean ? boolean : T>;

/** Runs the tasks of `body` for every item of a list, at the same time where possible. */
export function forEach<const T extends JsonValue, Result>(
  items: readonly T[],
  body: (item: ItemOf<T>) => Result,
  options?: LoopOptions,
): Loop<Result>;
export function forEach<T, Result>(
  items: Channel<readonly T[]>,
  body: (item: Channel<T>) => Result,
  options?: LoopOptions,
): Loop<Result>;
export function forEach<Title extends string, Result>(
  items: ArtifactListChannel<Title>,
  body: (item: ArtifactChannel<Title>) => Result,
  options?: LoopOptions,
): Loop<Result>;
export function forEach<Result>(
  items: readonly JsonValue[] | AnyChannel,
  body: (item: never) => Result,
  options: LoopOptions = {},
): Loop<Result> {
  const trace = currentTrace('forEach');
  const { parallelism = 0 } = options;
  const place = new Place();
  if (!Number.isInteger(parallelism) || parallelism < 0)
    reportProblem(place, `parallelism must be a whole number from 0 on, not ${parallelism}`, '0 means no limit');
  const holder: { current?: ScopeNode } = {};
  const item = isChannel(items) ? channelItem(items.ref, holder, place) : rawItem(trace, items, holder, place);
  const source = isChannel(items) ? { kind: 'channel' as const, ref: items.ref } : { kind: 'raw' as const, items };
  const scope = openScope(trace, {
    kind: 'for-loop',
    place,
    loop: { items: source, item, parallelism },
    ...displayName(options),
  });
  holder.current = scope;
  const result = inScope(trace, scope, () => body(channelOf(item) as never));
  return { loop: scope, result };
}

function channelItem(of: ChannelRef, loop: { current?: ScopeNode }, place: Place): ChannelRef {
  const { type } = of;
  const isList = type.kind === 'artifact' ? type.isList : type.parameterType === 'LIST' || of.kind === 'field';
  if (!isList) reportProblem(place, `forEach needs a list, this is ${portTypeText(type)}`);
  return { kind: 'item', loop, name: 'loop-item', of, type: elementType(type) };
}

function rawItem(trace: Trace, items: readonly JsonValue[], loop: { current?: ScopeNode }, place: Place): ChannelRef {
  if (items.length === 0) reportProblem(place, 'forEach needs at least one item');
  const name = `loop-item-param-${trace.nextId++}`;
  return { kind: 'item', loop, name, type: rawItemType(items[0] ?? '') };
}

function rawItemType(first: JsonValue): PortType {
  const parameterType = typeOfValue(first);
  if (parameterType !== 'STRUCT') return { kind: 'parameter', parameterType };
  // KFP's compiler gives every field the type of the first one.
  const field = Object.values(first as object)[0] as JsonValue | undefined;
  return { kind: 'parameter', parameterType, element: { kind: 'parameter', parameterType: typeOfValue(field ?? '') } };
}

/** Lists of what the iterations made: `collect(forEach(…)).loss`. Loops in loops give lists of lists; artifacts one flat list. */
export type Collected<Result> =
  Result extends Loop<infer Inner>
    ? Listed<Collected<Inner>>
    : Result extends Channel<infer T>
      ? Channel<readonly T[]>
      : Result extends ArtifactChannel<infer Title> | ArtifactListChannel<infer Title>
        ? ArtifactListChannel<Title>
        : { readonly [Key in keyof Result]: Collected<Result[Key]> };
type Listed<Value> =
  Value extends Channel<infer T>
    ? Channel<readonly T[]>
    : Value extends ArtifactListChannel<string>
      ? Value
      : { readonly [Key in keyof Value]: Listed<Value[Key]> };

/** Makes lists of what the iterations of a loop gave back. */
export function collect<Result>(loop: Loop<Result>): Collected<Result> {
  return collectedOf(loop.result) as Collected<Result>;
}

function collectedOf(result: unknown): unknown {
  if (isChannel(result)) return collectedChannel(result.ref);
  if (isLoop(result)) return collectedOf(result.result);
  if (typeof result !== 'object' || result === null) {
    reportProblem(
      new Place(),
      'there is nothing to collect: the loop gives nothing back',
      'return an output from the function of forEach',
    );
    return undefined;
  }
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, collectedOf(value)]));
}

function isLoop(value: unknown): value is Loop<unknown> {
  return typeof value === 'object' && value !== null && 'loop' in value && 'result' in value;
}

function collectedChannel(ref: ChannelRef): AnyChannel {
  const source = ref.kind === 'collected' ? ref.source : ref;
  if (producerIsMissing(source)) reportProblem(new Place(), 'only outputs of tasks can be collected');
  const type: PortType =
    source.type.kind === 'artifact'
      ? { ...source.type, isList: true }
      : { kind: 'parameter', parameterType: 'LIST', element: ref.type };
  return channelOf({ kind: 'collected', source, type });
}

const producerIsMissing = (ref: ChannelRef): boolean => ref.kind !== 'output' && ref.kind !== 'oneOf';

/** Runs `exitTask` when everything in `body` has ended, however it ended. Only at the top of a pipeline. */
export function exitHandler(exitTask: Task<Outputs>, body: () => void, options: ScopeOptions = {}): void {
  const trace = currentTrace('exitHandler');
  const { node } = exitTask;
  const place = new Place();
  if (trace.current.kind !== 'pipeline')
    reportProblem(place, `exitHandler can only be used at the top of a pipeline, not inside ${trace.current.name}`);
  if (node.settings.after.length > 0) reportProblem(place, `the exit task ${node.name} may not wait for other tasks`);
  const { scope: home } = node;
  if (home !== undefined) home.tasks.splice(home.tasks.indexOf(node), 1);
  node.scope = undefined;
  const scope = openScope(trace, { kind: 'exit-handler', place, exitTask: node, ...displayName(options) });
  inScope(trace, scope, body);
}

function displayName({ name }: ScopeOptions): { readonly displayName?: string } {
  return name === undefined ? {} : { displayName: name };
}
