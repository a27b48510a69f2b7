/**
 * A call may name things besides the one in its path: the experiment a run is put into, the pipeline it is made from, the runs to
 * compare. Whoever calls has to be allowed in their namespaces as well. What does not exist is left to the operation to say.
 */
import { authorize, type Principal, requireAuthorized } from '../../app/access-principal.ts';
import type { App } from '../../app/app.ts';

type Kind = 'experiment' | 'pipeline' | 'version' | 'run' | 'recurringRun' | 'artifact';

export interface Named {
  readonly kind: Kind;
  readonly id: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Parts of a call as they were decoded: names are the proto's. */
export interface NamingCall {
  readonly query: object;
  readonly body: unknown;
}

const FIELDS: Readonly<Record<string, Kind>> = {
  experiment_id: 'experiment',
  pipeline_id: 'pipeline',
  pipelineid: 'pipeline',
  pipeline_version_id: 'version',
  recurring_run_id: 'recurringRun',
  run_id: 'run',
  runid: 'run',
  run_ids: 'run',
  artifact_ids: 'artifact',
};
/** Messages inside a body that name things; all others are values of the user. */
const PARTS = ['pipeline_version_reference', 'pipeline', 'pipeline_version', 'pipeline_spec'] as const;
const REFERENCES: Readonly<Record<string, Kind>> = {
  EXPERIMENT: 'experiment',
  PIPELINE: 'pipeline',
  PIPELINE_VERSION: 'version',
  JOB: 'recurringRun',
};
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Throws FORBIDDEN if the call names something in a namespace the caller may not do this in, or not see. */
export async function guardNamed(
  { app, principal }: { readonly app: Pick<App, 'catalogue' | 'store'>; readonly principal: Principal },
  access: string,
  call: NamingCall,
): Promise<void> {
  // Whoever may do it everywhere may also see everything.
  if (access === 'open' || authorize(principal, access, '*').kind === 'allowed') return;
  for (const named of namedIn(call)) {
    const namespace = await namespaceOf(app, named);
    if (namespace !== undefined) requireAuthorized(principal, accessTo(named.kind, access), namespace);
  }
}

export function namedIn({ query, body }: NamingCall): readonly Named[] {
  const fields = query as Fields;
  return [
    ...byFields(fields),
    ...byReference(fields['resource_reference_key.type'], fields['resource_reference_key.id']),
    ...byReference(fields['resource_key.type'], fields['resource_key.id']),
    ...byFields({ run_ids: ['podname', 'key', 'task_ids'].flatMap((name) => uuidsIn(fields[name])) }),
    ...(isFields(body) ? byBody(body) : []),
  ];
}

function byBody(body: Fields): readonly Named[] {
  const parts = PARTS.map((name) => body[name]).filter(isFields);
  const references = Array.isArray(body['resource_references']) ? body['resource_references'].filter(isFields) : [];
  return [
    ...[body, ...parts].flatMap(byFields),
    ...references.flatMap(({ key }) => (isFields(key) ? byReference(key['type'], key['id']) : [])),
  ];
}

const byFields = (fields: Fields): readonly Named[] =>
  Object.entries(FIELDS).flatMap(([field, kind]) =>
    [fields[field]].flat().flatMap((id): readonly Named[] => (typeof id === 'string' && id !== '' ? [{ kind, id }] : [])),
  );

function byReference(type: unknown, id: unknown): readonly Named[] {
  const kind = typeof type === 'string' && Object.hasOwn(REFERENCES, type) ? REFERENCES[type] : undefined;
  return kind && typeof id === 'string' && id !== '' ? [{ kind, id }] : [];
}

/** Names of pods, ids of tasks and keys of artifacts hold the id of their run. */
const uuidsIn = (value: unknown): readonly string[] =>
  [value].flat().flatMap((text) => (typeof text === 'string' ? [...new Set(text.match(UUID) ?? [])] : []));

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is put into an experiment belongs to its namespace; of other things one has to be allowed to see them. */
function accessTo(kind: Kind, access: string): string {
  const [resource] = access.split(':');
  switch (kind) {
    case 'experiment':
      return access;
    case 'pipeline':
    case 'version':
      return resource === 'pipelines' ? access : 'pipelines:get';
    case 'run':
      return resource === 'runs' ? access : 'runs:get';
    case 'recurringRun':
      return resource === 'jobs' ? access : 'jobs:get';
    case 'artifact':
      return 'runs:readArtifact';
  }
}

async function namespaceOf(app: Pick<App, 'catalogue' | 'store'>, { kind, id }: Named): Promise<string | undefined> {
  const { catalogue, store } = app;
  switch (kind) {
    case 'experiment':
      return (await catalogue.getExperiment(id))?.namespace;
    case 'pipeline':
      return (await catalogue.getPipeline(id))?.namespace;
    case 'version': {
      const version = await catalogue.getVersion(id);
      return version && (await catalogue.getPipeline(version.pipelineId))?.namespace;
    }
    case 'run':
      return (await store.getRun(id))?.namespace;
    case 'recurringRun':
      return (await catalogue.getRecurringRun(id))?.namespace;
    case 'artifact':
      return (await store.getArtifact(id))?.namespace;
  }
}
