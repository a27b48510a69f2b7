import { ProductError } from '../../base/errors.ts';
import type { Session } from './session.ts';

type Named = 'experiment' | 'pipeline' | 'run' | 'recurring run';
interface Found {
  readonly id: string;
  readonly name: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The beginning of an identifier, as tables and messages show it. */
const ID_PREFIX = /^[0-9a-f]{4,}[0-9a-f-]*$/i;
/** The newest objects that are looked through for the beginning of an identifier. */
const PREFIX_PAGE = 200;
/** So many objects of one name are listed to choose from. */
const MAX_NAMESAKES = 10;

/**
 * The id of what a user names: an id as it is, else the name, else the beginning of an id that only one has; for runs also `last`.
 * Throws NOT_FOUND, and CONFLICT when several have the name.
 */
export async function findId(session: Session, noun: Named, text: string): Promise<string> {
  if (UUID.test(text)) return text;
  if (noun === 'run' && text === 'last') return newestRun(session);
  const named = await findNamed(session, noun, text);
  if (named !== undefined) return named;
  const begun = ID_PREFIX.test(text)
    ? (await LISTS[noun](session, { page_size: PREFIX_PAGE })).filter(({ id }) => id.startsWith(text.toLowerCase()))
    : [];
  if (begun.length > 0) return onlyOne(begun, noun, text);
  throw new ProductError('NOT_FOUND', `there is no ${noun} ${text}`, {
    hint: `Give its id or its name. See: pipewright ${noun.replace(' ', '-')} list`,
  });
}

/** The id of the object with exactly this name, if there is one. Throws CONFLICT when there are several. */
export async function findNamed(session: Session, noun: Named, name: string): Promise<string | undefined> {
  const filter = JSON.stringify({ predicates: [{ operation: 'EQUALS', key: 'display_name', string_value: name }] });
  const named = await LISTS[noun](session, { filter, page_size: MAX_NAMESAKES });
  return named.length === 0 ? undefined : onlyOne(named, noun, name);
}

/** The id of a version of a pipeline, from an id or its name; the newest without one. */
export async function findVersionId(session: Session, pipelineId: string, text: string | undefined): Promise<string> {
  if (text !== undefined && UUID.test(text)) return text;
  const filter =
    text === undefined
      ? undefined
      : JSON.stringify({ predicates: [{ operation: 'EQUALS', key: 'display_name', string_value: text }] });
  const { pipeline_versions: versions = [] } = await session.kfp.call('PipelineService_ListPipelineVersions', {
    params: { pipeline_id: pipelineId },
    query: { filter, sort_by: 'created_at desc', page_size: 1 },
  });
  const id = versions[0]?.pipeline_version_id;
  if (id !== undefined) return id;
  const what = text === undefined ? 'no version' : `no version ${text}`;
  throw new ProductError('NOT_FOUND', `the pipeline ${pipelineId} has ${what}`, {
    hint: `See: pipewright pipeline list-versions ${pipelineId}`,
  });
}

async function newestRun({ kfp, connection }: Session): Promise<string> {
  const query = { sort_by: 'created_at desc', page_size: 1, namespace: connection.namespace };
  const { runs = [] } = await kfp.call('RunService_ListRuns', { query });
  const id = runs[0]?.run_id;
  if (id !== undefined) return id;
  throw new ProductError('NOT_FOUND', 'there are no runs yet', { hint: 'Start one with: pipewright run create FILE' });
}

function onlyOne(found: readonly Found[], noun: Named, text: string): string {
  if (found.length === 1) return found[0]!.id;
  throw new ProductError('CONFLICT', `several ${noun}s are called ${text}`, {
    hint: `Give the id of one: ${found.map(({ id }) => id).join(', ')}`,
  });
}

type Query = { readonly filter?: string; readonly page_size: number };

/** The newest first. */
const LISTS: Readonly<Record<Named, (session: Session, query: Query) => Promise<readonly Found[]>>> = {
  async experiment({ kfp, connection: { namespace } }, query) {
    const reply = await kfp.call('ExperimentService_ListExperiments', { query: { ...query, namespace, sort_by: NEWEST } });
    return (reply.experiments ?? []).map(({ experiment_id, display_name }) => found(experiment_id, display_name));
  },
  async pipeline({ kfp, connection: { namespace } }, query) {
    const reply = await kfp.call('PipelineService_ListPipelines', { query: { ...query, namespace, sort_by: NEWEST } });
    return (reply.pipelines ?? []).map(({ pipeline_id, display_name }) => found(pipeline_id, display_name));
  },
  async run({ kfp, connection: { namespace } }, query) {
    const reply = await kfp.call('RunService_ListRuns', { query: { ...query, namespace, sort_by: NEWEST } });
    return (reply.runs ?? []).map(({ run_id, display_name }) => found(run_id, display_name));
  },
  async 'recurring run'({ kfp, connection: { namespace } }, query) {
    const reply = await kfp.call('RecurringRunService_ListRecurringRuns', { query: { ...query, namespace, sort_by: NEWEST } });
    return (reply.recurringRuns ?? []).map(({ recurring_run_id, display_name }) => found(recurring_run_id, display_name));
  },
};

const NEWEST = 'created_at desc';
const found = (id = '', name = ''): Found => ({ id, name });
