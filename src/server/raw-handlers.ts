import { buffer } from 'node:stream/consumers';
import { getRun } from '../app/runs.ts';
import { getTask, taskId, taskLog } from '../app/tasks.ts';
import { ProductError } from '../base/errors.ts';
import type { RawHandler } from './dialect.ts';
import { jsonReply } from './dialect.ts';
import { logReply } from './log-stream.ts';

/** Artifacts larger than this are not put into a JSON text; their content is at a URL of its own. */
const MAX_READ_BYTES = 64 * 1024 * 1024;

/** What a task has printed: `?follow=true` goes on until it ends, or until `leaving` aborts. */
export function readRunLog(leaving: AbortSignal): RawHandler {
  return async ({ params, query, request }, { app, caller }) => {
    const { run } = await getRun(app, params['run_id']!);
    const task = await getTask(app, run.runId, params['node_id']!);
    const section = { follow: query['follow'] === true, range: request.headers.get('range'), leaving, caller };
    return await logReply(await taskLog(app, task), section);
  };
}

/** The bytes of an output artifact in base64, as KFP's clients read metrics and visualisations. */
export const readArtifact: RawHandler = async ({ params }, { app }) => {
  const { run } = await getRun(app, params['run_id']!);
  const task = await getTask(app, run.runId, params['node_id']!);
  const name = params['artifact_name']!;
  const artifact = task.outputs?.artifacts[name]?.[0];
  if (!artifact) throw new ProductError('NOT_FOUND', `artifact ${name} of ${taskId(task)} not found`);
  const size = await app.artifacts.size(artifact.uri);
  if (size === undefined) throw new ProductError('NOT_FOUND', `artifact ${name} of ${taskId(task)} has no file`);
  if (size > MAX_READ_BYTES) {
    throw new ProductError('TOO_LARGE', `the artifact has ${size} bytes`, { hint: 'read its content from our own API' });
  }
  const bytes = await buffer(await app.artifacts.read(artifact.uri));
  return jsonReply({ data: bytes.toString('base64') });
};
