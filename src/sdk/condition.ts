import type { JsonValue } from '../base/json.ts';
import type { Place } from './call-site.ts';
import type { ChannelRef } from './channel-ref.ts';

export type Operand =
  | { readonly kind: 'channel'; readonly ref: ChannelRef }
  | { readonly kind: 'value'; readonly value: JsonValue };

export type ConditionNode =
  | {
      readonly kind: 'compare';
      readonly operator: '==' | '!=' | '>' | '>=' | '<' | '<=';
      readonly left: Operand;
      readonly right: Operand;
      readonly place: Place;
    }
  | { readonly kind: 'not'; readonly of: ConditionNode }
  | { readonly kind: 'all' | 'any'; readonly of: readonly ConditionNode[] };

/** A question that is answered when the pipeline runs; made by comparing channels. */
export class Condition {
  readonly node: ConditionNode;

  constructor(node: ConditionNode) {
    this.node = node;
  }
}

/** Every channel the answer depends on. */
export function conditionRefs(node: ConditionNode): ChannelRef[] {
  if (node.kind === 'compare') return [node.left, node.right].flatMap((side) => (side.kind === 'channel' ? [side.ref] : []));
  return node.kind === 'not' ? conditionRefs(node.of) : node.of.flatMap(conditionRefs);
}
