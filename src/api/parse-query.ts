import { ProductError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import { decodeEnum, DecodeError } from './decode-message.ts';
import { camelCase, fieldKind, type FieldKind, type Schemas } from './message.ts';

/**
 * Query parameters as the types a route names. Names that the route does not know are ignored, lowerCamelCase is accepted, the last
 * of several counts; a list takes all of them, also with commas between. A value of a wrong type throws INVALID_USAGE.
 */
export function parseQuery(
  schemas: Schemas,
  types: Readonly<Record<string, string>> | undefined,
  given: URLSearchParams,
): Readonly<Record<string, unknown>> {
  const query: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(types ?? {})) {
    const texts = [...given.getAll(name), ...given.getAll(camelCase(name))];
    if (texts.length === 0) continue;
    const kind = fieldKind(schemas, type);
    query[name] =
      kind.kind === 'list'
        ? texts.flatMap((text) => text.split(',')).map((text) => parseValue(kind.item, name, text))
        : parseValue(kind, name, given.getAll(name).at(-1) ?? texts.at(-1)!);
  }
  return query;
}

function parseValue(kind: FieldKind, name: string, text: string): unknown {
  if (kind.kind === 'enum') return parseEnum(kind.values, name, text);
  if (kind.kind === 'scalar') {
    if (kind.scalar === 'string') return text;
    if (kind.scalar === 'int32' && /^[+-]?\d{1,10}$/.test(text) && Math.abs(Number(text)) < 2 ** 31) return Number(text);
    if (kind.scalar === 'int64' && /^[+-]?\d{1,16}$/.test(text)) return Number(text);
    if (kind.scalar === 'bool' && /^(true|false|1|0)$/i.test(text)) return text === '1' || text.toLowerCase() === 'true';
  }
  throw mismatch(name, text);
}

function parseEnum(values: readonly (string | null)[], name: string, text: string): string {
  if (text === '') return values[0]!;
  const value: JsonValue = /^\d+$/.test(text) ? Number(text) : text;
  try {
    return decodeEnum(values, value, name);
  } catch (error) {
    if (error instanceof DecodeError) throw mismatch(name, text);
    throw error;
  }
}

function mismatch(name: string, text: string): ProductError {
  return new ProductError('INVALID_USAGE', `type mismatch, parameter: ${name}, error: invalid value ${JSON.stringify(text)}`);
}
