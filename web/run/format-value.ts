/** What fits on a line of this length is written on one. */
const LINE = 64;

/** A value as people read it: text as it is, JSON on one line where it is short, else indented, lists of short things on one line each. */
export function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : formatJson(value, '');
}

function formatJson(value: unknown, indent: string): string {
  const compact = JSON.stringify(value) ?? 'null';
  if (compact.length + indent.length <= LINE || typeof value !== 'object' || value === null) return spaced(compact, value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map((member) => formatJson(member, inner))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${formatJson(member, inner)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

/** One line with a space behind commas and colons; not within texts. */
function spaced(compact: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return compact;
  return compact.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (part) => (part === ',' || part === ':' ? `${part} ` : part));
}
