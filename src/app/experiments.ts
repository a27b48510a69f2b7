import { ProductError } from '../base/errors.ts';
import type { ExperimentRow } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { DEFAULT_NAMESPACE } from './app.ts';
import { listPage, type ListReply, type ListRequest } from './list-request.ts';
import { checkDescription, checkName } from './name-limits.ts';

const DEFAULT_EXPERIMENT = {
  name: 'Default',
  description: 'All runs created without specifying an experiment will be grouped here.',
} as const;
const settingOf = (namespace: string): string => (namespace === '' ? 'default-experiment' : `default-experiment/${namespace}`);

export interface NewExperiment {
  readonly name: string;
  readonly description?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Throws ALREADY_EXISTS. */
export async function createExperiment(
  { catalogue, clock, ids }: App,
  { name, description = '', namespace = DEFAULT_NAMESPACE }: NewExperiment,
): Promise<ExperimentRow> {
  checkName('Experiment.Name', name);
  checkDescription(description);
  const row: ExperimentRow = {
    experimentId: ids.uuid(),
    namespace,
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
  const { namespace } = await getExperiment(app, experimentId);
  if ((await app.catalogue.getSetting(settingOf(namespace))) === experimentId) {
    throw new ProductError('CONFLICT', 'Cannot delete the default experiment');
  }
  await app.catalogue.deleteExperiment(experimentId, app.clock.now());
  app.recurringChanged();
}

/** The id of the experiment of a namespace's runs that name none; made when there is none yet. */
export async function defaultExperimentId(app: App, namespace: string = DEFAULT_NAMESPACE): Promise<string> {
  const { catalogue } = app;
  const setting = settingOf(namespace);
  const known = await catalogue.getSetting(setting);
  if (known !== undefined && (await catalogue.getExperiment(known))) return known;
  const { name, description } = DEFAULT_EXPERIMENT;
  const found = await catalogue.findExperiment({ namespace, name });
  const { experimentId } = found ?? (await createOrFind(app, { name, description, namespace }));
  await catalogue.saveSetting(setting, experimentId);
  return experimentId;
}

/** Another server on the same database may make it at the same moment. */
async function createOrFind(app: App, wanted: NewExperiment & { readonly namespace: string }): Promise<ExperimentRow> {
  try {
    return await createExperiment(app, wanted);
  } catch (error) {
    const found = await app.catalogue.findExperiment(wanted);
    if (!found) throw error;
    return found;
  }
}
