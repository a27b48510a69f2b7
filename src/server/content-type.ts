import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.htm': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.log': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.tsv': 'text/tab-separated-values; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.yaml': 'text/yaml; charset=utf-8',
  '.yml': 'text/yaml; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.parquet': 'application/vnd.apache.parquet',
};

const BY_ARTIFACT_TYPE: Readonly<Record<string, string>> = {
  'system.HTML': TYPES['.html']!,
  'system.Markdown': TYPES['.md']!,
};

/** The media type of a file by its name, else by the type of the artifact it belongs to. */
export function contentType(fileName: string, artifactType?: string): string {
  return TYPES[extname(fileName).toLowerCase()] ?? BY_ARTIFACT_TYPE[artifactType ?? ''] ?? 'application/octet-stream';
}
