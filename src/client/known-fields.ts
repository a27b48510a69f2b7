import { camelCase, type FieldKind, fieldKind, type MessageSchema, type Schemas } from '../api/message.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';

/** A reply without what this version does not know: fields and enum values of a newer server are left out, not refused. */
export function knownFields(schemas: Schemas, name: string, json: JsonValue): JsonValue {
  if (!isJsonObject(json)) return json;
  const schema = schemas[name] as MessageSchema;
  const kept: Record<string, JsonValue> = {};
  for (const [field, type] of Object.entries(schema)) {
    const value = Object.hasOwn(json, field) ? json[field] : json[camelCase(field)];
    const known = value === undefined || value === null ? value : knownValue(schemas, fieldKind(schemas, type), value);
    if (known !== undefined) kept[field] = known;
  }
  return kept;
}

function knownValue(schemas: Schemas, kind: FieldKind, value: JsonValue): JsonValue | undefined {
  switch (kind.kind) {
    case 'message':
      return knownFields(schemas, kind.name, value);
    case 'enum':
      return typeof value === 'string' && !kind.values.includes(value) ? undefined : value;
    case 'list':
      return Array.isArray(value) ? knownItems(schemas, kind.item, value) : value;
    case 'map':
      return isJsonObject(value) ? knownMembers(schemas, kind.item, value) : value;
    default:
      return value;
  }
}

function knownItems(schemas: Schemas, kind: FieldKind, items: readonly JsonValue[]): JsonValue[] {
  return items.map((item) => knownValue(schemas, kind, item)).filter((item) => item !== undefined);
}

function knownMembers(schemas: Schemas, kind: FieldKind, map: JsonObject): JsonObject {
  const members = Object.entries(map).map(([key, value]) => [key, knownValue(schemas, kind, value)] as const);
  return Object.fromEntries(members.filter((member): member is [string, JsonValue] => member[1] !== undefined));
}
