import { useMemo } from 'react';
import { Graph } from '../graph/graph.tsx';
import { withoutIterations } from '../graph/task-tallies.ts';
import { Skeleton } from '../ui/feedback.tsx';
import { stateLabel } from '../ui/state.tsx';
import { ofIteration } from './run-tasks.ts';
import { ofTask, useRunSearch } from './run-search.ts';
import { type Run, useTasksVersion } from './use-run.ts';
import classes from './run.module.css';

/** The run as a graph that lives. Within a loop one iteration can be looked at alone. */
export function RunGraph({ run }: { readonly run: Run }) {
  const [search, change] = useRunSearch();
  const { graph, tasks } = run;
  const scope = search.scope ?? '/';
  const iteration = search.iteration === undefined ? undefined : Number(search.iteration);
  const statuses = useMemo(
    () => (iteration === undefined ? tasks : ofIteration(tasks, scope, iteration)),
    [tasks, scope, iteration],
  );
  const actions = useMemo(
    () => ({
      select: (id: string | undefined) => change(ofTask(id === undefined ? undefined : toConcrete(id, scope, iteration))),
      open: (path: string) => change({ scope: path === '/' ? undefined : path, iteration: undefined }),
    }),
    [scope, iteration, search.task === undefined],
  );
  if (!graph)
    return (
      <div className={classes['graphSkeleton']} role="status" aria-label="Loading the graph">
        {[0, 1, 2].map((at) => (
          <Skeleton key={at} width={216} height={58} />
        ))}
      </div>
    );
  return (
    <div className={classes['graph']}>
      <Graph
        graph={graph}
        label="Tasks of the run"
        statuses={statuses}
        root={scope}
        onRoot={actions.open}
        selected={search.task === undefined ? undefined : withoutIterations(search.task)}
        onSelect={actions.select}
      />
      {scope !== '/' && (
        <IterationPicker run={run} scope={scope} value={search.iteration} onChange={(value) => change({ iteration: value })} />
      )}
    </div>
  );
}

const toConcrete = (id: string, scope: string, iteration: number | undefined): string =>
  iteration !== undefined && id.startsWith(`${scope}/`) ? `${scope}[${iteration}]${id.slice(scope.length)}` : id;

interface IterationPickerProps {
  readonly run: Run;
  readonly scope: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function IterationPicker({ run: { tasks }, scope, value, onChange }: IterationPickerProps) {
  useTasksVersion(tasks, 500);
  const iterations = iterationsOf(tasks.list(), scope);
  if (iterations.length === 0) return null;
  return (
    <label className={classes['iterations']}>
      <span>Iteration</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}>
        <option value="">all {iterations.length}</option>
        {iterations.map(({ index, state }) => (
          <option key={index} value={index}>
            {index} · {stateLabel(state).toLowerCase()}
          </option>
        ))}
      </select>
    </label>
  );
}

function iterationsOf(tasks: readonly { readonly path?: string; readonly state?: string }[], scope: string) {
  return tasks.flatMap(({ path = '', state }) => {
    const match = /^(.*)\[(\d+)\]$/.exec(path);
    return match && match[1] === scope ? [{ index: Number(match[2]), state }] : [];
  });
}
