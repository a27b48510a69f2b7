import type { ParameterType } from '../ir/spec.ts';
import { pythonFloatText } from '../components/python-text.ts';
import type { ConditionNode, Operand } from '../sdk/condition.ts';
import { portTypeText, typeOfValue } from '../sdk/port-types.ts';
import type { ChannelRef } from '../sdk/channel-ref.ts';
import type { PlacedProblems } from './placed-problems.ts';

export interface ConditionContext {
  readonly problems: PlacedProblems;
  inputName(ref: ChannelRef): string;
}

/** The condition in CEL, in the shapes KFP's compiler writes: `int(inputs.parameter_values['pipelinechannel--n']) > 3`. */
export function conditionText(node: ConditionNode, context: ConditionContext): string {
  switch (node.kind) {
    case 'compare': {
      const [left, right] = operands(node, context);
      return `${left} ${node.operator} ${right}`;
    }
    case 'not':
      return node.of.kind === 'not' ? grouped(node.of.of, context) : `!(${conditionText(node.of, context)})`;
    case 'all':
      return node.of
        .map((part) => (part.kind === 'any' ? `(${conditionText(part, context)})` : conditionText(part, context)))
        .join(' && ');
    case 'any':
      return node.of
        .map((part) => (part.kind === 'all' ? `(${conditionText(part, context)})` : conditionText(part, context)))
        .join(' || ');
  }
}

function grouped(node: ConditionNode, context: ConditionContext): string {
  const text = conditionText(node, context);
  return node.kind === 'any' || node.kind === 'all' ? `(${text})` : text;
}

function operands(node: ConditionNode & { readonly kind: 'compare' }, context: ConditionContext): readonly [string, string] {
  const { left, right, place } = node;
  const types = [typeOf(left), typeOf(right)] as const;
  for (const side of [left, right]) {
    if (side.kind === 'channel' && !PRIMITIVES.has(typeOf(side)))
      context.problems.add(place, `a condition compares numbers, texts and truth values, not ${portTypeText(side.ref.type)}`);
  }
  const isNumber = (type: ParameterType) => type === 'NUMBER_INTEGER' || type === 'NUMBER_DOUBLE';
  if (types[0] !== types[1] && !(isNumber(types[0]) && isNumber(types[1])))
    context.problems.add(
      place,
      `a condition compares ${WORDS[types[0]] ?? types[0]} with ${WORDS[types[1]] ?? types[1]}`,
      'compare values of one type',
    );
  const asDouble = types[0] !== types[1];
  const text = (side: Operand, type: ParameterType) => {
    const own = operandText(side, context);
    return asDouble && type === 'NUMBER_INTEGER' ? `double(${own})` : own;
  };
  return [text(left, types[0]), text(right, types[1])];
}

const PRIMITIVES: ReadonlySet<ParameterType> = new Set(['STRING', 'NUMBER_INTEGER', 'NUMBER_DOUBLE', 'BOOLEAN']);
const WORDS: Partial<Record<ParameterType, string>> = {
  STRING: 'a text',
  NUMBER_INTEGER: 'a number',
  NUMBER_DOUBLE: 'a number',
  BOOLEAN: 'a truth value',
};

function typeOf(side: Operand): ParameterType {
  if (side.kind === 'value') return typeOfValue(side.value);
  return side.ref.type.kind === 'parameter' ? side.ref.type.parameterType : 'STRUCT';
}

function operandText(side: Operand, context: ConditionContext): string {
  if (side.kind === 'channel') {
    const value = `inputs.parameter_values['${context.inputName(side.ref)}']`;
    return typeOf(side) === 'NUMBER_INTEGER' ? `int(${value})` : value;
  }
  const { value } = side;
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : pythonFloatText(value);
  return JSON.stringify(value);
}
