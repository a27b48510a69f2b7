import { classNames } from './class-names.ts';
import classes from './state.module.css';

/** States of runs and tasks, in the words of the API, and how they are shown. */
const STATES = {
  PENDING: { label: 'Pending', look: 'pending', icon: 'dashed' },
  RUNNING: { label: 'Running', look: 'running', icon: 'spinner' },
  PAUSED: { label: 'Paused', look: 'pending', icon: 'pause' },
  CANCELING: { label: 'Canceling', look: 'canceled', icon: 'spinner' },
  SUCCEEDED: { label: 'Succeeded', look: 'succeeded', icon: 'check' },
  FAILED: { label: 'Failed', look: 'failed', icon: 'cross' },
  CANCELED: { label: 'Canceled', look: 'canceled', icon: 'slash' },
  SKIPPED: { label: 'Skipped', look: 'skipped', icon: 'skip' },
  CACHED: { label: 'Cached', look: 'cached', icon: 'bolt' },
} as const;

export type StateName = keyof typeof STATES;

const isStateName = (state: string | undefined): state is StateName => state !== undefined && Object.hasOwn(STATES, state);

/** `Succeeded` for `SUCCEEDED`; what is not known stays as it is. */
export const stateLabel = (state: string | undefined): string =>
  isStateName(state) ? STATES[state].label : (state ?? 'Unknown');

/** The custom property with a state's colour: `var(--failed)`. */
export const stateColor = (state: string | undefined): string => `var(--${isStateName(state) ? STATES[state].look : 'pending'})`;

/** A state as icon and word. `isIconOnly`: the word is only for those who do not see the icon. */
export function State({ state, isIconOnly = false }: { readonly state: string | undefined; readonly isIconOnly?: boolean }) {
  const label = stateLabel(state);
  return (
    <span className={classes['state']} title={isIconOnly ? label : undefined}>
      <StateIcon state={state} />
      <span className={isIconOnly ? 'visually-hidden' : undefined}>{label}</span>
    </span>
  );
}

/** The icon alone, decoration, in its colour. */
export function StateIcon({ state, size = 14 }: { readonly state: string | undefined; readonly size?: number }) {
  const { icon, look } = isStateName(state) ? STATES[state] : { icon: 'dashed' as const, look: 'pending' };
  return (
    <svg className={classNames(classes['icon'], classes[look])} viewBox="0 0 14 14" width={size} height={size} aria-hidden="true">
      {ICONS[icon]}
    </svg>
  );
}

const ICONS = {
  dashed: <circle cx="7" cy="7" r="5.4" className={classes['line']} strokeDasharray="2.2 2.04" />,
  spinner: (
    <g>
      <circle cx="7" cy="7" r="5.4" className={classes['track']} />
      <path d="M7 1.6A5.4 5.4 0 0 1 12.4 7" className={classNames(classes['line'], classes['turning'])} />
    </g>
  ),
  pause: (
    <g>
      <circle cx="7" cy="7" r="5.4" className={classes['line']} />
      <path d="M5.6 5v4M8.4 5v4" className={classes['line']} />
    </g>
  ),
  check: (
    <g>
      <circle cx="7" cy="7" r="6.2" className={classes['disc']} />
      <path d="m4.3 7.2 1.9 1.9 3.5-3.8" className={classes['mark']} />
    </g>
  ),
  cross: (
    <g>
      <circle cx="7" cy="7" r="6.2" className={classes['disc']} />
      <path d="m5 5 4 4M9 5 5 9" className={classes['mark']} />
    </g>
  ),
  slash: (
    <g>
      <circle cx="7" cy="7" r="5.4" className={classes['line']} />
      <path d="m4.4 9.6 5.2-5.2" className={classes['line']} />
    </g>
  ),
  skip: (
    <g>
      <circle cx="7" cy="7" r="5.4" className={classes['line']} />
      <path d="M4.6 7h4.8" className={classes['line']} />
    </g>
  ),
  bolt: (
    <g>
      <circle cx="7" cy="7" r="6.2" className={classes['disc']} />
      <path d="M7.7 3.6 5 7.6h2L6.3 10.4 9 6.4H7Z" className={classes['bolt']} />
    </g>
  ),
} as const;
