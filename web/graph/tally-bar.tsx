import { stateColor, stateLabel } from '../ui/state.tsx';
import { TALLIED, totalOf, type Tally } from './task-tallies.ts';
import classes from './graph.module.css';

/** How many tasks are in which state, as a bar: what has ended from the left, what is to come as the empty rest. */
export function TallyBar({ tally, total }: { readonly tally: Tally; readonly total: number }) {
  const whole = Math.max(total, totalOf(tally), 1);
  const parts = ORDER.filter((state) => (tally[state] ?? 0) > 0);
  const label = parts.map((state) => `${tally[state]} ${stateLabel(state).toLowerCase()}`).join(', ') || 'nothing has started';
  return (
    <span className={classes['bar']} role="img" aria-label={`${label} of ${whole}`} title={`${label} of ${whole}`}>
      {parts.map((state) => (
        <span
          key={state}
          className={state === 'RUNNING' ? classes['barRunning'] : undefined}
          style={{ flexGrow: tally[state], background: stateColor(state) }}
        />
      ))}
      <span style={{ flexGrow: whole - totalOf(tally) }} />
    </span>
  );
}

const ORDER = [
  'SUCCEEDED',
  'CACHED',
  'SKIPPED',
  'FAILED',
  'CANCELED',
  'RUNNING',
  'PENDING',
] as const satisfies readonly (typeof TALLIED)[number][];

/** `12 of 40 · 2 failed`. */
export function tallyText(tally: Tally, total: number): string {
  const done = (tally.SUCCEEDED ?? 0) + (tally.CACHED ?? 0) + (tally.SKIPPED ?? 0) + (tally.FAILED ?? 0) + (tally.CANCELED ?? 0);
  const text = `${done} of ${Math.max(total, totalOf(tally))}`;
  return (tally.FAILED ?? 0) > 0 ? `${text} · ${tally.FAILED} failed` : text;
}
