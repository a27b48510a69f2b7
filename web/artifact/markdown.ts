/** Markdown as a tree of plain values: nothing of it becomes HTML that was not made here. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: 'table';
      readonly header: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'rule' };

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'deleted'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly parts: readonly Inline[]; readonly href: string }
  | { readonly kind: 'image'; readonly text: string; readonly source: string };

const MAX_DEPTH = 8;

/** Reads the Markdown that reports use: headings, lists, code, quotes, tables, links, emphasis. HTML in it is shown as text. */
export function parseMarkdown(source: string): readonly Block[] {
  return readBlocks(source.replaceAll('\r\n', '\n').split('\n'), 0);
}

const FENCE = /^ {0,3}(```+|~~~+)\s*([\w+-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s{0,3})([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const TABLE_LINE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

interface Reader {
  readonly lines: readonly string[];
  at: number;
  readonly depth: number;
}

function readBlocks(lines: readonly string[], depth: number): readonly Block[] {
  const reader: Reader = { lines, at: 0, depth };
  const blocks: Block[] = [];
  while (reader.at < lines.length) {
    if (lines[reader.at]!.trim() === '') reader.at += 1;
    else blocks.push(readBlock(reader));
  }
  return blocks;
}

function readBlock(reader: Reader): Block {
  const line = reader.lines[reader.at]!;
  const fence = FENCE.exec(line);
  if (fence) return readCode(reader, fence[1]!, fence[2]!);
  const heading = HEADING.exec(line);
  if (heading) {
    reader.at += 1;
    return { kind: 'heading', level: heading[1]!.length, text: parseInline(heading[2]!) };
  }
  if (RULE.test(line)) {
    reader.at += 1;
    return { kind: 'rule' };
  }
  if (reader.depth < MAX_DEPTH && QUOTE.test(line)) return readQuote(reader);
  if (reader.depth < MAX_DEPTH && ITEM.test(line)) return readList(reader);
  if (line.includes('|') && TABLE_LINE.test(reader.lines[reader.at + 1] ?? '')) return readTable(reader);
  return readParagraph(reader);
}

function readCode(reader: Reader, fence: string, language: string): Block {
  const text: string[] = [];
  reader.at += 1;
  while (reader.at < reader.lines.length && !reader.lines[reader.at]!.trimStart().startsWith(fence)) {
    text.push(reader.lines[reader.at]!);
    reader.at += 1;
  }
  reader.at += 1;
  return { kind: 'code', language, text: text.join('\n') };
}

function readQuote(reader: Reader): Block {
  const inner: string[] = [];
  for (let match; (match = QUOTE.exec(reader.lines[reader.at] ?? '')); reader.at += 1) inner.push(match[1]!);
  return { kind: 'quote', blocks: readBlocks(inner, reader.depth + 1) };
}

function readList(reader: Reader): Block {
  const isOrdered = /\d/.test(ITEM.exec(reader.lines[reader.at]!)![2]!);
  const items: string[][] = [];
  while (reader.at < reader.lines.length) {
    const line = reader.lines[reader.at]!;
    const match = ITEM.exec(line);
    if (match && /\d/.test(match[2]!) === isOrdered) items.push([match[3]!]);
    else if (/^\s{2,}\S/.test(line) && items.length > 0) items.at(-1)!.push(line.replace(/^\s{2,4}/, ''));
    else if (line.trim() === '' && /^(\s{2,}\S|\s{0,3}([-*+]|\d+[.)])\s)/.test(reader.lines[reader.at + 1] ?? ''))
      items.at(-1)!.push('');
    else break;
    reader.at += 1;
  }
  return { kind: 'list', isOrdered, items: items.map((lines) => readBlocks(lines, reader.depth + 1)) };
}

function readTable(reader: Reader): Block {
  const cells = (line: string): readonly (readonly Inline[])[] =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')));
  const header = cells(reader.lines[reader.at]!);
  reader.at += 2;
  const rows: (readonly (readonly Inline[])[])[] = [];
  for (; (reader.lines[reader.at] ?? '').includes('|'); reader.at += 1) rows.push(cells(reader.lines[reader.at]!));
  return { kind: 'table', header, rows };
}

function readParagraph(reader: Reader): Block {
  const lines: string[] = [];
  do {
    lines.push(reader.lines[reader.at]!.trim());
    reader.at += 1;
  } while (reader.at < reader.lines.length && !endsParagraph(reader.lines[reader.at]!));
  return { kind: 'paragraph', text: parseInline(lines.join(' ')) };
}

const endsParagraph = (line: string): boolean =>
  line.trim() === '' || [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));

const INLINE =
  /(`+)(.+?)\1|!\[([^\]]*)\]\(([^)\s]+)[^)]*\)|\[([^\]]+)\]\(([^)\s]+)[^)]*\)|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*([^*\s][^*]*)\*|\b_([^_]+)_\b|(https?:\/\/[^\s<>)]+)/;

export function parseInline(source: string, depth = 0): readonly Inline[] {
  const parts: Inline[] = [];
  let rest = source;
  while (rest !== '') {
    const match = depth < MAX_DEPTH ? INLINE.exec(rest) : null;
    if (!match) {
      parts.push({ kind: 'text', text: rest });
      break;
    }
    if (match.index > 0) parts.push({ kind: 'text', text: rest.slice(0, match.index) });
    parts.push(inlineOf(match, depth + 1));
    rest = rest.slice(match.index + match[0].length);
  }
  return parts;
}

function inlineOf(match: RegExpExecArray, depth: number): Inline {
  const [whole, , code, alternative, source, label, href, strong, strongToo, deleted, emphasis, emphasisToo, url] = match;
  if (code !== undefined) return { kind: 'code', text: code };
  // Only images that are in the text itself: others would tell a foreign server that the page is read.
  if (source !== undefined)
    return { kind: 'image', text: alternative ?? '', source: /^data:image\/(png|jpeg|gif|webp);/.test(source) ? source : '' };
  if (href !== undefined) {
    return isSafe(href) ? { kind: 'link', parts: parseInline(label!, depth), href } : { kind: 'text', text: label! };
  }
  if (url !== undefined) return { kind: 'link', parts: [{ kind: 'text', text: url }], href: url };
  if (deleted !== undefined) return { kind: 'deleted', parts: parseInline(deleted, depth) };
  const bold = strong ?? strongToo;
  if (bold !== undefined) return { kind: 'strong', parts: parseInline(bold, depth) };
  const slanted = emphasis ?? emphasisToo;
  return slanted === undefined ? { kind: 'text', text: whole } : { kind: 'emphasis', parts: parseInline(slanted, depth) };
}

const isSafe = (href: string): boolean => /^(https?:|mailto:|#|\/(?!\/))/i.test(href);
