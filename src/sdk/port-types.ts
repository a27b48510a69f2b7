import type { JsonValue } from '../base/json.ts';
import type { ParameterType } from '../ir/spec.ts';
import type { ArtifactType } from '../model/artifact.ts';

/** What can go through an input or output, as the compiler sees it. */
export type PortType =
  | { readonly kind: 'parameter'; readonly parameterType: ParameterType; readonly element?: PortType }
  | { readonly kind: 'artifact'; readonly artifactType: ArtifactType; readonly isList: boolean };

/** An input or output of a component or pipeline: its type and what is said about it. */
export interface Port {
  readonly type: PortType;
  readonly isOptional: boolean;
  readonly defaultValue?: JsonValue;
  readonly description?: string;
  readonly literals?: readonly JsonValue[];
}

export type Ports = Readonly<Record<string, Port>>;

/** The type in the words a user wrote it with: `int`, `list`, `Model`, `list of Model`. */
export function portTypeText(type: PortType): string {
  if (type.kind === 'parameter') return PARAMETER_WORDS[type.parameterType];
  const title = artifactTitle(type.artifactType).replace(/^system\./, '');
  return type.isList ? `list of ${title}` : title;
}

export function artifactTitle(type: ArtifactType): string {
  return type.schemaTitle ?? type.schemaUri ?? 'an own type';
}

/**
 * Whether a value of the type may be given where the other is expected: equal types, an integer for a double, what the engine
 * fills in for a dict, and the general `system.Artifact` on either side, as in the 2.x SDK.
 */
export function isAssignable(given: PortType, expected: PortType): boolean {
  if (given.kind === 'parameter' && expected.kind === 'parameter') {
    const { parameterType } = given;
    if (parameterType === expected.parameterType) return true;
    if (expected.parameterType === 'STRUCT') return parameterType === 'TASK_FINAL_STATUS' || parameterType === 'TASK_CONFIG';
    return parameterType === 'NUMBER_INTEGER' && expected.parameterType === 'NUMBER_DOUBLE';
  }
  if (given.kind !== 'artifact' || expected.kind !== 'artifact') return false;
  const titles = [artifactTitle(given.artifactType), artifactTitle(expected.artifactType)];
  const sameType = titles[0] === titles[1] || titles.includes('system.Artifact');
  return sameType && given.isList === expected.isList;
}

/** What a loop over a list gives one by one; text when the list says nothing about its elements. */
export function elementType(list: PortType): PortType {
  if (list.kind === 'artifact') return { ...list, isList: false };
  return list.element ?? { kind: 'parameter', parameterType: 'STRING' };
}

/** The type a constant has by itself. */
export function typeOfValue(value: JsonValue): ParameterType {
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_INTEGER' : 'NUMBER_DOUBLE';
  return Array.isArray(value) ? 'LIST' : 'STRUCT';
}

const PARAMETER_WORDS: Readonly<Record<ParameterType, string>> = {
  STRING: 'string',
  NUMBER_INTEGER: 'int',
  NUMBER_DOUBLE: 'float',
  BOOLEAN: 'bool',
  LIST: 'list',
  STRUCT: 'dict',
  TASK_FINAL_STATUS: 'finalStatus',
  TASK_CONFIG: 'taskConfig',
};
