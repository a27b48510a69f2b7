import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { useMay } from '../api/session.ts';
import { useHotkeys } from '../base/use-hotkeys.ts';
import { LogView } from '../log/log-view.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Segments } from '../ui/segments.tsx';
import { State } from '../ui/state.tsx';
import { Duration } from '../ui/time.tsx';
import { readableCondition } from '../graph/readable-condition.ts';
import { withoutIterations } from '../graph/task-tallies.ts';
import { resumeRun } from './run-actions.tsx';
import { isGroup, type Task } from './run-tasks.ts';
import { ofTask, useRunSearch } from './run-search.ts';
import { TaskAttempts } from './task-attempts.tsx';
import { TaskEnvironment } from './task-environment.tsx';
import { TaskEvents } from './task-events.tsx';
import { TaskOverview } from './task-overview.tsx';
import { isFinal, type Run, useTasksVersion } from './use-run.ts';
import classes from './task-panel.module.css';

const TABS = [
  { value: 'overview', label: 'Overview' },
  { value: 'logs', label: 'Logs' },
  { value: 'attempts', label: 'Attempts' },
  { value: 'environment', label: 'Environment' },
  { value: 'events', label: 'Events' },
] as const;

/** Everything about one task, beside the graph, the timeline or the table. */
export function TaskPanel({ run, path }: { readonly run: Run; readonly path: string }) {
  useTasksVersion(run.tasks);
  const [search, change] = useRunSearch();
  const own = path.split('#')[0]!;
  const task = run.tasks.representative(own);
  const planned = plannedTask(run.graph, own);
  const close = () => change({ ...ofTask(undefined), tab: undefined });
  useHotkeys({ Escape: close });
  const name = task?.display_name ?? planned?.display_name ?? own.slice(1);
  const hasSteps = task !== undefined && !isGroup(task);
  const tab = hasSteps && TABS.some(({ value }) => value === search.tab) ? search.tab! : 'overview';
  return (
    <aside className={classes['panel']} aria-label={`Task ${name}`}>
      <header className={classes['header']}>
        <div className={classes['title']}>
          <h2 className="truncate" title={task?.path ?? own}>
            {name}
          </h2>
          <IconButton icon="close" label="Close" onClick={close} />
        </div>
        <div className={classes['state']}>
          {task ? <State state={task.state} /> : <span className="muted">has not started</span>}
          {task?.start_time !== undefined && (
            <span className="muted">
              <Duration from={task.start_time} to={task.end_time} />
            </span>
          )}
          <Instances run={run} path={own} current={task} />
          <span className={classes['spacer']} />
          {task && <RerunButton run={run} task={task} />}
        </div>
        {hasSteps && (
          <Segments
            label="About the task"
            value={tab}
            options={TABS}
            onChange={(value) => change({ tab: value }, { replace: true })}
          />
        )}
      </header>
      {task ? <TaskDetail run={run} task={task} tab={tab} planned={planned} /> : <Planned planned={planned} />}
    </aside>
  );
}

function TaskDetail({
  run,
  task,
  tab,
  planned,
}: {
  readonly run: Run;
  readonly task: Task;
  readonly tab: string;
  readonly planned: Native<'GraphTask'> | undefined;
}) {
  const [search, change] = useRunSearch();
  const params = { run_id: task.run_id ?? '', task_id: task.task_id ?? '' };
  const { data, error, refetch } = useQuery(ask('Task_GetDetail', { params }));
  useEffect(() => {
    // Its inputs are there when it starts, its outputs and its end when it ends.
    void refetch();
  }, [task.state, task.attempt_count, refetch]);
  const last = Math.max(0, (task.attempt_count ?? 1) - 1);
  const attempt = search.attempt === undefined ? last : Number(search.attempt);
  if (tab === 'logs') {
    return (
      <>
        <AttemptPicker
          count={last + 1}
          value={attempt}
          onChange={(value) => change({ attempt: String(value), at: undefined }, { replace: true })}
        />
        <LogView
          key={`${params.task_id} ${attempt}`}
          runId={params.run_id}
          taskId={params.task_id}
          attempt={attempt}
          isLive={attempt === last && (task.state === 'RUNNING' || task.state === 'PENDING')}
          at={search.at === undefined ? undefined : Number(search.at)}
          onAt={(offset) =>
            change({ at: offset === undefined ? undefined : String(offset), attempt: String(attempt) }, { replace: true })
          }
        />
      </>
    );
  }
  if (error) return <ErrorMessage error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows count={5} />;
  return (
    <div className={classes['body']}>
      {tab === 'overview' && <TaskOverview run={run} detail={data} live={task} planned={planned} />}
      {tab === 'attempts' && <TaskAttempts detail={data} onLog={(value) => change({ tab: 'logs', attempt: String(value) })} />}
      {tab === 'environment' && <TaskEnvironment detail={data} planned={planned} />}
      {tab === 'events' && <TaskEvents detail={data} />}
    </div>
  );
}

function Planned({ planned }: { readonly planned: Native<'GraphTask'> | undefined }) {
  return (
    <div className={classes['body']}>
      <p className="muted">
        {planned === undefined
          ? 'The pipeline has no such task.'
          : planned.condition === undefined
            ? 'It starts when the tasks before it have ended.'
            : `It runs if ${readableCondition(planned.condition)}.`}
      </p>
      {planned && <TaskEnvironment detail={{}} planned={planned} />}
    </div>
  );
}

function AttemptPicker({
  count,
  value,
  onChange,
}: {
  readonly count: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  if (count < 2) return null;
  return (
    <div className={classes['attempts']}>
      <Segments
        label="Attempt"
        value={String(value)}
        options={Array.from({ length: count }, (_, index) => ({ value: String(index), label: `Attempt ${index + 1}` }))}
        onChange={(chosen) => onChange(Number(chosen))}
      />
    </div>
  );
}

const MAX_INSTANCES = 500;

/** Of a task in a loop: which iteration is looked at. */
function Instances({ run, path, current }: { readonly run: Run; readonly path: string; readonly current: Task | undefined }) {
  const [, change] = useRunSearch();
  const all = run.tasks.instancesOf(withoutIterations(path));
  if (all.length < 2 || current === undefined) return null;
  return (
    <select
      className={classes['instances']}
      aria-label="Iteration"
      value={current.path}
      onChange={(event) => change(ofTask(event.target.value))}
    >
      {all.slice(0, MAX_INSTANCES).map((task) => (
        <option key={task.path} value={task.path}>
          {(task.path ?? '').match(/\[\d+\]/g)?.join('')} {(task.state ?? '').toLowerCase()}
        </option>
      ))}
    </select>
  );
}

function RerunButton({ run, task }: { readonly run: Run; readonly task: Task }) {
  const may = useMay();
  if (!isFinal(run.view?.run?.state) || !may('Run_Resume')) return null;
  return (
    <Button
      icon="retry"
      title="Runs this task and all behind it again; what came before is kept"
      onClick={() => void resumeRun(run, task.task_id)}
    >
      Re-run from here
    </Button>
  );
}

export function plannedTask(graph: Native<'Graph'> | undefined, path: string): Native<'GraphTask'> | undefined {
  const plain = withoutIterations(path);
  for (const scope of graph?.scopes ?? []) for (const task of scope.tasks ?? []) if (task.path === plain) return task;
  return undefined;
}
