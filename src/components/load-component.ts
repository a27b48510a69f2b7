import { existsSync } from 'node:fs';
import { ProductError, type Problem } from '../base/errors.ts';
import { readPipelineDocument } from '../ir/read.ts';
import { componentText } from './component-archive.ts';
import { readFile } from './component-sources.ts';
import { componentDigest } from './digest.ts';
import { fetchComponent, type FetchOptions } from './fetch-component.ts';
import { loadedFromDefinition, loadedFromDocument, type LoadedComponent } from './loaded-component.ts';
import { readComponentText } from './read-component.ts';
import type { ToIrOptions } from './to-ir.ts';

export interface LoadOptions extends ToIrOptions {
  /** Forgive what the 1.8 SDK refuses but a reader can understand. Default: false. */
  readonly lenient?: boolean;
  /** File path or URL, for messages. */
  readonly source?: string;
  /** What is to be said about the component already. */
  readonly warnings?: readonly Problem[];
}

/**
 * A component from the text of its file: version 1 (`implementation:`) or compiled (IR). Throws a ProductError with all
 * problems and their lines.
 */
export function loadComponentFromText(text: string, options: LoadOptions = {}): LoadedComponent {
  return load(text, componentDigest(text), options);
}

/** As {@link loadComponentFromText}, from the bytes of a YAML file or of a zip archive with a `component.yaml`. */
export function loadComponentFromBytes(data: Uint8Array, options: LoadOptions = {}): LoadedComponent {
  return load(componentText(data, options.source ?? 'the component'), componentDigest(data), options);
}

export function loadComponentFromFile(path: string, options: LoadOptions = {}): LoadedComponent {
  const result = readFile(path);
  if (result.kind === 'found') return loadComponentFromBytes(result.data, { source: path, ...options });
  const hint = existsSync(path)
    ? 'give the path of the component.yaml itself'
    : 'check the path; it is relative to the current folder';
  throw new ProductError('NOT_FOUND', `the component file ${path} cannot be read: ${result.reason}`, { hint });
}

export async function loadComponentFromUrl(url: string, options: LoadOptions & FetchOptions = {}): Promise<LoadedComponent> {
  const { etag: _, ...fetchOptions } = options;
  const result = await fetchComponent(url, fetchOptions);
  if (result.kind === 'found') return loadComponentFromBytes(result.data, { source: url, ...options });
  const reason = result.kind === 'failed' ? result.reason : 'nothing new';
  throw new ProductError('NOT_FOUND', `no component at ${url}: ${reason}`, {
    hint: 'check the URL, and that this machine can reach it',
  });
}

function load(text: string, digest: string, options: LoadOptions): LoadedComponent {
  return isCompiled(text) ? loadCompiled(text, digest, options) : loadVersion1(text, digest, options);
}

const COMPILED_KEYS = [
  'pipelineInfo',
  'pipeline_info',
  'pipelineSpec',
  'pipeline_spec',
  'root',
  'deploymentSpec',
  'schemaVersion',
];

/** Told by the keys at the top, without parsing what may be a large pipeline twice. */
function isCompiled(text: string): boolean {
  const keys = topKeys(text);
  return !keys.includes('implementation') && keys.some((key) => COMPILED_KEYS.includes(key));
}

function topKeys(text: string): readonly string[] {
  if (!/^\s*\{/.test(text)) return [...text.matchAll(/^["']?(\w+)["']?[ \t]*:/gm)].map((match) => match[1]!);
  try {
    return Object.keys(JSON.parse(text) as object);
  } catch {
    return [];
  }
}

function loadCompiled(text: string, digest: string, options: LoadOptions): LoadedComponent {
  const { source, warnings = [] } = options;
  const { document, problems } = readPipelineDocument(text);
  if (document === undefined) throw unreadable(problems, source);
  const origin = { digest, warnings: [...warnings, ...problems], ...(source === undefined ? {} : { source }) };
  return loadedFromDocument(document, origin, describedInComments(text));
}

/** The 2.x compiler writes the description as a comment above the document. */
function describedInComments(text: string): string | undefined {
  const match = /^# Description: (.*(?:\n# {14}.*)*)/m.exec(text.slice(0, MAX_COMMENT_LENGTH));
  return match?.[1]!.replace(/\n# {14}/g, '\n');
}

const MAX_COMMENT_LENGTH = 20_000;

function loadVersion1(text: string, digest: string, options: LoadOptions): LoadedComponent {
  const { lenient, source, warnings = [], ...conversion } = options;
  const { component, problems } = readComponentText(text, lenient === undefined ? {} : { lenient });
  if (component === undefined) throw unreadable(problems, source);
  const origin = { digest, warnings: [...warnings, ...problems], ...(source === undefined ? {} : { source }) };
  return loadedFromDefinition(component, origin, conversion);
}

function unreadable(problems: readonly Problem[], source: string | undefined): ProductError {
  const first = problems.find((problem) => problem.severity !== 'warning') ?? problems[0];
  const place = source ?? 'the component';
  const message = `${place} is no usable component: ${first?.message ?? 'it cannot be read'}`;
  return new ProductError('INVALID_PIPELINE', message, { problems, hint: 'correct the lines named in the problems' });
}
