/** Small pieces shared by the writers of the wire form. */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ArtifactType } from '../model/artifact.ts';

/** What differs between texts for machines and for people. */
export interface WireStyle {
  /** Applied to every value of a google.protobuf.Value, whose numbers are doubles. */
  readonly value: (value: JsonValue) => JsonValue;
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

/** Without the members that are undefined. */
export function compact(members: Members): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

export function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

export function mapObject<T>(record: Readonly<Record<string, T>>, map: (value: T) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

export const wireType = (type: ArtifactType): JsonObject => ({ ...type }) as JsonObject;

/** Booleans are written only where they are true. */
export const ifTrue = (value: boolean): true | undefined => (value ? true : undefined);
