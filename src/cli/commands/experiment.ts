import { ProductError } from '../../base/errors.ts';
import { EXIT } from '../command-error.ts';
import { confirmed } from '../server/confirm.ts';
import { findId, findNamed } from '../server/find-object.ts';
import { EXPERIMENT } from '../server/kinds.ts';
import { type ListOptions, listQuery } from '../server/list-query.ts';
import { printDeleted, printList, printObject } from '../server/print-objects.ts';
import { openSession, type ServerOptions, type Session } from '../server/session.ts';

/** An experiment that is there is shown, as the kfp SDK's create_experiment does. */
export async function create(name: string, options: ServerOptions & { readonly description?: string }): Promise<number> {
  const session = openSession(options);
  const id = await experimentNamed(session, name, options);
  await show(session, id);
  return EXIT.ok;
}

/** The id of the experiment of a name; it is made if there is none. */
export async function experimentNamed(
  session: Session,
  name: string,
  options: { readonly description?: string } = {},
): Promise<string> {
  const { kfp, connection } = session;
  const known = await findNamed(session, 'experiment', name);
  if (known !== undefined) return known;
  const { description } = options;
  const body = {
    display_name: name,
    ...(description === undefined ? {} : { description }),
    ...(connection.namespace === undefined ? {} : { namespace: connection.namespace }),
  };
  const made = await kfp.call('ExperimentService_CreateExperiment', { body });
  return made.experiment_id ?? '';
}

export async function list(options: ServerOptions & ListOptions): Promise<number> {
  const { kfp, connection, output } = openSession(options);
  const query = { ...listQuery(options), namespace: connection.namespace };
  const { experiments = [], next_page_token } = await kfp.call('ExperimentService_ListExperiments', { query });
  printList(EXPERIMENT, experiments, { output, nextPageToken: next_page_token });
  return EXIT.ok;
}

export async function get(experiment: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  await show(session, await findId(session, 'experiment', experiment));
  return EXIT.ok;
}

export interface WhichExperiment extends ServerOptions {
  readonly experimentId?: string;
  readonly experimentName?: string;
}

/** kfp names the experiment with options; an argument will do as well. */
export async function archive(experiment: string | undefined, options: WhichExperiment): Promise<number> {
  const session = openSession(options);
  const id = await whichExperiment(session, experiment, options);
  await session.kfp.call('ExperimentService_ArchiveExperiment', { params: { experiment_id: id } });
  await show(session, id);
  return EXIT.ok;
}

export async function unarchive(experiment: string | undefined, options: WhichExperiment): Promise<number> {
  const session = openSession(options);
  const id = await whichExperiment(session, experiment, options);
  await session.kfp.call('ExperimentService_UnarchiveExperiment', { params: { experiment_id: id } });
  await show(session, id);
  return EXIT.ok;
}

export async function remove(experiment: string, options: ServerOptions & { readonly yes?: true }): Promise<number> {
  const session = openSession(options);
  const id = await findId(session, 'experiment', experiment);
  if (!(await confirmed(`Delete the experiment ${experiment}? Its runs stay.`, options))) return EXIT.ok;
  await session.kfp.call('ExperimentService_DeleteExperiment', { params: { experiment_id: id } });
  printDeleted('experiment', id, session.output);
  return EXIT.ok;
}

async function whichExperiment(session: Session, argument: string | undefined, options: WhichExperiment): Promise<string> {
  const given = [argument, options.experimentId, options.experimentName].filter((text) => text !== undefined);
  if (given.length === 1) return findId(session, 'experiment', given[0]!);
  throw new ProductError('INVALID_USAGE', 'say which experiment: its id or its name, once');
}

async function show({ kfp, output }: Session, id: string): Promise<void> {
  printObject(EXPERIMENT, await kfp.call('ExperimentService_GetExperiment', { params: { experiment_id: id } }), output);
}
