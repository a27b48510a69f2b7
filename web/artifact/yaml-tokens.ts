export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'comment' | 'mark' | 'plain';
  readonly text: string;
}

const KEY = /^(\s*(?:- )*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:'"[\]{},][^#:'"[\]{},]*?)(\s*:)(?=\s|$)/;

/** A line of YAML (or JSON) as coloured parts. It looks at one line alone: the inside of block texts may be coloured by chance. */
export function yamlTokens(line: string): readonly Token[] {
  if (/^\s*#/.test(line)) return [{ kind: 'comment', text: line }];
  const match = KEY.exec(line);
  if (!match) return valueTokens(line);
  const [whole, indent, key, colon] = match;
  return [
    { kind: 'plain', text: indent! },
    { kind: 'key', text: key! },
    { kind: 'mark', text: colon! },
    ...valueTokens(line.slice(whole.length)),
  ];
}

function valueTokens(text: string): readonly Token[] {
  const match = /^(\s*(?:- )*)(.*?)(\s+#.*)?$/.exec(text);
  const [, lead = '', value = '', comment] = match ?? [];
  return [
    { kind: 'plain', text: lead },
    { kind: kindOf(value), text: value },
    ...(comment === undefined ? [] : [{ kind: 'comment' as const, text: comment }]),
  ];
}

function kindOf(value: string): Token['kind'] {
  const bare = value.replace(/,$/, '');
  if (/^["'].*["']$/.test(bare)) return 'string';
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(bare)) return 'number';
  if (/^(true|false|null|~)$/.test(bare)) return 'word';
  return /^[|>][-+]?$|^[[\]{}]+$/.test(bare) ? 'mark' : 'plain';
}
