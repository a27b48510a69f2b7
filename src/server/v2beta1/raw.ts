import type { RawHandler } from '../dialect.ts';
import { jsonReply } from '../dialect.ts';
import { health } from '../health.ts';
import { readArtifact, readRunLog } from '../raw-handlers.ts';

export const v2Raw = (leaving: AbortSignal): Readonly<Record<string, RawHandler>> => ({
  // Written with the zero value, unlike all other messages: clients look for it.
  HealthzService_GetHealthz: async (_call, context) =>
    jsonReply(health(context, { pipeline_store: 'database', pipelineStore: 'database' })),
  ReadArtifact: readArtifact,
  ReadRunLog: readRunLog(leaving),
});
