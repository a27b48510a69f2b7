/**
 * Which node pools a step may be placed on, and which it would rather be: labels and selectors, taints and tolerations, node
 * affinity. The rules are those of Kubernetes' scheduler (concepts/scheduling-eviction/assign-pod-node, taint-and-toleration);
 * several `nodeAffinity` entries of KFP become alternatives, as its driver writes them into one list of terms.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { LaunchPlatform, NodePool, Taint } from '../executors/executor.ts';
import type { Refusal } from './admission-words.ts';
import { listOf } from './json-fields.ts';

export interface NodeConstraints {
  readonly selector: Readonly<Record<string, string>>;
  readonly tolerations: readonly JsonObject[];
  /** Alternatives, of which one must hold; none: anything does. */
  readonly required: readonly JsonObject[];
  readonly preferred: readonly { readonly weight: number; readonly term: JsonObject }[];
}

type Settings = Pick<LaunchPlatform, 'nodeSelector' | 'tolerations' | 'nodeAffinity'>;

/** Undefined for a step that says nothing about nodes. */
export function constraintsOf({ nodeSelector, tolerations, nodeAffinity = [] }: Settings): NodeConstraints | undefined {
  const required: JsonObject[] = [];
  const preferred: { weight: number; term: JsonObject }[] = [];
  for (const entry of nodeAffinity) {
    const hard = entry['requiredDuringSchedulingIgnoredDuringExecution'];
    const soft = entry['preferredDuringSchedulingIgnoredDuringExecution'];
    if (isJsonObject(hard)) {
      const terms = listOf(hard['nodeSelectorTerms']);
      // No terms are not no condition: nothing meets them.
      required.push(...(terms.length === 0 ? [{}] : terms));
    }
    for (const { weight, preference } of listOf(soft) as readonly { weight?: JsonValue; preference?: JsonValue }[])
      if (isJsonObject(preference)) preferred.push({ weight: Number(weight ?? 1), term: preference });
    if (hard !== undefined || soft !== undefined || expressionsOf(entry).length === 0) continue;
    if (entry['weight'] === undefined || entry['weight'] === null) required.push(entry);
    else preferred.push({ weight: Number(entry['weight']), term: entry });
  }
  const isFree = Object.keys(nodeSelector).length + tolerations.length + required.length + preferred.length === 0;
  return isFree ? undefined : { selector: nodeSelector, tolerations, required, preferred };
}

/** Whether the labels are as selector and required affinity want them. */
export function matchesLabels(pool: NodePool, { selector, required }: Pick<NodeConstraints, 'selector' | 'required'>): boolean {
  const isSelected = Object.entries(selector).every(([key, value]) => pool.labels[key] === value);
  return isSelected && (required.length === 0 || required.some((term) => matchesTerm(pool, term)));
}

/** The first taint that keeps the step away. */
export function untolerated({ taints }: NodePool, tolerations: readonly JsonObject[]): Taint | undefined {
  return taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, tolerations));
}

/** How much a step would like to be there: the weights that apply, less what should rather be avoided. */
export function preference(
  pool: NodePool,
  { preferred, tolerations }: Pick<NodeConstraints, 'preferred' | 'tolerations'>,
): number {
  const liked = preferred.reduce((sum, { weight, term }) => sum + (matchesTerm(pool, term) ? weight : 0), 0);
  const avoided = pool.taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations));
  return liked - AVOIDED * avoided.length;
}

/** More than all weights of a step together, which are 100 each at most. */
const AVOIDED = 10_000;

function isTolerated(taint: Taint, tolerations: readonly JsonObject[]): boolean {
  return tolerations.some((toleration) => {
    const { key = '', operator, value = '', effect = '' } = toleration;
    if (effect !== '' && effect !== taint.effect) return false;
    if (operator === 'Exists') return key === '' || key === taint.key;
    return key === taint.key && value === taint.value;
  });
}

function matchesTerm(pool: NodePool, term: JsonObject): boolean {
  const expressions = expressionsOf(term);
  // A term without expressions matches nothing, as in Kubernetes.
  return expressions.length > 0 && expressions.every(({ actual, expression }) => matchesExpression(actual(pool), expression));
}

interface Expression {
  readonly actual: (pool: NodePool) => string | undefined;
  readonly expression: JsonObject;
}

function expressionsOf(term: JsonObject): readonly Expression[] {
  const byLabel = listOf(term['matchExpressions']).map((expression) => ({
    expression,
    actual: (pool: NodePool) => pool.labels[textOf(expression['key'])],
  }));
  const byField = listOf(term['matchFields']).map((expression) => ({
    expression,
    actual: (pool: NodePool) => (expression['key'] === 'metadata.name' ? pool.name : undefined),
  }));
  return [...byLabel, ...byField];
}

function matchesExpression(actual: string | undefined, { operator, values }: JsonObject): boolean {
  const wanted = Array.isArray(values) ? values.map(textOf) : [];
  switch (operator) {
    case 'In':
      return actual !== undefined && wanted.includes(actual);
    case 'NotIn':
      return actual === undefined || !wanted.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
      return wholeNumber(actual) > wholeNumber(wanted[0]);
    case 'Lt':
      return wholeNumber(actual) < wholeNumber(wanted[0]);
    default:
      return false;
  }
}

/** NaN, which nothing is above or below, for what is none. */
function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];
const MAX_WEIGHT = 100;

/** What Kubernetes would not accept either; a typing mistake is not to place a step anywhere. */
export function wrongIn({ required, preferred }: NodeConstraints): Refusal | undefined {
  const weight = preferred.find(({ weight: given }) => !(Number.isInteger(given) && given >= 1 && given <= MAX_WEIGHT))?.weight;
  if (weight !== undefined)
    return { message: `prefers nodes with a weight of ${weight}`, hint: `give a whole number from 1 to ${MAX_WEIGHT}` };
  for (const { expression } of [...required, ...preferred.map(({ term }) => term)].flatMap(expressionsOf)) {
    const { key, operator, values } = expression;
    const count = Array.isArray(values) ? values.length : 0;
    const about = `has a node affinity about ${textOf(key)}`;
    if (!OPERATORS.includes(textOf(operator)))
      return { message: `${about} with the operator "${textOf(operator)}"`, hint: `use ${OPERATORS.join(', ')}` };
    if ((operator === 'In' || operator === 'NotIn') && count === 0)
      return { message: `${about} that compares with no value`, hint: 'give it values' };
    const isWhole = count === 1 && !Number.isNaN(wholeNumber(textOf((values as readonly JsonValue[])[0])));
    if ((operator === 'Gt' || operator === 'Lt') && !isWhole)
      return { message: `${about} that needs one whole number to compare with`, hint: "give it as a text: ['3']" };
  }
  return undefined;
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
