import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodeMessage, formatTimestamp } from '../../api/encode-message.ts';
import type { Message } from '../../api/message.ts';
import { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import { ProductError } from '../../base/errors.ts';
import { EXIT, writeJson } from '../command-error.ts';
import { styleFor } from '../style.ts';
import { findId } from '../server/find-object.ts';
import { type ListOptions, listQuery, wholeNumber } from '../server/list-query.ts';
import { note } from '../server/pipeline-package.ts';
import { printLines } from '../server/print-objects.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';
import { renderFields, renderTable } from '../server/table.ts';

type Artifact = Message<typeof NATIVE_MESSAGES, 'Artifact'>;

const COLUMNS: readonly (readonly [title: string, value: (artifact: Artifact) => string])[] = [
  ['ID', ({ artifact_id = '' }) => artifact_id],
  ['NAME', ({ name = '' }) => name],
  ['TYPE', ({ type_name, type = '' }) => type_name ?? type],
  ['SIZE', ({ size_bytes = 0 }) => (size_bytes < 0 ? '' : String(size_bytes))],
  ['CREATED AT', ({ created_at }) => (created_at ? formatTimestamp(created_at) : '')],
  ['URI', ({ uri = '' }) => uri],
];
const DETAILS: typeof COLUMNS = [
  ['RUN ID', ({ run_id = '' }) => run_id],
  ['TASK ID', ({ task_id = '' }) => task_id],
  ['METADATA', ({ metadata }) => (metadata ? JSON.stringify(metadata) : '')],
];

/** `artifact list [--run RUN]`. */
export async function list(options: ServerOptions & ListOptions & { readonly run?: string }): Promise<number> {
  const session = openSession(options);
  const given = listQuery(options);
  const filter = options.run === undefined ? given.filter : withRun(given.filter, await findId(session, 'run', options.run));
  const query = { ...given, filter, namespace: session.connection.namespace };
  const { artifacts = [], next_page_token } = await session.own.call('Artifact_List', { query });
  const style = styleFor(process.stdout, process.env);
  if (session.output === 'json') writeJson(artifacts.map(artifactJson));
  else if (artifacts.length === 0) note('no artifacts');
  else {
    const rows = artifacts.map((artifact) => COLUMNS.map(([, value]) => value(artifact)));
    printLines(
      renderTable(
        COLUMNS.map(([title]) => title),
        rows,
        style,
      ),
    );
  }
  if (next_page_token) note(`there are more; next page: --page-token ${next_page_token}`);
  return EXIT.ok;
}

function withRun(filter: string | undefined, runId: string): string {
  const given = filter ? (JSON.parse(filter) as { predicates?: readonly object[] }) : {};
  const ofRun = { operation: 'EQUALS', key: 'run_id', string_value: runId };
  return JSON.stringify({ predicates: [...(given.predicates ?? []), ofRun] });
}

export async function get(id: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const artifact = await session.own.call('Artifact_Get', { params: { artifact_id: id } });
  if (session.output === 'json') writeJson(artifactJson(artifact));
  else {
    const fields = [...COLUMNS, ...DETAILS].map(([title, value]) => [title, value(artifact)] as const);
    printLines(renderFields(fields, styleFor(process.stdout, process.env)));
  }
  return EXIT.ok;
}

export interface DownloadOptions extends ServerOptions {
  readonly to?: string;
  /** One file of an artifact that is a folder. */
  readonly path?: string;
}

/** `artifact download ID [--to FILE]`: a file as it is, a folder as .tar.gz; `--to -` is stdout. */
export async function download(id: string, options: DownloadOptions): Promise<number> {
  const session = openSession(options);
  const params = { artifact_id: id };
  const response = await session.own.open('Artifact_GetContent', { params, query: { path: options.path } });
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  if (options.to === '-') {
    await pipeline(body, process.stdout, { end: false });
    return EXIT.ok;
  }
  const target = options.to ?? (await defaultName(session, id, options.path));
  await pipeline(body, createWriteStream(target, { flags: options.to === undefined ? 'wx' : 'w' })).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new ProductError('INVALID_USAGE', `${target} is there already`, { hint: 'Give another name with --to FILE', cause });
  });
  note(`wrote ${target}`);
  return EXIT.ok;
}

async function defaultName({ own }: Session, id: string, path: string | undefined): Promise<string> {
  if (path !== undefined) return basename(path);
  const params = { artifact_id: id };
  const [artifact, files] = await Promise.all([own.call('Artifact_Get', { params }), own.call('Artifact_ListFiles', { params })]);
  const name = basename(artifact.uri ?? '') || artifact.name || id;
  return files.is_folder ? `${name}.tar.gz` : name;
}

export async function files(id: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const listed = await session.own.call('Artifact_ListFiles', { params: { artifact_id: id } });
  if (session.output === 'json') writeJson(encodeMessage(NATIVE_MESSAGES, 'ArtifactFiles', listed));
  else {
    const rows = (listed.files ?? []).map(({ path = '', size_bytes = 0 }) => [String(size_bytes), path]);
    printLines(renderTable(['SIZE', 'PATH'], rows, styleFor(process.stdout, process.env)));
    if (listed.is_truncated) note('and more');
  }
  return EXIT.ok;
}

/** `artifact lineage ID`: what made it and what used it, across runs. */
export async function lineage(id: string, options: ServerOptions & { readonly depth: string }): Promise<number> {
  const session = openSession(options);
  const query = { depth: wholeNumber('--depth', options.depth) };
  const found = await session.own.call('Artifact_GetLineage', { params: { artifact_id: id }, query });
  if (session.output === 'json') writeJson(encodeMessage(NATIVE_MESSAGES, 'Lineage', found));
  else printLines(lineageLines(found));
  return EXIT.ok;
}

/** One line per use: `train (run penguins 1)  wrote  model  <artifact>`. */
function lineageLines({
  artifacts = [],
  executions = [],
  edges = [],
  is_truncated,
}: Message<typeof NATIVE_MESSAGES, 'Lineage'>): string[] {
  const artifactById = new Map(artifacts.map((artifact) => [artifact.artifact_id, artifact]));
  const executionById = new Map(executions.map((execution) => [execution.task_id, execution]));
  const rows = edges.map(({ artifact_id, task_id, direction, name = '' }) => {
    const execution = executionById.get(task_id);
    return [
      execution?.run_name ?? '',
      execution?.path ?? task_id ?? '',
      direction === 'output' ? 'wrote' : 'read',
      name,
      artifact_id ?? '',
      artifactById.get(artifact_id)?.type_name ?? '',
    ];
  });
  const header = ['RUN', 'TASK', 'DID', 'AS', 'ARTIFACT', 'TYPE'];
  return [
    ...renderTable(header, rows, styleFor(process.stdout, process.env)),
    ...(is_truncated ? ['and more: give a smaller --depth'] : []),
  ];
}

const artifactJson = (artifact: Artifact) => ({
  id: artifact.artifact_id ?? '',
  ...encodeMessage(NATIVE_MESSAGES, 'Artifact', artifact),
});
