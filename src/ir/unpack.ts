/** The text of a pipeline in the bytes of a file: plain, or the first fitting file of a .zip or .tar.gz. All sizes are bounded. */
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
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

function unzip(bytes: Uint8Array): Unpacked {
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

const BLOCK = 512;

/** Plain files of a tar, read by their headers (POSIX ustar); a gzipped text that is no tar is taken as the document itself. */
function untar(bytes: Uint8Array): Unpacked {
  if (textAt(bytes, 257, 5) !== 'ustar') return decodeText(bytes);
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0 && files.size < MAX_ENTRIES;) {
    const size = Number.parseInt(textAt(bytes, at + 124, 12).trim() || '0', 8);
    const type = textAt(bytes, at + 156, 1);
    if (!Number.isFinite(size) || size < 0) return problem('the archive has a broken header');
    const prefix = textAt(bytes, at + 345, 155);
    const name = textAt(bytes, at, 100);
    if (type === '0' || type === '')
      files.set(prefix ? `${prefix}/${name}` : name, bytes.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  const chosen = chooseEntry([...files.keys()]);
  return chosen === undefined ? noPipeline([...files.keys()]) : decodeText(files.get(chosen)!);
}

/** A field of a header: text up to the first NUL. */
function textAt(bytes: Uint8Array, start: number, length: number): string {
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
