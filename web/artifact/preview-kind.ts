/** How a file of an artifact is shown. */
export type PreviewKind = 'markdown' | 'html' | 'csv' | 'json' | 'parquet' | 'image' | 'text' | 'binary';

const BY_EXTENSION: Readonly<Record<string, PreviewKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  parquet: 'parquet',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
  svg: 'image',
  txt: 'text',
  log: 'text',
  yaml: 'text',
  yml: 'text',
  py: 'text',
};

const MAGIC: readonly (readonly [bytes: readonly number[], kind: PreviewKind])[] = [
  [[0x50, 0x41, 0x52, 0x31], 'parquet'],
  [[0x89, 0x50, 0x4e, 0x47], 'image'],
  [[0xff, 0xd8, 0xff], 'image'],
  [[0x47, 0x49, 0x46, 0x38], 'image'],
];

/** The extension says it, then the artifact's type, then the first bytes; files of steps mostly have no extension. */
export function previewKind(name: string, typeName: string, head: Uint8Array): PreviewKind {
  const byName = BY_EXTENSION[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];
  if (byName !== undefined) return byName;
  if (typeName.endsWith('.HTML')) return 'html';
  if (typeName.endsWith('.Markdown')) return 'markdown';
  const magic = MAGIC.find(([bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (magic) return magic[1];
  return isText(head) ? kindOfText(new TextDecoder().decode(head), typeName) : 'binary';
}

/** Text has no zero bytes and hardly any control characters; a character cut at the end is no objection. */
export function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  const controls = head.filter((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27).length;
  const decoded = new TextDecoder().decode(head.subarray(0, Math.max(0, head.length - 3)));
  return controls * 100 <= head.length && !decoded.includes('\ufffd');
}

function kindOfText(text: string, typeName: string): PreviewKind {
  const start = text.trimStart();
  if (/^<(!doctype html|html)\b/i.test(start)) return 'html';
  if (start.startsWith('{') || start.startsWith('[')) return 'json';
  const lines = text.split('\n').slice(0, 6).slice(0, -1);
  const widths = new Set(lines.map((line) => line.split(',').length));
  const isTable = lines.length >= 2 && widths.size === 1 && !widths.has(1);
  return isTable || (typeName.endsWith('.Dataset') && text.includes(',')) ? 'csv' : 'text';
}
