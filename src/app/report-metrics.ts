import type { RunMetric } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { getRun } from './runs.ts';

export type MetricReport = {
  readonly metric: RunMetric;
  readonly status: 'OK' | 'INVALID_ARGUMENT' | 'DUPLICATE_REPORTING';
  readonly message: string;
};

const METRIC_NAME = /^[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$/;
const MAX_NODE_ID = 128;
/** They are kept with the run and come with every list of runs. */
const MAX_METRICS = 1_000;

/** Adds numbers to a run (v1beta1); each is answered for itself. Throws NOT_FOUND. */
export function reportMetrics(app: App, runId: string, metrics: readonly RunMetric[]): Promise<readonly MetricReport[]> {
  return app.inTurn(runId, async () => {
    const { details } = await getRun(app, runId);
    const kept = new Map(details.metrics.map((metric) => [keyOf(metric), metric]));
    const reports = metrics.map((metric): MetricReport => {
      const report = checked(metric, kept);
      if (report.status === 'OK') kept.set(keyOf(metric), metric);
      return report;
    });
    await app.catalogue.updateRunDetails({ ...details, metrics: [...kept.values()] });
    return reports;
  });
}

const keyOf = ({ name, nodeId }: RunMetric): string => `${nodeId} ${name}`;

function checked(metric: RunMetric, kept: ReadonlyMap<string, RunMetric>): MetricReport {
  const refused = (message: string): MetricReport => ({ metric, status: 'INVALID_ARGUMENT', message });
  if (!METRIC_NAME.test(metric.name)) return refused(`the metric name must match ${METRIC_NAME.source}`);
  if (metric.nodeId === '' || metric.nodeId.length > MAX_NODE_ID) {
    return refused(`node_id must have 1 to ${MAX_NODE_ID} characters`);
  }
  if (kept.has(keyOf(metric))) return { metric, status: 'DUPLICATE_REPORTING', message: 'the metric has been reported already' };
  if (kept.size >= MAX_METRICS) return refused(`a run keeps ${MAX_METRICS} metrics; write more of them into a Metrics artifact`);
  return { metric, status: 'OK', message: '' };
}
