/**
 * PyYAML lets the later lines of a quoted scalar or a flow collection start at any column, and files that people have
 * re-indented rely on it; the YAML specification and our parser do not. Space at the start of such a line means nothing, so
 * that adding some mends the text without changing what it says or the number of any line.
 */

const PADDING = ' '.repeat(100);
/** How far up the opening quote of a scalar is looked for. */
const MAX_LINES_UP = 2000;
/** A quote that opens a value: after the dashes and the key, if any, of its line. */
const OPENING = /^\s*(?:[-?] +)*(?:[^\s"'#][^"'#]*: +|"[^"]*": +|'[^']*': +)?(?:[&!]\S+ +)*(["'])/;

/** The text with the line at `position` indented; if that line is in a quoted scalar, all later lines of it. */
export function mendIndentation(text: string, position: number): string {
  const lineStart = text.lastIndexOf('\n', Math.max(0, position - 1)) + 1;
  const end = scalarEnd(text, lineStart);
  const from = text.slice(lineStart, end ?? lineStart);
  return text.slice(0, lineStart) + PADDING + from.replaceAll('\n', `\n${PADDING}`) + text.slice(lineStart + from.length);
}

/** Where the quoted scalar ends that began on an earlier line and is open at `position`; undefined if none is. */
function scalarEnd(text: string, position: number): number | undefined {
  let lineEnd = position - 1;
  for (let lines = 0; lines < MAX_LINES_UP && lineEnd > 0; lines += 1) {
    const lineStart = text.lastIndexOf('\n', lineEnd - 1) + 1;
    const opening = OPENING.exec(text.slice(lineStart, lineEnd));
    if (opening) {
      const end = closingQuote(text, lineStart + opening[0].length, opening[1]!);
      if (end > position) return end;
    }
    lineEnd = lineStart - 1;
  }
  return undefined;
}

function closingQuote(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at;
      at += 1;
    }
  }
  return -1;
}
