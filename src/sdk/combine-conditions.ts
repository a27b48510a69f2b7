import { Place } from './call-site.ts';
import type { Channel } from './channel.ts';
import { Condition, type ConditionNode } from './condition.ts';

/** A comparison, or a truth value that is known when the pipeline runs. */
export type Question = Condition | Channel<boolean>;

export function not(question: Question): Condition {
  return new Condition({ kind: 'not', of: conditionNode(question) });
}

/** All of them hold. */
export function and(...questions: readonly Question[]): Condition {
  return new Condition({ kind: 'all', of: questions.map(conditionNode) });
}

/** At least one of them holds. */
export function or(...questions: readonly Question[]): Condition {
  return new Condition({ kind: 'any', of: questions.map(conditionNode) });
}

/** A truth value by itself is compared with true, as KFP's conditions need it. */
export function conditionNode(question: Question): ConditionNode {
  if (question instanceof Condition) return question.node;
  const right = { kind: 'value' as const, value: true };
  return { kind: 'compare', operator: '==', left: { kind: 'channel', ref: question.ref }, right, place: new Place() };
}
