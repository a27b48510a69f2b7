import { kfpAuthorize } from '../auth/kfp-authorize.ts';
import type { RawHandler } from '../dialect.ts';
import { jsonReply } from '../dialect.ts';
import { health } from '../health.ts';
import { readArtifact, readRunLog } from '../raw-handlers.ts';
import { refuseVisualization } from '../visualization.ts';
import { experimentHandlers, pipelineHandlers } from './catalogue-handlers.ts';
import type { V1Handlers } from './handlers-of.ts';
import { jobHandlers, runHandlers, taskHandlers } from './run-handlers.ts';

/** What v1beta1 does, one entry for each operation of its table but uploads and raw answers. */
export const v1Handlers: V1Handlers = {
  async AuthService_AuthorizeV1({ query }, { caller }) {
    kfpAuthorize(caller.principal, query);
    return {};
  },
  DummyFilterService_GetFilter: async () => ({}),
  VisualizationService_CreateVisualizationV1: async () => refuseVisualization(),
  ...experimentHandlers,
  ...pipelineHandlers,
  ...runHandlers,
  ...jobHandlers,
  ...taskHandlers,
  ReportService_ReportWorkflowV1: async () => ({}),
  ReportService_ReportScheduledWorkflowV1: async () => ({}),
};

export const v1Raw = (leaving: AbortSignal): Readonly<Record<string, RawHandler>> => ({
  // Written with the zero value, unlike all other messages: clients look for it.
  HealthzService_GetHealthz: async (_call, context) => jsonReply(health(context)),
  ReadArtifact: readArtifact,
  ReadRunLog: readRunLog(leaving),
  ReadRunLogV1Alpha1: readRunLog(leaving),
});
