import { ProductError } from '../base/errors.ts';
import type { ExperimentRow } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { NAMESPACE } from './app.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkDescription, checkName } from './name-limits.ts';

const DEFAULT_EXPERIMENT = {
  name: 'Default',
  description: 'Runs that were created without an experiment are grouped here.',
} as const;
const DEFAULT_SETTING = 'default-experiment';

/** Throws ALREADY_EXISTS. */
export async function createExperiment(
  { catalogue, clock, ids }: App,
  { name, description = '' }: { readonly name: string; readonly description?: string },
): Promise<ExperimentRow> {
  checkName('Experiment.Name', name);
  checkDescription(description);
  const row: ExperimentRow = {
    experimentId: ids.uuid(),
    namespace: NAMESPACE,
    name,
    description,
    createdAtMs: clock.now(),
    lastRunCreatedAtMs: 0,
    storageState: 'AVAILABLE',
  };
  await catalogue.insertExperiment(row);
  return row;
}

/** Throws NOT_FOUND. */
export async function getExperiment({ catalogue }: App, experimentId: string): Promise<ExperimentRow> {
  const row = await catalogue.getExperiment(experimentId);
  if (!row) throw new ProductError('NOT_FOUND', `Experiment ${experimentId} not found`);
  return row;
}

export function listExperiments({ catalogue }: App, request: ListRequest): Promise<ListReply<ExperimentRow>> {
  return listPage('experiments', request, (query) => catalogue.listExperiments(query));
}

export async function archiveExperiment(app: App, experimentId: string): Promise<void> {
  await getExperiment(app, experimentId);
  await app.catalogue.setExperimentStorage(experimentId, { storageState: 'ARCHIVED', nowMs: app.clock.now() });
  app.recurringChanged();
}

/** Its runs stay in the archive, its recurring runs disabled. */
export async function unarchiveExperiment(app: App, experimentId: string): Promise<void> {
  await getExperiment(app, experimentId);
  await app.catalogue.setExperimentStorage(experimentId, { storageState: 'AVAILABLE', nowMs: app.clock.now() });
}

/** Throws CONFLICT for the default experiment. Runs stay; recurring runs are disabled, they would have nowhere to put runs. */
export async function deleteExperiment(app: App, experimentId: string): Promise<void> {
  await getExperiment(app, experimentId);
  if ((await app.catalogue.getSetting(DEFAULT_SETTING)) === experimentId) {
    throw new ProductError('CONFLICT', 'Cannot delete the default experiment');
  }
  await app.catalogue.deleteExperiment(experimentId, app.clock.now());
  app.recurringChanged();
}

/** The id of the experiment of runs that name none; made when there is none yet. */
export async function defaultExperimentId(app: App): Promise<string> {
  const { catalogue } = app;
  const known = await catalogue.getSetting(DEFAULT_SETTING);
  if (known !== undefined && (await catalogue.getExperiment(known))) return known;
  const { name, description } = DEFAULT_EXPERIMENT;
  const found = await catalogue.findExperiment({ namespace: NAMESPACE, name });
  const { experimentId } = found ?? (await createExperiment(app, { name, description }));
  await catalogue.saveSetting(DEFAULT_SETTING, experimentId);
  return experimentId;
}
