import { formatTimestamp } from '../../api/encode-message.ts';
import type { Message } from '../../api/message.ts';
import type { V2Messages } from '../../api/v2beta1/messages.ts';

export type KindName = 'Experiment' | 'Pipeline' | 'PipelineVersion' | 'Run' | 'RecurringRun';

/** How the command line shows a kind of object, and what it calls it. */
export interface Kind<Name extends KindName> {
  readonly message: Name;
  readonly noun: string;
  /** The group of commands it belongs to, for hints. */
  readonly group: string;
  readonly id: (object: Message<V2Messages, Name>) => string;
  /** Columns of a list, and the first fields of a single object. */
  readonly columns: readonly Field<Name>[];
  /** More fields, shown for a single object only. */
  readonly details: readonly Field<Name>[];
}

type Field<Name extends KindName> = readonly [title: string, value: (object: Message<V2Messages, Name>) => string];

/** Epoch 0 is how the API says "not yet". */
const time = (ms: number | undefined): string => (ms ? formatTimestamp(ms) : '');
const json = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

export const EXPERIMENT: Kind<'Experiment'> = {
  message: 'Experiment',
  noun: 'experiment',
  group: 'experiment',
  id: ({ experiment_id }) => experiment_id ?? '',
  columns: [
    ['ID', ({ experiment_id }) => experiment_id ?? ''],
    ['NAME', ({ display_name }) => display_name ?? ''],
    ['CREATED AT', ({ created_at }) => time(created_at)],
    ['STORAGE STATE', ({ storage_state }) => storage_state ?? ''],
  ],
  details: [
    ['DESCRIPTION', ({ description }) => description ?? ''],
    ['LAST RUN AT', ({ last_run_created_at }) => time(last_run_created_at)],
  ],
};

export const PIPELINE: Kind<'Pipeline'> = {
  message: 'Pipeline',
  noun: 'pipeline',
  group: 'pipeline',
  id: ({ pipeline_id }) => pipeline_id ?? '',
  columns: [
    ['ID', ({ pipeline_id }) => pipeline_id ?? ''],
    ['NAME', ({ display_name, name }) => display_name ?? name ?? ''],
    ['CREATED AT', ({ created_at }) => time(created_at)],
  ],
  details: [
    ['DESCRIPTION', ({ description }) => description ?? ''],
    ['TAGS', ({ tags }) => json(tags)],
  ],
};

export const PIPELINE_VERSION: Kind<'PipelineVersion'> = {
  message: 'PipelineVersion',
  noun: 'pipeline version',
  group: 'pipeline',
  id: ({ pipeline_version_id }) => pipeline_version_id ?? '',
  columns: [
    ['ID', ({ pipeline_version_id }) => pipeline_version_id ?? ''],
    ['NAME', ({ display_name, name }) => display_name ?? name ?? ''],
    ['CREATED AT', ({ created_at }) => time(created_at)],
    ['PARENT ID', ({ pipeline_id }) => pipeline_id ?? ''],
  ],
  details: [
    ['DESCRIPTION', ({ description }) => description ?? ''],
    ['SOURCE', ({ code_source_url }) => code_source_url ?? ''],
    ['TAGS', ({ tags }) => json(tags)],
  ],
};

export const RUN: Kind<'Run'> = {
  message: 'Run',
  noun: 'run',
  group: 'run',
  id: ({ run_id }) => run_id ?? '',
  columns: [
    ['ID', ({ run_id }) => run_id ?? ''],
    ['NAME', ({ display_name }) => display_name ?? ''],
    ['CREATED AT', ({ created_at }) => time(created_at)],
    ['STATE', ({ state }) => state ?? ''],
    ['STORAGE STATE', ({ storage_state }) => storage_state ?? ''],
  ],
  details: [
    ['DESCRIPTION', ({ description }) => description ?? ''],
    ['EXPERIMENT ID', ({ experiment_id }) => experiment_id ?? ''],
    ['PIPELINE VERSION', ({ pipeline_version_reference }) => pipeline_version_reference?.pipeline_version_id ?? ''],
    ['RECURRING RUN ID', ({ recurring_run_id }) => recurring_run_id ?? ''],
    ['PARAMETERS', ({ runtime_config }) => json(runtime_config?.parameters)],
    ['FINISHED AT', ({ finished_at }) => time(finished_at)],
    // The first line; the rest is the step's log, which `run logs` shows.
    ['ERROR', ({ error }) => error?.message?.split('\n', 1)[0] ?? ''],
  ],
};

export const RECURRING_RUN: Kind<'RecurringRun'> = {
  message: 'RecurringRun',
  noun: 'recurring run',
  group: 'recurring-run',
  id: ({ recurring_run_id }) => recurring_run_id ?? '',
  columns: [
    ['ID', ({ recurring_run_id }) => recurring_run_id ?? ''],
    ['NAME', ({ display_name }) => display_name ?? ''],
    ['CREATED AT', ({ created_at }) => time(created_at)],
    ['EXPERIMENT ID', ({ experiment_id }) => experiment_id ?? ''],
    ['STATUS', ({ status }) => status ?? ''],
  ],
  details: [
    ['DESCRIPTION', ({ description }) => description ?? ''],
    ['CRON', ({ trigger }) => trigger?.cron_schedule?.cron ?? ''],
    ['EVERY', ({ trigger }) => (trigger?.periodic_schedule ? `${trigger.periodic_schedule.interval_second ?? 0} s` : '')],
    ['MAX CONCURRENCY', ({ max_concurrency }) => String(max_concurrency ?? '')],
    ['CATCHUP', ({ no_catchup }) => (no_catchup ? 'no' : 'yes')],
    ['PARAMETERS', ({ runtime_config }) => json(runtime_config?.parameters)],
  ],
};
