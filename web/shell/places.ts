import type { IconName } from '../ui/icon.tsx';

/** The places of the sidebar, with the keys that lead there. */
export const PLACES = [
  { to: '/', title: 'Home', icon: 'home', keys: 'g h' },
  { to: '/runs', title: 'Runs', icon: 'runs', keys: 'g r' },
  { to: '/pipelines', title: 'Pipelines', icon: 'pipelines', keys: 'g p' },
  { to: '/recurring', title: 'Recurring runs', icon: 'recurring', keys: 'g c' },
  { to: '/experiments', title: 'Experiments', icon: 'experiments', keys: 'g e' },
  { to: '/artifacts', title: 'Artifacts', icon: 'artifacts', keys: 'g a' },
] as const satisfies readonly { to: string; title: string; icon: IconName; keys: string }[];

export const GO_KEYS = [...PLACES, { to: '/settings', title: 'Settings', icon: 'settings', keys: 'g s' }] as const;
