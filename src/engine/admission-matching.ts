/**
 * Which node pools a step may be placed on, and which it would rather be: labels and selectors, taints and tolerations, node
 * affinity. The rules are those of Kubernetes' scheduler (concepts/scheduling-eviction/assign-pod-node, taint-and-toleration);
 * several `nodeAffinity` entries of KFP become alternatives, as its driver writes them into one list of terms.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { LaunchPlatform, NodePool, Taint } from '../executors/executor.ts';

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
    if (isJsonObject(hard)) required.push(...objects(hard['nodeSelectorTerms']));
    for (const { weight, preference } of objects(soft) as readonly { weight?: JsonValue; preference?: JsonValue }[])
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
  const byLabel = objects(term['matchExpressions']).map((expression) => ({
    expression,
    actual: (pool: NodePool) => pool.labels[textOf(expression['key'])],
  }));
  const byField = objects(term['matchFields']).map((expression) => ({
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
      return actual !== undefined && Number(actual) > Number(wanted[0]);
    case 'Lt':
      return actual !== undefined && Number(actual) < Number(wanted[0]);
    default:
      return false;
  }
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
