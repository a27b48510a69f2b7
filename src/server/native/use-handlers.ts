import { pipelineUse, type StepUse } from '../../app/pipeline-use.ts';
import { getPipeline } from '../../app/pipelines.ts';
import { getRun } from '../../app/runs.ts';
import { pythonRequest } from '../../app/suggested-requests.ts';
import type { PipelineDocument } from '../../ir/spec.ts';
import type { Predicate } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import { documentOf } from './catalogue-handlers.ts';
import type { NativeMessage } from './messages.ts';
import type { NativeHandlersOf } from './run-handlers.ts';

export const useHandlers: NativeHandlersOf<'Use_'> = {
  async Use_GetOfRun({ params }, context) {
    const { run } = await getRun(context.app, params.run_id);
    const document = await context.app.documents.pipeline(run.documentDigest);
    return await useMessage(context, document, context.namespaces.withinRuns(run.namespace));
  },
  async Use_GetOfVersion({ params }, context) {
    const document = await documentOf(context, params);
    const { namespace } = await getPipeline(context.app, params.pipeline_id);
    return await useMessage(context, document, context.namespaces.withinRuns(namespace));
  },
};

async function useMessage({ app }: Context, document: PipelineDocument, within: readonly Predicate[]) {
  const steps = await pipelineUse(app, document, within);
  return { pipeline_name: document.spec.pipelineInfo.name, steps: steps.map(stepMessage) };
}

function stepMessage({ request, asked, tooLittleBytes, ...step }: StepUse): NativeMessage<'StepUse'> {
  return {
    path: step.path,
    attempts: step.attempts,
    is_older: step.isOlder,
    peak_memory_bytes: step.peakMemoryBytes,
    cpu_millis: step.cpuMillis,
    most_cpu_millis: step.mostCpuMillis,
    ...(tooLittleBytes === undefined ? {} : { too_little_bytes: tooLittleBytes }),
    ...(asked === undefined
      ? {}
      : {
          asked: {
            cpu_millis: asked.cpuMillis ?? 0,
            cpu_limit_millis: asked.cpuLimitMillis ?? 0,
            memory_bytes: asked.memoryBytes ?? 0,
            memory_limit_bytes: asked.memoryLimitBytes ?? 0,
          },
        }),
    advice: step.advice,
    suggested_cpu: request.cpu,
    suggested_memory: request.memory,
    python: pythonRequest(request),
  };
}
