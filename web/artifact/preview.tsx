import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { ApiError } from '../api/api-error.ts';
import { urlOf } from '../api/call.ts';
import { formatBytes } from '../base/format.ts';
import { CodeView } from '../ui/code-view.tsx';
import { Empty, ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { parseCsv } from './csv.ts';
import { jsonTable } from './json-table.ts';
import { MarkdownView } from './markdown-view.tsx';
import { previewKind, type PreviewKind } from './preview-kind.ts';
import { TableView } from './table-view.tsx';
import classes from './artifact.module.css';

const ParquetView = lazy(async () => ({ default: (await import('./parquet-view.tsx')).ParquetView }));

export interface PreviewProps {
  readonly artifactId: string;
  /** Within a folder; empty: the artifact is one file. */
  readonly path: string;
  readonly name: string;
  readonly typeName: string;
  readonly sizeBytes: number;
}

/** So much of a file is read for its preview. */
const HEAD_BYTES = 512 * 1024;
const MAX_ROWS = 500;

/** A file as what it is, from its first bytes. */
export function Preview(props: PreviewProps) {
  const { artifactId, path, name, typeName, sizeBytes } = props;
  const { data, error, refetch } = useQuery({
    queryKey: ['preview', artifactId, path],
    queryFn: async ({ signal }) => await readHead(artifactId, path, signal),
    staleTime: Infinity,
  });
  if (error) return <ErrorMessage title="The file cannot be read" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows count={6} />;
  const isWhole = data.length >= sizeBytes;
  const kind = previewKind(name, typeName, data);
  return (
    <section aria-label={`Preview of ${name}`} className={classes['preview']}>
      <Shown {...props} kind={kind} head={data} isWhole={isWhole} />
      {!isWhole && ['text', 'markdown'].includes(kind) && (
        <p className="muted">
          The first {formatBytes(data.length)} of {formatBytes(sizeBytes)}.
        </p>
      )}
    </section>
  );
}

interface ShownProps extends PreviewProps {
  readonly kind: PreviewKind;
  readonly head: Uint8Array;
  readonly isWhole: boolean;
}

function Shown({ kind, head, isWhole, artifactId, path, name, sizeBytes }: ShownProps) {
  const url = urlOf('Artifact_GetContent', { params: { artifact_id: artifactId }, query: { path } });
  if (head.length === 0) return <Empty icon="file" title="The file is empty" />;
  switch (kind) {
    case 'markdown':
      return <MarkdownView source={text(head)} />;
    case 'html':
      // Without an origin: what a step wrote can run, but sees nothing of this page and can ask the server for nothing.
      return <iframe className={classes['html']} sandbox="allow-scripts" src={url} title={name} />;
    case 'image':
      return (
        <figure className={classes['image']}>
          <img src={url} alt={name} />
        </figure>
      );
    case 'parquet':
      return (
        <Suspense fallback={<SkeletonRows count={6} />}>
          <ParquetView url={url} sizeBytes={sizeBytes} maxRows={MAX_ROWS} />
        </Suspense>
      );
    case 'csv': {
      const { header, rows, isCut } = parseCsv(text(head), { maxRows: MAX_ROWS, isWhole });
      return <TableView table={{ header, rows: rows.slice(0, MAX_ROWS), rowCount: isCut ? undefined : rows.length, isCut }} />;
    }
    case 'json': {
      const table = jsonTable(text(head), { maxRows: MAX_ROWS, isWhole });
      return table ? <TableView table={table} /> : <Code text={isWhole ? pretty(text(head)) : text(head)} name={name} />;
    }
    case 'text':
      return <Code text={text(head)} name={name} isPlain={!/\.(ya?ml|json)$/.test(name)} />;
    case 'binary':
      return (
        <Empty icon="file" title={`${name} is not shown here`}>
          {formatBytes(sizeBytes)} of binary data. Download it to open it with what wrote it.
        </Empty>
      );
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function pretty(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), null, 2);
  } catch {
    return source;
  }
}

function Code({
  text: source,
  name,
  isPlain = false,
}: {
  readonly text: string;
  readonly name: string;
  readonly isPlain?: boolean;
}) {
  return (
    <div className={classes['codeBox']}>
      <CodeView text={source} label={name} isPlain={isPlain} />
    </div>
  );
}

async function readHead(artifactId: string, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const url = urlOf('Artifact_GetContent', { params: { artifact_id: artifactId }, query: { path } });
  const response = await fetch(url, { signal, headers: { range: `bytes=0-${HEAD_BYTES - 1}` } });
  // An empty file has no first byte.
  if (response.status === 416) return new Uint8Array();
  if (!response.ok) throw ApiError.from(response.status, await response.text());
  return new Uint8Array(await response.arrayBuffer());
}
