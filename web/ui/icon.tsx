import classes from './icon.module.css';

/** Drawn on a grid of 16, one line wide. */
const PATHS = {
  home: 'M2.5 7.2 8 2.8l5.5 4.4V13a.5.5 0 0 1-.5.5H9.8v-4H6.2v4H3a.5.5 0 0 1-.5-.5Z',
  runs: 'M5 3.4v9.2L12.6 8Z',
  pipelines: 'M3 3h3.6v3.6H3ZM9.4 9.4H13V13H9.4ZM6.6 4.8h2.6a2 2 0 0 1 2 2v2.6',
  recurring: 'M13 4v3.2H9.8M3 12V8.8h3.2M12.6 7A5 5 0 0 0 3.7 5.4M3.4 9a5 5 0 0 0 8.9 1.6',
  experiments: 'M6.2 2.5h3.6M6.8 2.5v4L3.2 12a1 1 0 0 0 .85 1.5h7.9A1 1 0 0 0 12.8 12L9.2 6.5v-4M4.7 9.7h6.6',
  artifacts: 'M8 2.2 13.2 5v6L8 13.8 2.8 11V5ZM2.8 5 8 7.9 13.2 5M8 7.9v5.9',
  settings:
    'M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.2 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM5.8 13.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2',
  plus: 'M8 3v10M3 8h10',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.2 3.2L13 5',
  chevronRight: 'm6 3.5 4.5 4.5L6 12.5',
  chevronDown: 'M3.5 6 8 10.5 12.5 6',
  chevronUp: 'M3.5 10 8 5.5l4.5 4.5',
  arrowLeft: 'M13 8H3M7 4 3 8l4 4',
  external: 'M6.5 3.5h-3v9h9v-3M9.5 3h3.5v3.5M12.8 3.2 7.5 8.5',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8Z',
  download: 'M8 2.5v7.5M4.7 7 8 10.3 11.3 7M2.8 13.3h10.4',
  upload: 'M8 10.5V3M4.7 6 8 2.7 11.3 6M2.8 13.3h10.4',
  trash: 'M2.8 4.3h10.4M6.2 4.3V2.5h3.6v1.8M4.3 4.3l.6 9.2h6.2l.6-9.2M6.7 7v3.8M9.3 7v3.8',
  archive: 'M2.5 3h11v3h-11ZM3.5 6v7h9V6M6.5 8.7h3',
  retry: 'M12.8 3v3.3H9.5M12.5 6.2A5.2 5.2 0 1 0 13.2 8',
  stop: 'M4 4h8v8H4Z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13 9.3A5.5 5.5 0 1 1 6.7 3a4.4 4.4 0 0 0 6.3 6.3Z',
  monitor: 'M2.3 3h11.4v7.6H2.3ZM5.6 13.2h4.8M8 10.6v2.6',
  user: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8ZM3 13.4a5 5 0 0 1 10 0',
  clock: 'M8 13.6A5.6 5.6 0 1 0 8 2.4a5.6 5.6 0 0 0 0 11.2ZM8 4.8V8l2.2 1.6',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  file: 'M4 2.2h5L12.5 5.7v8.1H4ZM9 2.2v3.5h3.5',
  warning: 'M8 2.5 14 13H2ZM8 6.5V9.4M8 11.2h.01',
  compare: 'M6 3v10M10 3v10M2.5 5.5 6 3M13.5 10.5 10 13',
  clone: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8ZM6.5 7.5v4M4.5 9.5h4',
  logs: 'M3 4h10M3 8h7M3 12h4',
  terminal: 'm3 4.5 3.2 3.2L3 11M8 11.5h5',
  diff: 'M8 3v6M5 6h6M5 12.5h6',
  key: 'M10.2 8.6a3 3 0 1 0-2.8-2.8L2.5 10.7v2.8h2.8v-1.7H7v-1.7l1.4-1.4c.5.2 1.2.2 1.8-.1ZM10.6 5.4h.01',
  lock: 'M4 7h8v6.3H4ZM5.6 7V5a2.4 2.4 0 0 1 4.8 0v2',
  info: 'M8 13.6A5.6 5.6 0 1 0 8 2.4a5.6 5.6 0 0 0 0 11.2ZM8 7.4v3.4M8 5.2h.01',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means has to be said in words beside it or in the label of its button. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className={classes['icon']} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
