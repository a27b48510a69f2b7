import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { V2 } from '../../api/operations.ts';
import { call } from '../../api/call.ts';
import { ask, refresh } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { tellDone, tellError } from '../../ui/toast.tsx';
import { RunStrip } from '../home/run-strip.tsx';
import { NoRuns } from '../runs/no-runs.tsx';
import { RunTable, useRunList } from '../runs/run-table.tsx';
import { NextTimes } from './next-times.tsx';
import { PauseButton } from './pause-button.tsx';
import { scheduleText } from './schedule-text.ts';
import classes from './recurring-run-page.module.css';

const PARENT = { to: '/recurring', title: 'Recurring runs' } as const;

/** A recurring run: its schedule, when it starts next, and the runs it has started. */
export function RecurringRunPage() {
  const { recurringRunId } = useParams({ from: '/recurring/$recurringRunId' });
  const search = useSearch({ from: '/recurring/$recurringRunId' });
  const navigate = useNavigate();
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  const about = useQuery(ask('RecurringRunService_GetRecurringRun', { params: { recurring_run_id: recurringRunId } }));
  const filters = { ...search, recurring: recurringRunId };
  const list = useRunList(filters);
  const recurringRun = about.data;
  if (about.error || !recurringRun) {
    return (
      <Page title="Recurring run" parent={PARENT}>
        {about.error ? <ErrorMessage error={about.error} retry={() => void about.refetch()} /> : <SkeletonRows />}
      </Page>
    );
  }
  const name = recurringRun.display_name ?? '';
  const remove = async () => {
    await call('RecurringRunService_DeleteRecurringRun', { params: { recurring_run_id: recurringRunId } });
    tellDone(`${name} deleted`);
    await navigate({ to: '/recurring' });
    await refresh('RecurringRunService_ListRecurringRuns');
  };
  const actions = (
    <>
      <PauseButton recurringRun={recurringRun} />
      {may('RecurringRunService_CreateRecurringRun') && (
        <>
          {may('RecurringRunService_DeleteRecurringRun') && (
            <LinkButton to="/recurring/new" search={{ edit: recurringRunId }}>
              Edit
            </LinkButton>
          )}
          <LinkButton to="/recurring/new" search={{ clone: recurringRunId }} icon="clone">
            Clone
          </LinkButton>
        </>
      )}
      {may('RecurringRunService_DeleteRecurringRun') && (
        <Button kind="danger" icon="trash" onClick={() => setAsked(true)}>
          Delete
        </Button>
      )}
    </>
  );
  return (
    <Page
      title={name}
      heading={
        <>
          {name} {recurringRun.status !== 'ENABLED' && <Badge kind="warning">paused</Badge>}
        </>
      }
      parent={PARENT}
      subtitle={recurringRun.description}
      layout="fill"
      actions={actions}
    >
      <div className={classes['about']}>
        <Panel title="Schedule">
          <Facts rows={factsOf(recurringRun)} />
        </Panel>
        {recurringRun.status === 'ENABLED' && <NextTimes trigger={recurringRun.trigger} />}
      </div>
      <div className={classes['strip']}>{list.rows.length > 0 && <RunStrip runs={list.rows} />}</div>
      <RunTable list={list} without={WITHOUT} empty={<NoRuns filters={filters} />} />
      {isAsked && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          isDangerous
          onConfirm={() => void remove().catch((error: unknown) => tellError('It was not deleted', error))}
          onClose={() => setAsked(false)}
        >
          It starts no more runs. Those it has started stay.
        </Confirm>
      )}
    </Page>
  );
}

function PipelineName({ id }: { readonly id: string }) {
  const { data } = useQuery(ask('PipelineService_GetPipeline', { params: { pipeline_id: id } }));
  return data?.display_name ?? id;
}

const WITHOUT = ['Pipeline'] as const;

function factsOf(recurringRun: V2<'RecurringRun'>) {
  const { trigger, pipeline_version_reference: version, max_concurrency, no_catchup, runtime_config, created_at } = recurringRun;
  const { start_time, end_time } = trigger?.cron_schedule ?? trigger?.periodic_schedule ?? {};
  const parameters = Object.entries(runtime_config?.parameters ?? {});
  return [
    ['Starts', <code key="schedule">{scheduleText(trigger)}</code>],
    ['From', start_time && <Time at={start_time} />],
    ['Until', end_time && <Time at={end_time} />],
    [
      'Pipeline',
      version?.pipeline_id && (
        <Link
          to="/pipelines/$pipelineId"
          params={{ pipelineId: version.pipeline_id }}
          search={{ version: version.pipeline_version_id }}
          className={classes['link']}
        >
          <PipelineName id={version.pipeline_id} />
        </Link>
      ),
    ],
    ['At most', max_concurrency && `${max_concurrency} at a time`],
    ['Missed times', no_catchup ? 'are left out' : 'are made up for'],
    [
      'Inputs',
      parameters.length > 0 && <code>{parameters.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ')}</code>,
    ],
    ['Created', <Time key="created" at={created_at} />],
  ] as const;
}
