import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { formatDuration } from '../base/format.ts';
import { useNow } from '../base/use-now.ts';
import { classNames } from '../ui/class-names.ts';
import { Empty } from '../ui/feedback.tsx';
import { stateColor, StateIcon, stateLabel } from '../ui/state.tsx';
import { ofTask, useRunSearch } from './run-search.ts';
import { timelineOf, timeTicks, type TimelineModel, type TimelineRow } from './timeline-model.ts';
import { isFinal, type Run, useTasksVersion } from './use-run.ts';
import classes from './timeline.module.css';

const ROW = 30;
const NARROW_PIXELS = 760;
/** How many times are marked at most: on a narrow screen, beside a panel, else. */
const TICKS = { narrow: 2, beside: 5, wide: 8 } as const;

/** When each task waited and ran. */
export function Timeline({ run }: { readonly run: Run }) {
  const version = useTasksVersion(run.tasks);
  const isLive = !isFinal(run.view?.run?.state);
  const now = useNow(isLive ? 'second' : 'never');
  const dependencies = useMemo(() => dependenciesOf(run.graph), [run.graph]);
  const model = useMemo(
    () => timelineOf(run.tasks.list(), now, (path) => dependencies.get(path) ?? []),
    [run.tasks, version, now, dependencies],
  );
  const [search, change] = useRunSearch();
  const room = innerWidth < NARROW_PIXELS ? 'narrow' : search.task === undefined ? 'wide' : 'beside';
  const ticks = timeTicks(model.lengthMs, TICKS[room]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: model.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  if (model.rows.length === 0) return <Empty icon="clock" title={isLive ? 'No task has started yet' : 'This run has no tasks'} />;
  return (
    <div ref={scroller} className={classes['timeline']} tabIndex={0} role="region" aria-label="Timeline">
      <Axis ticks={ticks} lengthMs={model.lengthMs} />
      <ol
        className={classes['rows']}
        style={{ height: virtualizer.getTotalSize() }}
        aria-label="Tasks in the order in which they started"
      >
        <li className={classes['lines']} aria-hidden="true">
          <span className={classes['name']} />
          <span className={classes['track']}>
            {ticks.map((tick) => (
              <span key={tick} className={classes['gridLine']} style={{ left: `${(tick / model.lengthMs) * 100}%` }} />
            ))}
          </span>
        </li>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = model.rows[index]!;
          return (
            <li key={row.path} style={{ transform: `translateY(${start}px)`, height: ROW }}>
              <button
                type="button"
                className={classNames(classes['row'], search.task === row.path && classes['isSelected'])}
                title={`${row.label}, ${describe(row)}`}
                onClick={() => change(ofTask(row.path))}
              >
                <span className={classes['name']} style={{ paddingLeft: 12 + Math.min(row.depth, 8) * 14 }}>
                  <StateIcon state={row.state} />
                  <span className="truncate">{row.label}</span>
                </span>
                <span className={classes['track']}>
                  <Bar row={row} model={model} now={now} />
                </span>
                <span className="visually-hidden">, {describe(row)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function dependenciesOf(graph: Run['graph']): ReadonlyMap<string, readonly string[]> {
  return new Map(
    (graph?.scopes ?? []).flatMap(({ tasks = [] }) => tasks.map((task) => [task.path ?? '', task.depends_on ?? []] as const)),
  );
}

function Axis({ ticks, lengthMs }: { readonly ticks: readonly number[]; readonly lengthMs: number }) {
  return (
    <div className={classes['axis']} aria-hidden="true">
      <span className={classes['name']}>
        <span className={classes['legend']}>
          <i className={classes['queueSample']} /> waited <i className={classes['runSample']} /> ran
        </span>
      </span>
      <span className={classes['track']}>
        {ticks.map((tick) => (
          <span key={tick} className={classes['tick']} style={{ left: `${(tick / lengthMs) * 100}%` }}>
            {tick === 0 ? '0' : formatDuration(tick)}
          </span>
        ))}
      </span>
    </div>
  );
}

function Bar({ row, model, now }: { readonly row: TimelineRow; readonly model: TimelineModel; readonly now: number }) {
  const isOpen = row.end === undefined && (row.state === 'RUNNING' || row.state === 'PENDING');
  const end = row.end ?? (isOpen ? now - model.origin : (row.start ?? row.queued));
  const percent = (ms: number): string => `${(ms / model.lengthMs) * 100}%`;
  const start = row.start ?? end;
  const took = end - start;
  return (
    <>
      {start > row.queued && !row.isGroup && (
        <span className={classes['queue']} style={{ left: percent(row.queued), width: percent(start - row.queued) }} />
      )}
      {row.start !== undefined && (
        <span
          className={classNames(classes['bar'], row.isGroup && classes['group'], row.state === 'RUNNING' && classes['running'])}
          style={{ left: percent(start), width: percent(took), background: stateColor(row.state) }}
        />
      )}
      {row.start !== undefined && (
        <span className={classes['took']} style={{ left: `calc(${percent(end)} + 6px)` }}>
          {formatDuration(took)}
        </span>
      )}
    </>
  );
}

function describe({ state, queued, start, end }: TimelineRow): string {
  const waited = start === undefined ? undefined : start - queued;
  return [
    stateLabel(state).toLowerCase(),
    waited !== undefined && waited > 0 && `waited ${formatDuration(waited)}`,
    start !== undefined && end !== undefined && `ran ${formatDuration(end - start)}`,
  ]
    .filter(Boolean)
    .join(', ');
}
