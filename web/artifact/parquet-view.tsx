import { useQuery } from '@tanstack/react-query';
import { asyncBufferFromUrl, cachedAsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { COMPRESSORS } from './parquet-compressors.ts';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import type { TableData } from './column-statistics.ts';
import { toCell } from './json-table.ts';
import { TableView } from './table-view.tsx';

interface ParquetViewProps {
  readonly url: string;
  readonly sizeBytes: number;
  readonly maxRows: number;
}

/** The first rows of a Parquet file: only the parts of it that they are in are read. */
export function ParquetView({ url, sizeBytes, maxRows }: ParquetViewProps) {
  const { data, error } = useQuery({
    queryKey: ['parquet', url],
    queryFn: async () => await read(url, sizeBytes, maxRows),
    staleTime: Infinity,
    retry: false,
  });
  if (error) return <ErrorMessage title="The Parquet file cannot be read here" error={error} />;
  return data ? <TableView table={data} /> : <SkeletonRows count={6} />;
}

async function read(url: string, byteLength: number, maxRows: number): Promise<TableData> {
  const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url, byteLength }));
  const metadata = await parquetMetadataAsync(file);
  const rowCount = Number(metadata.num_rows);
  const records = await parquetReadObjects({
    file,
    metadata,
    compressors: COMPRESSORS,
    rowStart: 0,
    rowEnd: Math.min(maxRows, rowCount),
  });
  const header = Object.keys(records[0] ?? {});
  return {
    header,
    rows: records.map((record) => header.map((name) => toCell(record[name]))),
    rowCount,
    isCut: rowCount > maxRows,
  };
}
