import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { Graph } from '../graph/graph.tsx';
import { withoutIterations } from '../graph/task-tallies.ts';
import { RunTasks } from '../run/run-tasks.ts';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { State } from '../ui/state.tsx';
import { Duration } from '../ui/time.tsx';
import { type Comparison, differingPaths } from './comparison-model.ts';
import classes from './compare.module.css';

/** The graphs of the runs side by side; what ended differently is pointed out, and what is selected in one is selected in all. */
export function CompareGraphs({ comparison }: { readonly comparison: Comparison }) {
  const [selected, setSelected] = useState<string>();
  const [root, setRoot] = useState('/');
  const tasks = useMemo(() => (comparison.runs ?? []).map((_, at) => tasksOf(comparison, at)), [comparison]);
  const marked = useMemo(() => differingPaths(comparison.tasks ?? []), [comparison]);
  return (
    <div className={classes['graphs']} style={{ gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, 380px), 1fr))` }}>
      {(comparison.runs ?? []).map((run, at) => (
        <section key={run.run_id} className={classes['graphBox']} aria-label={run.display_name}>
          <header className={classes['graphHead']}>
            <Link to="/runs/$runId" params={{ runId: run.run_id ?? '' }} className="truncate">
              {run.display_name}
            </Link>
            <State state={run.state} />
            <span className="muted">
              <Duration from={run.started_at} to={run.ended_at} />
            </span>
          </header>
          <OneGraph
            run={run}
            tasks={tasks[at]!}
            marked={marked}
            selected={selected}
            onSelect={setSelected}
            root={root}
            onRoot={setRoot}
          />
        </section>
      ))}
    </div>
  );
}

interface OneGraphProps {
  readonly run: Native<'RunSummary'>;
  readonly tasks: readonly Native<'PipelineTask'>[];
  readonly marked: ReadonlySet<string>;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
  readonly root: string;
  readonly onRoot: (path: string) => void;
}

function OneGraph({ run, tasks, marked, selected, onSelect, root, onRoot }: OneGraphProps) {
  const { data: graph, error } = useQuery(ask('Run_GetGraph', { params: { run_id: run.run_id ?? '' } }));
  const statuses = useMemo(() => {
    const known = new RunTasks((tell) => tell());
    const groups = new Set(
      (graph?.scopes ?? []).flatMap((scope) =>
        (scope.tasks ?? []).flatMap((task) => (task.scope === undefined ? [] : [task.path])),
      ),
    );
    known.apply(tasks.map((task) => (groups.has(withoutIterations(task.path ?? '')) ? { ...task, kind: 'dag' } : task)));
    return known;
  }, [tasks, graph]);
  if (error) return <ErrorMessage error={error} />;
  if (!graph) return <SkeletonRows count={4} />;
  const has = (path: string): boolean => path === '/' || (graph.scopes ?? []).some((scope) => scope.path === path);
  return (
    <Graph
      graph={graph}
      label={`Tasks of ${run.display_name}`}
      statuses={statuses}
      marked={marked}
      selected={selected}
      onSelect={onSelect}
      root={has(root) ? root : '/'}
      onRoot={onRoot}
      isPlain
    />
  );
}

/** What the comparison says of one run's tasks, as tasks. */
function tasksOf({ tasks = [] }: Comparison, at: number): readonly Native<'PipelineTask'>[] {
  return tasks.flatMap((task) => {
    const state = task.states?.[at] ?? '';
    return state === ''
      ? []
      : [{ path: task.path, state: state as Native<'PipelineTask'>['state'], kind: 'container', task_id: task.task_ids?.[at] }];
  });
}
