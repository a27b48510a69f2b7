/**
 * How values get from where they are made to where they are used. IR components see only their own inputs and the outputs of
 * their direct children, so a value that crosses scopes needs an input in each scope on the way down and an output in each on
 * the way up. Names are those of KFP's compiler.
 */
import type { Place } from '../sdk/call-site.ts';
import { type ChannelRef, fullName, refName } from '../sdk/channel-ref.ts';
import { conditionRefs } from '../sdk/condition.ts';
import type { PortType } from '../sdk/port-types.ts';
import { type ScopeNode, scopePath, type TaskNode } from '../sdk/trace.ts';
import type { PlacedProblems } from './placed-problems.ts';

export type Source =
  | { readonly kind: 'componentInput'; readonly name: string; readonly selector?: string }
  | { readonly kind: 'taskOutput'; readonly producerTask: string; readonly key: string; readonly selector?: string };

/** A value in the scope where it can be had directly. */
interface Wire {
  readonly home: ScopeNode;
  readonly source: Source;
  /** The name of an input that carries it into a scope below. */
  readonly inputName: string;
  readonly type: PortType;
  readonly producer?: TaskNode | ScopeNode;
}

export interface ScopeOutput {
  readonly type: PortType;
  readonly isOneOf: boolean;
  readonly selectors: readonly { readonly producerSubtask: string; readonly key: string }[];
}

export const INJECTED = 'pipelinechannel--';

export class ScopeFlow {
  readonly #root: ScopeNode;
  readonly #problems: PlacedProblems;
  readonly #inputs = new Map<ScopeNode, Map<string, { readonly type: PortType; readonly source: Source }>>();
  readonly #outputs = new Map<ScopeNode, Map<string, ScopeOutput>>();
  readonly #dependencies = new Map<TaskNode | ScopeNode, Set<string>>();

  constructor(root: ScopeNode, problems: PlacedProblems) {
    this.#root = root;
    this.#problems = problems;
  }

  inputs(scope: ScopeNode): ReadonlyMap<string, { readonly type: PortType; readonly source: Source }> {
    return this.#inputs.get(scope) ?? new Map();
  }

  outputs(scope: ScopeNode): ReadonlyMap<string, ScopeOutput> {
    return this.#outputs.get(scope) ?? new Map();
  }

  dependencies(node: TaskNode | ScopeNode): readonly string[] {
    return [...(this.#dependencies.get(node) ?? [])].sort();
  }

  /** Makes the value available in `scope` for `consumer`, which is a child of it, and says how it is read there. */
  use(ref: ChannelRef, scope: ScopeNode, consumer: TaskNode | ScopeNode): Source {
    if (ref.kind === 'field') return { ...this.use(ref.of, scope, consumer), selector: `parseJson(string_value)["${ref.key}"]` };
    const wire = this.#wire(ref, scope, consumer);
    this.#dependOn(wire, scope, consumer);
    if (wire.home === scope) return wire.source;
    const path = scopePath(scope);
    for (const between of path.slice(path.indexOf(wire.home) + 1)) {
      const source: Source = between.parent === wire.home ? wire.source : { kind: 'componentInput', name: wire.inputName };
      this.addInput(between, wire.inputName, { type: wire.type, source });
    }
    return { kind: 'componentInput', name: wire.inputName };
  }

  addInput(scope: ScopeNode, name: string, input: { readonly type: PortType; readonly source: Source }): void {
    const inputs = this.#inputs.get(scope) ?? new Map<string, { readonly type: PortType; readonly source: Source }>();
    if (!this.#inputs.has(scope)) this.#inputs.set(scope, inputs);
    inputs.set(name, input);
  }

  /** The name under which a value is known where it is not direct: `pipelinechannel--train-loss`. */
  inputName(ref: ChannelRef, scope: ScopeNode, consumer: TaskNode | ScopeNode): string {
    return ref.kind === 'collected' ? this.#wire(ref, scope, consumer).inputName : INJECTED + fullName(ref);
  }

  /** The loop's list and the conditions' values, which nobody may use otherwise. Call before the tasks' own values. */
  useOfScopes(scope: ScopeNode): void {
    for (const child of scope.scopes) {
      for (const ref of child.condition === undefined ? [] : conditionRefs(child.condition)) {
        const source = this.use(ref, scope, child);
        this.addInput(child, this.inputName(ref, scope, child), { type: ref.type, source });
      }
      if (child.loop?.items.kind === 'channel') this.#useItems(child, child.loop.items.ref, scope);
      this.useOfScopes(child);
    }
  }

  /** KFP hands what an outer condition asks for down to every scope with tasks. */
  useConditionsOf(task: TaskNode, conditions: readonly ChannelRef[]): void {
    for (const ref of conditions) this.use(ref, task.scope!, task);
  }

  /** `consumer` waits for `task`, in whatever scope that is. */
  waitFor(task: TaskNode, consumer: TaskNode, place: Place): void {
    if (task.scope === undefined || consumer.scope === undefined) {
      this.#problems.add(place, `${consumer.name} cannot wait for ${task.name}: one of them is an exit task`);
      return;
    }
    const ownPath = scopePath(consumer.scope);
    const otherPath = scopePath(task.scope);
    const common = ownPath.findLast((scope) => otherPath.includes(scope))!;
    const top = otherPath[otherPath.indexOf(common) + 1];
    if (top !== undefined && top.kind !== 'for-loop') this.#crossing(top, task.name, consumer, place);
    this.#addDependency(ownPath[ownPath.indexOf(common) + 1] ?? consumer, (top ?? task).name);
  }

  /** An output of `scope` that comes from one of its children. */
  addOutput(scope: ScopeNode, name: string, output: ScopeOutput): void {
    const outputs = this.#outputs.get(scope) ?? new Map<string, ScopeOutput>();
    if (!this.#outputs.has(scope)) this.#outputs.set(scope, outputs);
    outputs.set(name, output);
  }

  #useItems(loop: ScopeNode, list: ChannelRef, scope: ScopeNode): void {
    const source = this.use(list, scope, loop);
    this.addInput(loop, this.inputName(list, scope, loop), { type: listType(list), source });
    // A list that is a field of an outer item comes with that item, as KFP's compiler has it.
    if (list.kind !== 'field') return;
    const item = list.of;
    this.addInput(loop, this.inputName(item, scope, loop), { type: item.type, source: this.use(item, scope, loop) });
  }

  #wire(ref: ChannelRef, scope: ScopeNode, consumer: TaskNode | ScopeNode): Wire {
    const { type } = ref;
    const inputName = INJECTED + fullName(ref);
    switch (ref.kind) {
      case 'input':
        return { home: this.#root, source: { kind: 'componentInput', name: ref.name }, inputName, type };
      case 'item': {
        const loop = ref.loop.current;
        const home =
          loop !== undefined && scopePath(scope).includes(loop)
            ? loop
            : this.#outside(loop, scope, consumer, 'the item of the loop');
        return { home, source: { kind: 'componentInput', name: inputName }, inputName, type };
      }
      case 'output': {
        const { task } = ref;
        const home =
          task.scope !== undefined && scopePath(scope).includes(task.scope)
            ? task.scope
            : this.#outside(task.scope, scope, consumer, `the output "${ref.name}" of ${task.name}`);
        return { home, source: { kind: 'taskOutput', producerTask: task.name, key: ref.name }, inputName, type, producer: task };
      }
      case 'oneOf': {
        const home = scopePath(scope).includes(ref.branches.parent!)
          ? ref.branches.parent!
          : this.#outside(ref.branches.parent, scope, consumer, 'a oneOf');
        this.#surfaceOneOf(ref);
        return {
          home,
          source: { kind: 'taskOutput', producerTask: ref.branches.name, key: refName(ref) },
          inputName,
          type,
          producer: ref.branches,
        };
      }
      case 'collected':
        return this.#collectedWire(ref, scope, consumer);
      case 'field':
        throw new Error('bug: a field is read through its item');
    }
  }

  #surfaceOneOf(ref: ChannelRef & { readonly kind: 'oneOf' }): void {
    const name = refName(ref);
    if (this.outputs(ref.branches).has(name)) return;
    const selectors = ref.selectors.map(({ branch, ref: given }) => {
      const { producer, key } = this.#surface(given, branch, { asList: false });
      return { producerSubtask: producer === branch.name ? branch.name : producer, key };
    });
    this.addOutput(ref.branches, name, { type: ref.type, isOneOf: true, selectors });
  }

  /** Makes a value from somewhere below `top` an output of `top` and of every scope between; returns its name there. */
  #surface(
    ref: ChannelRef,
    top: ScopeNode,
    { asList }: { readonly asList: boolean },
  ): { readonly producer: string; readonly key: string } {
    const start = this.#producedIn(ref);
    const surfaced = INJECTED + fullName(ref);
    let { producer, key } = start;
    const type: PortType = asList ? listType(ref) : ref.type;
    const path = scopePath(start.scope);
    if (!path.includes(top)) return { producer: top.name, key: surfaced };
    for (const scope of path.slice(path.indexOf(top)).reverse()) {
      this.addOutput(scope, surfaced, { type, isOneOf: false, selectors: [{ producerSubtask: producer, key }] });
      producer = scope.name;
      key = surfaced;
    }
    return { producer, key };
  }

  #producedIn(ref: ChannelRef): { readonly scope: ScopeNode; readonly producer: string; readonly key: string } {
    if (ref.kind === 'oneOf') {
      this.#surfaceOneOf(ref);
      return { scope: ref.branches.parent!, producer: ref.branches.name, key: refName(ref) };
    }
    if (ref.kind === 'collected') return this.#producedIn(ref.source);
    if (ref.kind === 'output') return { scope: ref.task.scope ?? this.#root, producer: ref.task.name, key: ref.name };
    return { scope: this.#root, producer: '', key: refName(ref) };
  }

  #collectedWire(ref: ChannelRef & { readonly kind: 'collected' }, scope: ScopeNode, consumer: TaskNode | ScopeNode): Wire {
    const { source, type } = ref;
    const leaf = scopePath(this.#producedIn(source).scope);
    const own = scopePath(scope);
    const home = own.findLast((candidate) => leaf.includes(candidate)) ?? this.#root;
    const top = leaf[leaf.indexOf(home) + 1];
    if (top === undefined || top.kind !== 'for-loop') {
      const why =
        top === undefined ? `${consumer.name} is in the same loop` : `the loop is inside ${top.name}, which may not run`;
      this.#problems.add(
        consumer.place,
        `${consumer.name} cannot collect ${refName(source)}: ${why}`,
        'collect outside the loop, in the scope the loop is in',
      );
    }
    const surfaced = this.#surface(source, top ?? home, { asList: true });
    const producer = top ?? home;
    return {
      home,
      source: { kind: 'taskOutput', producerTask: surfaced.producer, key: surfaced.key },
      inputName: `${INJECTED}${surfaced.producer}-${surfaced.key}`,
      type,
      producer,
    };
  }

  #dependOn({ home, producer }: Wire, scope: ScopeNode, consumer: TaskNode | ScopeNode): void {
    if (producer === undefined) return;
    const path = scopePath(scope);
    this.#addDependency(path[path.indexOf(home) + 1] ?? consumer, producer.name);
  }

  #addDependency(node: TaskNode | ScopeNode, producer: string): void {
    const known = this.#dependencies.get(node);
    if (known === undefined) this.#dependencies.set(node, new Set([producer]));
    else known.add(producer);
  }

  #outside(made: ScopeNode | undefined, scope: ScopeNode, consumer: TaskNode | ScopeNode, what: string): ScopeNode {
    const path = scopePath(scope);
    const top = scopePath(made).find((candidate) => !path.includes(candidate));
    if (top !== undefined) this.#crossing(top, what, consumer, consumer.place);
    else this.#problems.add(consumer.place, `${consumer.name} cannot use ${what}`);
    return scope;
  }

  #crossing(top: ScopeNode, what: string, consumer: TaskNode | ScopeNode, place: Place): void {
    const hints: Readonly<Record<string, string>> = {
      'for-loop': 'return it from the function of forEach and use collect(forEach(…))',
      'condition-branches': 'return it from every branch and use oneOf(when(…).otherwise(…))',
      condition: 'use it inside the same when, or return it from every branch and use oneOf(when(…).otherwise(…))',
      'exit-handler': 'use it inside the exit handler',
    };
    this.#problems.add(place, `${consumer.name} uses ${what} from ${top.name}, outside of it`, hints[top.kind]);
  }
}

function listType(ref: ChannelRef): PortType {
  if (ref.type.kind === 'artifact') return { ...ref.type, isList: true };
  // What a field holds is not known to KFP's compiler, which calls it a text; the engine reads lists from texts as well.
  return ref.kind === 'field' ? ref.type : { kind: 'parameter', parameterType: 'LIST' };
}
