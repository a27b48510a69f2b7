import type { ListName } from '../store/catalogue-store.ts';

/** The names clients have for the fields of a list, those of both API versions, and the field of the catalogue each one means. */
const ALIASES = {
  experiments: {
    id: 'experiment_id',
    experiment_id: 'experiment_id',
    name: 'name',
    display_name: 'name',
    description: 'description',
    created_at: 'created_at_ms',
    last_run_created_at: 'last_run_created_at_ms',
    namespace: 'namespace',
    storage_state: 'storage_state',
  },
  pipelines: {
    id: 'pipeline_id',
    pipeline_id: 'pipeline_id',
    name: 'name',
    display_name: 'display_name',
    description: 'description',
    created_at: 'created_at_ms',
    namespace: 'namespace',
  },
  pipeline_versions: {
    id: 'pipeline_version_id',
    pipeline_version_id: 'pipeline_version_id',
    pipeline_id: 'pipeline_id',
    name: 'name',
    display_name: 'display_name',
    description: 'description',
    created_at: 'created_at_ms',
  },
  runs: {
    id: 'run_id',
    run_id: 'run_id',
    name: 'display_name',
    display_name: 'display_name',
    description: 'description',
    created_at: 'created_at_ms',
    scheduled_at: 'scheduled_at_ms',
    finished_at: 'ended_at_ms',
    state: 'state',
    status: 'state',
    storage_state: 'storage_state',
    namespace: 'namespace',
    experiment_id: 'experiment_id',
    recurring_run_id: 'recurring_run_id',
    pipeline_name: 'pipeline_name',
    pipeline_id: 'pipeline_id',
    pipeline_version_id: 'pipeline_version_id',
  },
  recurring_runs: {
    id: 'recurring_run_id',
    recurring_run_id: 'recurring_run_id',
    name: 'name',
    display_name: 'name',
    description: 'description',
    created_at: 'created_at_ms',
    updated_at: 'updated_at_ms',
    experiment_id: 'experiment_id',
    namespace: 'namespace',
    status: 'is_enabled',
  },
  artifacts: {
    id: 'artifact_id',
    artifact_id: 'artifact_id',
    name: 'name',
    type: 'type',
    uri: 'uri',
    created_at: 'created_at_ms',
    run_id: 'run_id',
    pipeline_name: 'pipeline_name',
    namespace: 'namespace',
  },
} as const satisfies Readonly<Record<ListName, Readonly<Record<string, string>>>>;

const TAGGED: ReadonlySet<ListName> = new Set(['pipelines', 'pipeline_versions']);

/** The field a client means, and for `tags.<key>` the key; undefined if the list has no such field. */
export function fieldOf(list: ListName, name: string): { readonly name: string; readonly key?: string } | undefined {
  const aliases: Readonly<Record<string, string>> = ALIASES[list];
  if (Object.hasOwn(aliases, name)) return { name: aliases[name]! };
  if (TAGGED.has(list) && /^tags\../.test(name)) return { name: 'tags', key: name.slice('tags.'.length) };
  return undefined;
}
