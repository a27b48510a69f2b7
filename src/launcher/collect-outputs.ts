/** What a step that ended well has produced: its executor output, its parameter files, its artifacts. */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { cp, lstat, realpath, rmdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { jsonKind } from '../base/json.ts';
import type { JsonValue } from '../base/json.ts';
import type { TaskLaunch } from '../executors/executor.ts';
import { readExecutorOutput } from '../ir/executor-input.ts';
import type { ExecutorOutput, ReportedArtifact } from '../ir/executor-input.ts';
import { isOfType, textToValue } from '../ir/values.ts';
import type { ParameterType } from '../ir/spec.ts';
import type { ArtifactOutcome, TaskError, TaskOutputs } from '../model/outcome.ts';
import { hostPathOf, mountPointOf, storeError, uriOfHostPath } from './remote-artifacts.ts';
import { parameterFile } from './step-paths.ts';
import type { StepPaths } from './step-paths.ts';

export type Collected =
  | { readonly kind: 'outputs'; readonly outputs: TaskOutputs }
  | { readonly kind: 'failed'; readonly error: TaskError };

export const NO_OUTPUTS: TaskOutputs = { parameters: {}, artifacts: {} };

const NOTHING_REPORTED: ExecutorOutput = { parameters: {}, artifacts: {} };
/** A step's values become rows of the database and arguments of other steps; larger data belongs in an artifact. */
export const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/** Thrown inside this file only. */
class CollectError extends Error {}

export async function collectOutputs(
  launch: TaskLaunch,
  host: { readonly paths: StepPaths; readonly artifacts: ArtifactStore; readonly usesExecutorOutput: boolean },
): Promise<Collected> {
  try {
    const reported = host.usesExecutorOutput ? readReported(host.paths.executorOutput) : NOTHING_REPORTED;
    const parameters: Record<string, JsonValue> = {};
    for (const [name, type] of Object.entries(launch.outputs.parameters)) {
      const lenient = host.usesExecutorOutput && isKfpRuntime(launch);
      parameters[name] = collectParameter({ name, type, lenient, reported, file: parameterFile(host.paths, name) });
    }
    const artifacts: Record<string, readonly ArtifactOutcome[]> = {};
    for (const [name, planned] of Object.entries(launch.outputs.artifacts)) {
      artifacts[name] = [await collectArtifact(planned, reported.artifacts[name]?.[0], host)];
    }
    return { kind: 'outputs', outputs: { parameters, artifacts } };
  } catch (error) {
    if (!(error instanceof CollectError)) return { kind: 'failed', error: storeError(error) };
    return { kind: 'failed', error: { code: 1, cause: 'input', message: error.message } };
  }
}

/** A component of the kfp SDK leaves out outputs that are None; any other program that does so is wrong. */
function isKfpRuntime(launch: TaskLaunch): boolean {
  return [...launch.command, ...launch.args].some((word) => /\bkfp(\.[a-z0-9_]+)*\.executor_main\b/.test(word));
}

function readReported(file: string): ExecutorOutput {
  const failed = (why: string) => new CollectError(`failed to unmarshall ExecutorOutput in file "${file}": ${why}`);
  const text = readText(file, failed);
  if (text === undefined) return NOTHING_REPORTED;
  const result = readExecutorOutput(text);
  if (result.kind === 'output') return result.output;
  throw failed(result.problem.message);
}

function collectParameter(parameter: {
  readonly name: string;
  readonly type: ParameterType;
  readonly lenient: boolean;
  readonly reported: ExecutorOutput;
  readonly file: string;
}): JsonValue {
  const { name, type, file } = parameter;
  const failed = (why: string) =>
    new CollectError(`failed to read output parameter name="${name}" type="${type}" path="${file}": ${why}`);
  if (Object.hasOwn(parameter.reported.parameters, name)) {
    const value = parameter.reported.parameters[name]!;
    if (value !== null && !isOfType(type, value)) throw failed(`the step reported a ${jsonKind(value)}`);
    return value;
  }
  const text = readText(file, failed);
  if (text === undefined && parameter.lenient) return null;
  if (text === undefined) throw failed('no such file; the step ended without writing it');
  const read = textToValue(type, text);
  if (read.kind === 'error') throw failed(read.message);
  return read.value;
}

/**
 * At once, not in the background: for a file of a few bytes that costs a tenth. Only plain files: a named pipe or a device would
 * keep this process waiting or reading for ever.
 */
function readText(file: string, failed: (why: string) => CollectError): string | undefined {
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // A link in a circle, a socket: what the step made, not what this machine lacks.
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENOTDIR') throw failed(message);
    throw error;
  }
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) throw failed(`it is ${found.isDirectory() ? 'a folder' : 'a device or a pipe'}, not a file`);
    if (found.size > MAX_OUTPUT_BYTES)
      throw failed(`it has ${found.size} bytes, more than the ${MAX_OUTPUT_BYTES} a value may have; write an artifact instead`);
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

async function collectArtifact(
  planned: { readonly name: string; readonly uri: string; readonly metadata: ArtifactOutcome['metadata'] },
  reported: ReportedArtifact | undefined,
  host: { readonly paths: StepPaths; readonly artifacts: ArtifactStore },
): Promise<ArtifactOutcome> {
  const uri = uriOfHostPath(reported?.uri ?? planned.uri, host.paths.remote);
  const metadata = { ...planned.metadata, ...reported?.metadata };
  // Only what we planned is ours to change: at another URI may be a link of the user's.
  const elsewhere = reported?.customPath ?? (uri === planned.uri ? await linkTarget(uri, host) : undefined);
  if (elsewhere === undefined) await upload(uri, host);
  else await adoptCustomPath(planned.name, elsewhere, uri, host);
  const sizeBytes = await sizeOf(uri, { isOurs: uri === planned.uri, artifacts: host.artifacts });
  return { uri, metadata, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}

/** What the step wrote for an object store is taken there; done again after a kill, it is there already. */
async function upload(uri: string, host: { readonly paths: StepPaths; readonly artifacts: ArtifactStore }): Promise<void> {
  if (mountPointOf(uri, host.artifacts) === undefined) return;
  const path = hostPathOf(uri, { artifacts: host.artifacts, remote: host.paths.remote });
  if (existsSync(path)) await host.artifacts.adopt(path, uri);
}

/** Where the step's link leads, if it wrote one instead of the artifact itself: kept as a link, it would break with the work folder. */
async function linkTarget(
  uri: string,
  host: { readonly paths: StepPaths; readonly artifacts: ArtifactStore },
): Promise<string | undefined> {
  try {
    const path = hostPathOf(uri, { artifacts: host.artifacts, remote: host.paths.remote });
    if (!(await lstat(path)).isSymbolicLink()) return undefined;
    const found = await stat(path);
    return found.isFile() || found.isDirectory() ? await realpath(path) : undefined;
  } catch {
    // Nothing is there, or nothing where the link leads: an artifact that was not written.
    return undefined;
  }
}

/** A URI the step made up may be of a store that is not ours, or that does not let us look. */
async function sizeOf(
  uri: string,
  { isOurs, artifacts }: { readonly isOurs: boolean; readonly artifacts: ArtifactStore },
): Promise<number | undefined> {
  if (!artifacts.handles(uri)) return undefined;
  return await artifacts.size(uri).catch((error: unknown) => {
    if (isOurs) throw error;
    return undefined;
  });
}

/** Only what lies in the attempt's own folder is moved: elsewhere it may be an input or a file of the user's. */
async function adoptCustomPath(
  name: string,
  customPath: string,
  uri: string,
  host: { readonly paths: StepPaths; readonly artifacts: ArtifactStore },
): Promise<void> {
  const path = hostPathOfSeen(resolve(host.paths.work, customPath), host.paths);
  if (path === host.artifacts.localPath(uri)) return;
  try {
    await stat(path);
  } catch {
    // Taken over already, if an engine was killed while it collected.
    if (await host.artifacts.exists(uri)) return;
    throw new CollectError(`output artifact "${name}": the step reported the custom path ${path}, and there is nothing`);
  }
  const own = [host.paths.work, host.paths.remote];
  if (own.some((folder) => path.startsWith(`${folder}/`))) return host.artifacts.adopt(path, uri);
  const copy = join(host.paths.aside, `adopted-${encodeURIComponent(name)}`);
  await cp(path, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await host.artifacts.adopt(copy, uri);
  await rmdir(host.paths.aside).catch(() => {}); // Not empty if there is more of this step in it.
}

/** A step that sees its remote folder at `/s3` names its files so. */
function hostPathOfSeen(path: string, { remote }: StepPaths): string {
  const mounted = remote + path;
  return /^\/(s3|gcs|minio)\//.test(path) && existsSync(mounted) ? mounted : path;
}
