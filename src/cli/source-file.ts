import { readFile } from 'node:fs/promises';
import { ProductError } from '../base/errors.ts';

/** Endings of files that hold pipelines in the TypeScript SDK. */
export const TYPESCRIPT: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs']);

/** A file named on the command line. Throws INVALID_USAGE with the name and why it cannot be read. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`;
    throw new ProductError('INVALID_USAGE', `${file}: ${why}`, { cause });
  }
}
