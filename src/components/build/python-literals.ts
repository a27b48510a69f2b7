import type { PythonToken } from './python-tokens.ts';

/** The value of an expression that is a literal; `expression` for anything that would have to be evaluated. */
export type PythonValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string; readonly isFloat: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'list'; readonly items: readonly PythonValue[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [PythonValue, PythonValue])[] }
  | { readonly kind: 'expression'; readonly text: string };

export function pythonValue(tokens: readonly PythonToken[]): PythonValue {
  const [first] = tokens;
  const otherwise: PythonValue = { kind: 'expression', text: tokenText(tokens) };
  if (first === undefined) return otherwise;
  if (tokens.every((token) => token.value !== undefined))
    return { kind: 'string', value: tokens.map((token) => token.value).join('') };
  if (tokens.length === 1) return singleValue(first, otherwise);
  if (tokens.length === 2 && (first.text === '-' || first.text === '+') && tokens[1]!.kind === 'number') {
    const text = tokens[1]!.text.replaceAll('_', '');
    return { kind: 'number', text: first.text === '-' ? `-${text}` : text, isFloat: /[.eE]/.test(text) };
  }
  const inside = tokens.slice(1, -1);
  if (first.text === '[' && closesAtEnd(tokens)) return listValue(inside, otherwise);
  if (first.text === '{' && closesAtEnd(tokens)) return dictValue(inside, otherwise);
  if (first.text === '(' && closesAtEnd(tokens)) {
    return inside.some((token) => token.text === ',') ? listValue(inside, otherwise) : pythonValue(inside);
  }
  return otherwise;
}

/** Undefined for what is not a list of texts. */
export function textList(value: PythonValue): readonly string[] | undefined {
  if (value.kind !== 'list') return undefined;
  const texts = value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return texts.length === value.items.length ? texts : undefined;
}

function singleValue(token: PythonToken, otherwise: PythonValue): PythonValue {
  if (token.kind === 'number') return { kind: 'number', text: token.text.replaceAll('_', ''), isFloat: /[.eE]/.test(token.text) };
  if (token.text === 'None') return { kind: 'none' };
  if (token.text === 'True' || token.text === 'False') return { kind: 'boolean', value: token.text === 'True' };
  return otherwise;
}

function listValue(inside: readonly PythonToken[], otherwise: PythonValue): PythonValue {
  const items = splitAt(inside, ',').map(pythonValue);
  return items.some((item) => item.kind === 'expression') ? otherwise : { kind: 'list', items };
}

function dictValue(inside: readonly PythonToken[], otherwise: PythonValue): PythonValue {
  const entries = splitAt(inside, ',').map((entry) => splitAt(entry, ':').map(pythonValue));
  if (entries.some((entry) => entry.length !== 2 || entry.some((value) => value.kind === 'expression'))) return otherwise;
  return { kind: 'dict', entries: entries.map((entry) => [entry[0]!, entry[1]!] as const) };
}

/** The parts between separators that are in no inner brackets; a trailing separator adds none. */
export function splitAt(tokens: readonly PythonToken[], separator: string): readonly (readonly PythonToken[])[] {
  const parts: PythonToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'operator' && '([{'.includes(token.text)) depth += 1;
    if (token.kind === 'operator' && ')]}'.includes(token.text)) depth -= 1;
    if (depth === 0 && token.kind === 'operator' && token.text === separator) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part, index) => part.length > 0 || index < parts.length - 1);
}

/** Index behind the bracket that closes the one at `open`; the length when it is never closed. */
export function closingIndex(tokens: readonly PythonToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    const { kind, text } = tokens[index]!;
    if (kind !== 'operator') continue;
    if ('([{'.includes(text)) depth += 1;
    if (')]}'.includes(text) && --depth === 0) return index + 1;
  }
  return tokens.length;
}

function closesAtEnd(tokens: readonly PythonToken[]): boolean {
  return closingIndex(tokens, 0) === tokens.length;
}

/** The source of an expression without blanks, except between words. */
export function tokenText(tokens: readonly PythonToken[]): string {
  return tokens.reduce((text, token) => {
    const needsBlank = /[\p{L}\p{N}_]$/u.test(text) && (token.kind === 'name' || token.kind === 'number');
    return `${text}${needsBlank ? ' ' : ''}${token.text}`;
  }, '');
}
