import { kfpAuthorize } from '../auth/kfp-authorize.ts';
import { refuseVisualization } from '../visualization.ts';
import { experimentHandlers, pipelineHandlers } from './catalogue-handlers.ts';
import type { V2Handlers } from './handlers-of.ts';
import { recurringRunHandlers, runHandlers } from './run-handlers.ts';

/** What v2beta1 does, one entry for each operation of its table but uploads and raw answers. */
export const v2Handlers: V2Handlers = {
  async AuthService_Authorize({ query }, { caller }) {
    kfpAuthorize(caller.principal, query);
    return {};
  },
  DummyFilterService_GetFilter: async () => ({}),
  VisualizationService_CreateVisualizationV1: async () => refuseVisualization(),
  ...experimentHandlers,
  ...pipelineHandlers,
  ...runHandlers,
  ...recurringRunHandlers,
  // Only persistence agents of Argo call these, with what our own engine has recorded already.
  ReportService_ReportWorkflow: async () => ({}),
  ReportService_ReportScheduledWorkflow: async () => ({}),
};
