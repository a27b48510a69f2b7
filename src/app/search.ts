import type { ListName, Predicate } from '../store/catalogue-store.ts';
import type { App } from './app.ts';

export interface SearchHit {
  readonly kind: 'pipeline' | 'experiment' | 'run' | 'recurring_run' | 'artifact';
  readonly id: string;
  readonly parentId?: string;
  readonly title: string;
  readonly subtitle: string;
  readonly state?: string;
  readonly createdAtMs: number;
}

export interface SearchRequest {
  readonly text: string;
  /** Of each kind. */
  readonly limit: number;
  /** What the caller may see of a list. */
  readonly within: (list: ListName) => readonly Predicate[];
}

/** Things whose name contains the text, and the run with that id; of each kind the newest. An empty text finds the newest. */
export async function search({ catalogue }: App, { text, limit, within }: SearchRequest): Promise<readonly SearchHit[]> {
  const query = (list: ListName, field: string) => ({
    predicates: [...named(field, text), ...within(list)],
    sort: { field: 'created_at_ms', descending: true },
    limit,
  });
  const runWithId = async (id: string) => {
    const predicates = [{ field: 'run_id', operation: 'eq', values: [id] } as const, ...within('runs')];
    return (await catalogue.listCataloguedRuns({ ...query('runs', 'display_name'), predicates })).rows;
  };
  const [pipelines, experiments, runs, recurringRuns, artifacts, byId] = await Promise.all([
    catalogue.listPipelines(query('pipelines', 'display_name')),
    catalogue.listExperiments(query('experiments', 'name')),
    catalogue.listCataloguedRuns(query('runs', 'display_name')),
    catalogue.listRecurringRuns(query('recurring_runs', 'name')),
    catalogue.listArtifacts(query('artifacts', 'name')),
    RUN_ID.test(text) ? runWithId(text) : [],
  ]);
  return [
    ...pipelines.rows.map((row): SearchHit => ({
      kind: 'pipeline',
      id: row.pipelineId,
      title: row.displayName,
      subtitle: row.description,
      createdAtMs: row.createdAtMs,
    })),
    ...[...byId, ...runs.rows.filter(({ run }) => byId.every((hit) => hit.run.runId !== run.runId))].map(
      ({ run }): SearchHit => ({
        kind: 'run',
        id: run.runId,
        title: run.displayName,
        subtitle: run.pipelineName,
        state: run.state,
        createdAtMs: run.createdAtMs,
      }),
    ),
    ...experiments.rows.map((row): SearchHit => ({
      kind: 'experiment',
      id: row.experimentId,
      title: row.name,
      subtitle: row.description,
      createdAtMs: row.createdAtMs,
    })),
    ...recurringRuns.rows.map((row): SearchHit => ({
      kind: 'recurring_run',
      id: row.recurringRunId,
      title: row.name,
      subtitle: row.description,
      state: row.isEnabled ? 'ENABLED' : 'DISABLED',
      createdAtMs: row.createdAtMs,
    })),
    ...artifacts.rows.map((row): SearchHit => ({
      kind: 'artifact',
      id: row.id,
      parentId: row.runId,
      title: row.name,
      subtitle: row.uri,
      createdAtMs: row.createdAtMs,
    })),
  ];
}

const named = (field: string, text: string): readonly Predicate[] =>
  text === '' ? [] : [{ field, operation: 'contains', values: [text] }];

const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
