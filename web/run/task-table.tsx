import { useMemo } from 'react';
import { VirtualTable, type VirtualColumn } from '../ui/virtual-table.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Segments } from '../ui/segments.tsx';
import { Empty } from '../ui/feedback.tsx';
import { State, stateLabel } from '../ui/state.tsx';
import { Duration, Time } from '../ui/time.tsx';
import { failedFirst, matches } from './task-order.ts';
import { isGroup, type Task } from './run-tasks.ts';
import { ofTask, useRunSearch } from './run-search.ts';
import { isFinal, type Run, useTasksVersion } from './use-run.ts';
import { Link } from '@tanstack/react-router';
import classes from './run.module.css';

/** All steps as a table, what failed first. */
export function TaskTable({ run }: { readonly run: Run }) {
  const version = useTasksVersion(run.tasks, 500);
  const [search, change] = useRunSearch();
  const steps = useMemo(() => run.tasks.list().filter((task) => !isGroup(task)), [run.tasks, version]);
  const counts = useMemo(() => Map.groupBy(steps, ({ state }) => state ?? 'PENDING'), [steps]);
  const rows = useMemo(() => failedFirst(steps.filter((task) => matches(task, search))), [steps, search]);
  const states = ['FAILED', 'RUNNING', 'PENDING', 'SUCCEEDED', 'CACHED', 'SKIPPED', 'CANCELED'].filter(
    (state) => counts.has(state as Task['state'] & string) || search.state === state,
  );
  return (
    <div className={classes['tasks']}>
      <div className={classes['filters']}>
        <SearchField
          label="Filter tasks by name"
          value={search.q ?? ''}
          onChange={(q) => change({ q: q === '' ? undefined : q }, { replace: true })}
        />
        <Segments
          label="State"
          value={search.state ?? ''}
          options={[
            { value: '', label: `All ${steps.length}` },
            ...states.map((state) => ({
              value: state,
              label: `${stateLabel(state)} ${counts.get(state as Task['state'] & string)?.length ?? 0}`,
            })),
          ]}
          onChange={(state) => change({ state: state === '' ? undefined : state }, { replace: true })}
        />
      </div>
      {rows.length === 0 ? (
        <Empty
          icon="runs"
          title={
            steps.length === 0
              ? isFinal(run.view?.run?.state)
                ? 'This run has no tasks'
                : 'No task has started yet'
              : 'No task is like that'
          }
        />
      ) : (
        <VirtualTable
          label="Tasks"
          columns={COLUMNS}
          rows={rows}
          rowKey={(task) => task.path ?? ''}
          total={rows.length}
          hasMore={false}
          isLoadingMore={false}
          loadMore={() => undefined}
        />
      )}
    </div>
  );
}

/** `training/for-each[3]` of `/training/for-each[3]/train`. */
function scopeOf(path: string): string {
  const own = /\[\d+\]$/.exec(path)?.[0] ?? '';
  return `${path.slice(1, Math.max(1, path.lastIndexOf('/')))}${own}`;
}

const COLUMNS: readonly VirtualColumn<Task>[] = [
  {
    title: 'Task',
    width: 'minmax(160px, 2fr)',
    cell: (task) => (
      <Link to="." search={(before: object) => ({ ...before, ...ofTask(task.path) })} className={classes['taskName']}>
        <span className="truncate">{task.display_name}</span>
        <span className="truncate muted">{scopeOf(task.path ?? '')}</span>
      </Link>
    ),
  },
  { title: 'State', width: '120px', cell: (task) => <State state={task.state} /> },
  {
    title: 'Reason',
    width: 'minmax(0, 2fr)',
    isSecondary: true,
    cell: (task) => (
      <span className="truncate muted" title={task.error?.message ?? task.state_reason}>
        {task.error?.message ?? task.state_reason}
      </span>
    ),
  },
  { title: 'Attempts', width: '80px', isNumber: true, isSecondary: true, cell: (task) => task.attempt_count ?? 0 },
  { title: 'Started', width: '120px', isSecondary: true, cell: (task) => <Time at={task.start_time} /> },
  {
    title: 'Duration',
    width: '100px',
    isNumber: true,
    cell: (task) => (
      <Duration from={task.start_time} to={task.state === 'RUNNING' ? undefined : (task.end_time ?? task.start_time)} />
    ),
  },
];
