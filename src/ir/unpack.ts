/** The text of a pipeline in the bytes of a file: plain, or the first fitting file of a .zip or .tar.gz. All sizes are bounded. */
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import type { Problem } from '../base/errors.ts';
import { MAX_YAML_BYTES } from '../base/yaml.ts';

export type Unpacked = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'problem'; readonly problem: Problem };

/** A pipeline's archive holds a handful of files. */
const MAX_ENTRIES = 1000;
const MEBIBYTE = 1024 * 1024;

export function unpackDocument(bytes: Uint8Array, { fileName = '' }: { readonly fileName?: string } = {}): Unpacked {
  if (bytes.length > MAX_YAML_BYTES) return problem(tooLarge(fileName || 'the file'));
  try {
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return unzip(bytes);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return untar(gunzipSync(bytes, { maxOutputLength: MAX_YAML_BYTES }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return problem(
      code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge('the unpacked archive') : `the archive cannot be unpacked: ${message}`,
    );
  }
  return decodeText(bytes);
}

function problem(message: string, path = ''): Unpacked {
  return { kind: 'problem', problem: { path, message } };
}

const tooLarge = (subject: string): string => `${subject} is larger than ${MAX_YAML_BYTES / MEBIBYTE} MiB`;

function decodeText(bytes: Uint8Array): Unpacked {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return problem('the file is neither UTF-8 text nor a .zip or .tar.gz archive');
  }
}

/** Neither of the libraries for archives is loaded before there is one. */
const require = createRequire(import.meta.url);

function unzip(bytes: Uint8Array): Unpacked {
  const { unzipSync } = require('fflate') as typeof import('fflate');
  const names: string[] = [];
  unzipSync(bytes, {
    filter: ({ name }) => {
      if (names.length < MAX_ENTRIES) names.push(name);
      return false;
    },
  });
  const chosen = chooseEntry(names);
  if (chosen === undefined) return noPipeline(names);
  let size = 0;
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name !== chosen) return false;
      size = originalSize;
      return originalSize <= MAX_YAML_BYTES;
    },
  });
  if (size > MAX_YAML_BYTES) return problem(tooLarge(chosen), chosen);
  return decodeText(files[chosen]!);
}

/** `pipeline.yaml` wherever it is, else the first YAML or JSON file that is not a hidden one or macOS's shadow of one. */
function chooseEntry(names: readonly string[]): string | undefined {
  const fitting = names.filter((name) => /\.(ya?ml|json)$/i.test(name) && !/(^|\/)(\._|\.)[^/]*$|^__MACOSX\//.test(name));
  return fitting.find((name) => /(^|\/)pipeline\.yaml$/.test(name)) ?? fitting[0];
}

function noPipeline(names: readonly string[]): Unpacked {
  if (names.length === 0) return problem('the archive is empty');
  return problem(`the archive has no pipeline.yaml and no other YAML file; it has ${names.slice(0, 5).join(', ')}`);
}

/** Files of a tar in any of its formats; a gzipped text that is no tar is taken as the document itself. */
function untar(bytes: Uint8Array): Unpacked {
  if (!isTar(bytes)) return decodeText(bytes);
  const files = readTar(bytes);
  const chosen = chooseEntry([...files.keys()]);
  return chosen === undefined ? noPipeline([...files.keys()]) : decodeText(files.get(chosen)!);
}

/** `ustar` stands in the first header of every tar that anybody writes today. */
function isTar(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar';
}

/** The parser is a stream that does its work at once when it is given everything at once. */
function readTar(bytes: Uint8Array): Map<string, Uint8Array> {
  const { Parser } = require('tar/parse') as typeof import('tar/parse');
  const files = new Map<string, Uint8Array>();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on('data', (chunk) => chunks.push(chunk));
      entry.on('end', () => {
        if ((entry.type === 'File' || entry.type === 'OldFile') && files.size < MAX_ENTRIES)
          files.set(entry.path, Buffer.concat(chunks));
      });
    },
  });
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.end(Buffer.from(bytes));
  return files;
}
