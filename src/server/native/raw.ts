import { getVersion } from '../../app/pipeline-versions.ts';
import { getArtifact } from '../../app/lineage.ts';
import { getRun } from '../../app/runs.ts';
import { getTask, taskLog } from '../../app/tasks.ts';
import { writePipelineYaml } from '../../ir/write.ts';
import { contentReply } from '../artifact-content.ts';
import type { Query, RawHandler } from '../dialect.ts';
import { logReply } from '../log-stream.ts';
import { allEvents, runEvents } from './streams.ts';

/** Streams end when `leaving` aborts. */
export function nativeRaw(leaving: AbortSignal): Readonly<Record<string, RawHandler>> {
  return {
    Event_Stream: allEvents(leaving),
    Run_StreamEvents: runEvents(leaving),
    async Run_GetSource({ params }, { app }) {
      const { run } = await getRun(app, params['run_id']!);
      return yamlReply(writePipelineYaml(await app.documents.pipeline(run.documentDigest)));
    },
    async Version_GetSource({ params }, { app }) {
      const version = await getVersion(app, params['pipeline_version_id']!, { pipelineId: params['pipeline_id']! });
      return yamlReply(await app.documents.text(version.templateDigest));
    },
    async Task_GetLog({ params, query, request }, { app, caller }) {
      const { run } = await getRun(app, params['run_id']!);
      const task = await getTask(app, run.runId, params['task_id']!);
      const log = await taskLog(app, task, number(query, 'attempt'));
      const reply = await logReply(log, {
        offset: number(query, 'offset'),
        limit: number(query, 'limit'),
        tail: number(query, 'tail'),
        follow: query['follow'] === true,
        range: request.headers.get('range'),
        leaving,
        caller,
      });
      if (query['download'] === true) {
        reply.headers.set('content-disposition', `attachment; filename="${run.runId}.${task.task}.${log.attempt}.log"`);
      }
      return reply;
    },
    async Artifact_GetContent({ params, query, request }, { app }) {
      return await contentReply(app, await getArtifact(app, params['artifact_id']!), {
        path: (query['path'] as string | undefined) ?? '',
        range: request.headers.get('range'),
        isDownload: query['download'] === true,
      });
    },
  };
}

const number = (query: Query, name: string): number | undefined => query[name] as number | undefined;

const yamlReply = (text: string): Response => new Response(text, { headers: { 'content-type': 'text/yaml; charset=utf-8' } });
