/** Reads fields of messages that no schema has checked: what is not of the kind asked for counts as absent. */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { valueToText } from '../ir/values.ts';

export const textOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : valueToText(value);
export const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
export const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];
export const textsOf = (value: JsonValue | undefined): readonly string[] => (Array.isArray(value) ? value.map(textOf) : []);
export const stringsOf = (value: JsonValue | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(objectOf(value)).map(([key, text]) => [key, textOf(text)]));
