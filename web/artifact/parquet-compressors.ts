import { gunzipSync } from 'fflate';
import { decompress } from 'fzstd';
import type { Compressors } from 'hyparquet';

/** What Parquet files are compressed with besides Snappy, which hyparquet reads itself. LZ4 and Brotli are rare and left out. */
export const COMPRESSORS: Compressors = {
  GZIP: (input, outputLength) => gunzipSync(input, { out: new Uint8Array(outputLength) }),
  ZSTD: (input, outputLength) => decompress(input, new Uint8Array(outputLength)),
};
