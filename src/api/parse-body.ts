import { ProductError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import { DecodeError, decodeMessage } from './decode-message.ts';
import type { Message, Schemas } from './message.ts';

/** Deeper than any message a client makes; a body of brackets only is refused before it is parsed. */
const MAX_DEPTH = 200;

/** The message in a body. An empty body is an empty message. Throws INVALID_USAGE with the place: `proto: (line 1:2): …`. */
export function parseBody<S extends Schemas, Name extends keyof S & string>(
  schemas: S,
  name: Name,
  text: string,
): Message<S, Name> {
  if (text.trim() === '') return {} as Message<S, Name>;
  const json = parseJson(text);
  try {
    return decodeMessage(schemas, name, json);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ProductError('INVALID_USAGE', `proto: (${placeOf(text, error.token)}): ${error.message}`);
  }
}

export function parseJson(text: string): JsonValue {
  if (isDeeperThan(text, MAX_DEPTH)) {
    throw new ProductError('INVALID_USAGE', 'proto: syntax error (line 1:1): the message nests too deep');
  }
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ProductError('INVALID_USAGE', `proto: syntax error (line 1:1): ${(error as Error).message}`);
  }
}

/** `line 1:2` of the first mention of a name; the start if it is not found. */
function placeOf(text: string, token: string | undefined): string {
  const at = token === undefined ? -1 : text.indexOf(JSON.stringify(token));
  if (at < 0) return 'line 1:1';
  const before = text.slice(0, at);
  return `line ${before.split('\n').length}:${at - before.lastIndexOf('\n')}`;
}

function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}
