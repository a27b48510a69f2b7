/** The values of both schema versions: 2.0.0 writes `{intValue: "3"}` where 2.1.0 writes the value itself. */
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { ArtifactType } from '../../model/artifact.ts';
import type { ParameterType } from '../spec.ts';
import type { WireArtifactType, WireTypedValue, WireValue } from './pipeline-messages.ts';

/** Undefined for a typed value without a member. */
export function plainValue(value: WireTypedValue): JsonValue | undefined {
  return value.stringValue ?? value.intValue ?? value.doubleValue;
}

export type PlainValue =
  | { readonly kind: 'constant'; readonly value: JsonValue }
  | { readonly kind: 'runtimeParameter'; readonly name: string };

export function valueOrName(value: WireValue): PlainValue | undefined {
  if (value.runtimeParameter !== undefined) return { kind: 'runtimeParameter', name: value.runtimeParameter };
  const constant = value.constant !== undefined ? value.constant : value.constantValue && plainValue(value.constantValue);
  return constant === undefined ? undefined : { kind: 'constant', value: constant };
}

/** Metadata as 2.1.0 has it; 2.0.0's properties and custom properties are added, a runtime parameter becomes its placeholder. */
export function mergedMetadata(wire: {
  readonly metadata?: JsonObject;
  readonly properties?: Readonly<Record<string, WireValue>>;
  readonly customProperties?: Readonly<Record<string, WireValue>>;
}): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries({ ...wire.properties, ...wire.customProperties })) {
    const plain = valueOrName(value);
    if (plain?.kind === 'constant') merged[name] = plain.value;
    else if (plain) merged[name] = `{{$.inputs.parameters['${plain.name}']}}`;
  }
  return { ...merged, ...wire.metadata };
}

const OLD_TYPES = { INT: 'NUMBER_INTEGER', DOUBLE: 'NUMBER_DOUBLE', STRING: 'STRING' } as const;

export function parameterTypeOf(wire: {
  readonly type?: keyof typeof OLD_TYPES;
  readonly parameterType?: ParameterType;
}): ParameterType | undefined {
  return wire.parameterType ?? (wire.type && OLD_TYPES[wire.type]);
}

/** Members in the order of the proto, so that equal types are equal texts. */
export function artifactTypeOf(wire: WireArtifactType = {}): ArtifactType {
  return {
    ...(wire.schemaTitle === undefined ? {} : { schemaTitle: wire.schemaTitle }),
    ...(wire.schemaVersion === undefined ? {} : { schemaVersion: wire.schemaVersion }),
    ...(wire.instanceSchema === undefined ? {} : { instanceSchema: wire.instanceSchema }),
    ...(wire.schemaUri === undefined ? {} : { schemaUri: wire.schemaUri }),
  };
}

export function mapRecord<T, R>(
  record: Readonly<Record<string, T>> | undefined,
  map: (value: T, name: string) => R | undefined,
): Record<string, R> {
  const mapped: Record<string, R> = {};
  for (const [name, value] of Object.entries(record ?? {})) {
    const result = map(value, name);
    if (result !== undefined) mapped[name] = result;
  }
  return mapped;
}

/** An object with the member, or without any if the value is undefined: for optional members. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
