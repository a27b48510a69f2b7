export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'comment' | 'plain';
  readonly text: string;
}

const LINE =
  /^(\s*(?:- +)*)(?:("[^"]*"|'[^']*'|[\w$.@/{}-][^:#"']*?)(:)(?=\s|$))?(\s*)("(?:[^"\\]|\\.)*"|'[^']*'|.*?)(,?|\s+#.*)$/;

/** A line of YAML or JSON in parts to be coloured. Only what can be told from the line alone; blocks of text are taken for plain text. */
export function tokensOfYaml(line: string): Token[] {
  if (/^\s*#/.test(line)) return [{ kind: 'comment', text: line }];
  const [, indent = '', key = '', colon = '', space = '', value = '', end = ''] = LINE.exec(line) ?? [];
  const tokens: Token[] = [
    { kind: 'plain', text: indent },
    { kind: 'key', text: key },
    { kind: 'plain', text: colon + space },
    { kind: kindOf(value), text: value },
    { kind: end.includes('#') ? 'comment' : 'plain', text: end },
  ];
  return tokens.filter(({ text }) => text !== '');
}

function kindOf(value: string): Token['kind'] {
  if (/^["']/.test(value)) return 'string';
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) return 'number';
  if (/^(true|false|null|~|\{\}|\[\]|[|>][-+]?)$/.test(value)) return 'word';
  return 'plain';
}
