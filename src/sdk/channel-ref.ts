import type { PortType } from './port-types.ts';
import type { ScopeNode, TaskNode } from './trace.ts';

/** A value that exists only when the pipeline runs, and where it comes from. */
export type ChannelRef =
  | { readonly kind: 'input'; readonly name: string; readonly type: PortType }
  | { readonly kind: 'output'; readonly task: TaskNode; readonly name: string; readonly type: PortType }
  | {
      readonly kind: 'item';
      readonly loop: { current?: ScopeNode };
      readonly name: string;
      readonly of?: ChannelRef;
      readonly type: PortType;
    }
  | { readonly kind: 'field'; readonly of: ChannelRef; readonly key: string; readonly type: PortType }
  | {
      readonly kind: 'oneOf';
      readonly branches: ScopeNode;
      readonly index: number;
      readonly selectors: readonly { readonly branch: ScopeNode; readonly ref: ChannelRef }[];
      readonly type: PortType;
    }
  /** The values a loop made, one per iteration: `source` is the value inside the innermost loop. */
  | { readonly kind: 'collected'; readonly source: ChannelRef; readonly type: PortType };

/** The name without its task, as KFP's compiler forms it. */
export function refName(ref: ChannelRef): string {
  switch (ref.kind) {
    case 'input':
    case 'output':
      return ref.name;
    case 'item':
      return ref.of === undefined ? ref.name : `${refName(ref.of)}-loop-item`;
    case 'field':
      return `${refName(ref.of)}-subvar-${ref.key}`;
    case 'oneOf':
      return `pipelinechannel--${ref.branches.name}-oneof-${ref.index}`;
    case 'collected':
      return refName(ref.source);
  }
}

/** The name with the task that makes it: unique in the pipeline. */
export function fullName(ref: ChannelRef): string {
  const producer = producerName(ref);
  return producer === undefined ? refName(ref) : `${producer}-${refName(ref)}`;
}

/** The task or scope the value comes out of; absent for pipeline inputs and items that are constants. */
export function producerName(ref: ChannelRef): string | undefined {
  const producer = producerOf(ref);
  return producer?.name;
}

export function producerOf(ref: ChannelRef): TaskNode | ScopeNode | undefined {
  switch (ref.kind) {
    case 'input':
      return undefined;
    case 'output':
      return ref.task;
    case 'item':
      return ref.of === undefined ? undefined : producerOf(ref.of);
    case 'field':
      return producerOf(ref.of);
    case 'oneOf':
      return ref.branches;
    case 'collected':
      return producerOf(ref.source);
  }
}

/** The value itself, then what it is taken from, up to where the data starts: field, item, list. */
export function refChain(ref: ChannelRef): ChannelRef[] {
  if (ref.kind === 'field') return [ref, ...refChain(ref.of)];
  if (ref.kind === 'item' && ref.of !== undefined) return [ref, ...refChain(ref.of)];
  return [ref];
}
