import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/query.ts';
import { HOME_LISTS } from '../../api/run-list-input.ts';
import { useMay } from '../../api/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';
import { useRunList } from '../runs/run-table.tsx';
import { FirstSteps } from './first-steps.tsx';
import { newestPipelines, PipelineStarters } from './pipeline-starters.tsx';
import { RunCounts } from './run-counts.tsx';
import { RunSection } from './run-section.tsx';
import { RunStrip } from './run-strip.tsx';
import { enabledSchedules, ScheduledNext } from './scheduled-next.tsx';
import { SystemFacts } from './system-facts.tsx';
import classes from './home-page.module.css';

const SHOWN = 6;

/** What is running, what failed lately, and what can be started. */
export function HomePage() {
  const may = useMay();
  const system = useQuery(ask('System_Get'));
  const recent = useRunList(HOME_LISTS.recent);
  const running = useRunList(HOME_LISTS.running);
  const failed = useRunList(HOME_LISTS.failed);
  const pipelines = useQuery(newestPipelines);
  const schedules = useQuery(enabledSchedules);
  // Everything is drawn at once, so that nothing moves when the next answer comes.
  const isPending = [recent, running, failed, pipelines, schedules, system].some((part) => part.isPending && !part.error);
  const succeeded = recent.rows.filter(({ state }) => state === 'SUCCEEDED');
  if (recent.error && recent.rows.length === 0) {
    return (
      <Page title="Home">
        <ErrorMessage error={recent.error} retry={recent.retry} />
      </Page>
    );
  }
  if (!recent.isPending && recent.rows.length === 0) return <FirstSteps />;
  const actions = may('RunService_CreateRun') && (
    <LinkButton to="/runs/new" kind="primary" icon="plus">
      New run
    </LinkButton>
  );
  return (
    <Page title="Home" actions={actions}>
      <RunCounts counts={system.data?.run_counts} />
      <RunStrip runs={recent.rows} isPending={recent.isPending} />
      {isPending ? (
        <SkeletonRows count={6} label="Loading" />
      ) : (
        <div className={classes['columns']}>
          <div className={classes['main']}>
            <RunSection
              title="Running"
              runs={running.rows.slice(0, SHOWN)}
              more={running.total - SHOWN}
              search={HOME_LISTS.running}
              empty="Nothing is running."
            />
            <RunSection
              title="Failed lately"
              runs={failed.rows.slice(0, SHOWN)}
              more={failed.total - SHOWN}
              search={HOME_LISTS.failed}
              empty="Nothing has failed."
              hasErrors
            />
            <RunSection
              title="Succeeded lately"
              runs={succeeded.slice(0, SHOWN)}
              more={0}
              search={{ state: 'SUCCEEDED' }}
              empty="Nothing has succeeded yet."
            />
          </div>
          <aside className={classes['side']} aria-label="Start and system">
            <PipelineStarters />
            <ScheduledNext />
            <SystemFacts />
          </aside>
        </div>
      )}
    </Page>
  );
}
