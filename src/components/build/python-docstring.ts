export interface Docstring {
  /** The first paragraph, on one line; empty when there is none. */
  readonly summary: string;
  /** What the `Args:` section says of each parameter. */
  readonly parameters: Readonly<Record<string, string>>;
}

const SECTION = /^(\s*)(?:Args|Arguments|Parameters):\s*$/;
const ENTRY = /^(\s*)\*{0,2}(\w+)\s*(?:\([^)]*\))?:\s*(.*)$/;

/** Reads a docstring in Google's style, which is what pipelines are documented in. */
export function readDocstring(text: string | undefined): Docstring {
  const lines = (text ?? '').split('\n');
  const summary = (text ?? '').trim().split(/\n\s*\n/)[0]!;
  const start = lines.findIndex((line) => SECTION.test(line));
  return { summary: SECTION.test(summary) ? '' : oneLine(summary), parameters: start === -1 ? {} : entries(lines, start) };
}

/** Entries go on while lines are indented deeper than the title; deeper still they continue the entry above. */
function entries(lines: readonly string[], start: number): Readonly<Record<string, string>> {
  const title = indentOf(lines[start]!);
  const found: Record<string, string> = {};
  let current: { readonly name: string; readonly indent: number } | undefined;
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === '') continue;
    if (indentOf(line) <= title) break;
    const entry = ENTRY.exec(line);
    if (entry !== null && (current === undefined || indentOf(line) <= current.indent)) {
      current = { name: entry[2]!, indent: indentOf(line) };
      found[current.name] = entry[3]!.trim();
    } else if (current !== undefined) found[current.name] = `${found[current.name]!} ${line.trim()}`.trim();
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
