/** Just enough of Python's lexical rules to find decorated functions without running Python. */
export interface PythonToken {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'newline';
  readonly text: string;
  /** The value of a string literal; absent for f-strings and byte strings. */
  readonly value?: string;
  readonly line: number;
  /** Column of the token, 0 for the start of a line. */
  readonly column: number;
}

const TOKEN =
  /(?<skip>[ \t\f\r]+|\\\r?\n|#[^\n]*)|(?<newline>\n)|(?<string>[A-Za-z]{0,2}(?:'''|"""|'|"))|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<number>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)|(?<operator>->|:=|\*\*|\/\/|[-+*/%@&|^~<>=!]=?|[()[\]{},:;.]|.)/suy;

/** The tokens of a source text. Line ends inside brackets are left out, as are comments. */
export function pythonTokens(source: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  for (let offset = 0; offset < source.length;) {
    TOKEN.lastIndex = offset;
    const groups = TOKEN.exec(source)!.groups!;
    const place = { line, column: offset - lineStart };
    let text = groups['skip'] ?? groups['newline'] ?? groups['name'] ?? groups['number'] ?? groups['operator'] ?? '';
    if (groups['string'] !== undefined) {
      const literal = readString(source, offset, groups['string']);
      text = literal.text;
      tokens.push({ kind: 'string', ...literal, ...place });
    } else if (groups['newline'] !== undefined) {
      if (depth === 0) tokens.push({ kind: 'newline', text, ...place });
    } else if (groups['name'] !== undefined) tokens.push({ kind: 'name', text, ...place });
    else if (groups['number'] !== undefined) tokens.push({ kind: 'number', text, ...place });
    else if (groups['operator'] !== undefined) {
      if ('([{'.includes(text)) depth += 1;
      if (')]}'.includes(text)) depth = Math.max(0, depth - 1);
      tokens.push({ kind: 'operator', text, ...place });
    }
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      line += 1;
      lineStart = offset + at + 1;
    }
    offset += text.length;
  }
  return tokens;
}

/** A literal from its prefix and opening quotes to its end, or to the end of the text when it is never closed. */
function readString(source: string, start: number, opening: string): { readonly text: string; readonly value?: string } {
  const prefix = /^[A-Za-z]*/.exec(opening)![0].toLowerCase();
  const quotes = opening.slice(prefix.length);
  let end = start + opening.length;
  while (end < source.length && !source.startsWith(quotes, end)) end += source[end] === '\\' ? 2 : 1;
  const body = source.slice(start + opening.length, end);
  const text = source.slice(start, end + quotes.length);
  if (/[fb]/.test(prefix)) return { text };
  return { text, value: prefix.includes('r') ? body : unescaped(body) };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' };

function unescaped(body: string): string {
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/g, (whole, escape: string) => {
    if (escape.length > 1) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return ESCAPES[escape] ?? whole;
  });
}
