import { unzipSync } from 'fflate';
import { ProductError } from '../base/errors.ts';

/** Largest component file, packed or not. Compiled pipelines are component files too; KFP's own limit for them is 32 MiB. */
export const MAX_COMPONENT_BYTES = 32 * 1024 * 1024;

/** The first is a component's own file, the other that of a compiled pipeline. */
const FILES_IN_ARCHIVE = ['component.yaml', 'pipeline.yaml'];

/**
 * The text of a component file: UTF-8, or a zip archive with a `component.yaml` at its top. Throws a ProductError for anything
 * else, naming `place`.
 */
export function componentText(data: Uint8Array, place: string): string {
  if (data.length > MAX_COMPONENT_BYTES) throw tooLarge(place);
  const bytes = isZip(data) ? fileInArchive(data, place) : data;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ProductError('INVALID_PIPELINE', `${place} is not UTF-8 text`, {
      hint: 'a component file is YAML, or a zip archive with a component.yaml',
      cause,
    });
  }
}

export function isZip(data: Uint8Array): boolean {
  return data[0] === 0x50 && data[1] === 0x4b && data[2] === 3 && data[3] === 4;
}

function fileInArchive(data: Uint8Array, place: string): Uint8Array {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(data, {
      filter(entry) {
        if (!FILES_IN_ARCHIVE.includes(entry.name)) return false;
        if (entry.originalSize > MAX_COMPONENT_BYTES) throw tooLarge(place);
        return true;
      },
    });
  } catch (cause) {
    if (cause instanceof ProductError) throw cause;
    throw new ProductError('INVALID_PIPELINE', `the zip archive ${place} cannot be opened`, { hint: 'pack it again', cause });
  }
  const file = FILES_IN_ARCHIVE.map((name) => files[name]).find((found) => found !== undefined);
  if (file === undefined) {
    throw new ProductError('INVALID_PIPELINE', `the zip archive ${place} has no ${FILES_IN_ARCHIVE[0]}`, {
      hint: 'it must be at the top of the archive',
    });
  }
  return file;
}

function tooLarge(place: string): ProductError {
  const limit = `${MAX_COMPONENT_BYTES / 1024 / 1024} MiB`;
  return new ProductError('TOO_LARGE', `${place} is larger than ${limit}`, {
    hint: 'large data belongs into an artifact, not into the component',
  });
}
