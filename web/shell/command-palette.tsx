import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useId, useState } from 'react';
import { ask } from '../api/query.ts';
import type { Native } from '../api/operations.ts';
import { useModal } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { StateIcon } from '../ui/state.tsx';
import { Time } from '../ui/time.tsx';
import { GO_KEYS } from './places.ts';
import classes from './command-palette.module.css';

interface Entry {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly subtitle?: string;
  readonly state?: string | undefined;
  readonly at?: string | undefined;
  readonly href: string;
}

/** Search over everything and going anywhere, by typing (⌘K). */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const ref = useModal();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const wanted = useDeferredValue(text.trim());
  const found = useQuery({
    ...ask('Search_Find', { query: { query: wanted, limit: 20 } }),
    enabled: wanted !== '',
    placeholderData: (before) => before,
  });
  const hits = wanted === '' ? [] : (found.data?.hits ?? []).map(entryOfHit);
  const entries = [...hits, ...COMMANDS.filter(({ title }) => title.toLowerCase().includes(wanted.toLowerCase()))];
  const at = Math.min(chosen, entries.length - 1);
  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate({ href: entry.href });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) setChosen((at + step + entries.length) % entries.length);
    else if (event.key === 'Enter') open(entries[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={ref}
      className={classes['palette']}
      aria-label="Search"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={classes['field']}>
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Search runs, pipelines, experiments, artifacts"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined}
          placeholder="Search runs, pipelines, experiments, artifacts…"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={listId} role="listbox" aria-label="Results" className={classes['list']}>
        {entries.map((entry, index) => (
          <li
            key={entry.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            ref={index === at ? (item) => item?.scrollIntoView({ block: 'nearest' }) : undefined}
            className={classes['entry']}
            onMouseMove={() => setChosen(index)}
            onClick={() => open(entry)}
          >
            <span className={classes['symbol']}>
              {entry.state === undefined ? <Icon name={entry.icon} /> : <StateIcon state={entry.state} size={16} />}
            </span>
            <span className={classes['title']}>{entry.title}</span>
            {entry.subtitle && <span className={classes['subtitle']}>{entry.subtitle}</span>}
            {entry.at && (
              <span className={classes['time']}>
                <Time at={entry.at} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {entries.length === 0 && (
        <p className={classes['nothing']}>{found.isFetching ? 'Searching…' : `Nothing is called “${wanted}”.`}</p>
      )}
      {found.error && <p className={classes['nothing']}>{found.error.message}</p>}
    </dialog>
  );
}

const COMMANDS: readonly Entry[] = [
  { key: 'new run', icon: 'plus', title: 'New run', href: '/runs/new' },
  { key: 'upload', icon: 'upload', title: 'Upload a pipeline', href: '/pipelines/new' },
  { key: 'new recurring', icon: 'clock', title: 'New recurring run', href: '/recurring/new' },
  { key: 'failed', icon: 'filter', title: 'Failed runs', href: '/runs?state=FAILED' },
  { key: 'running', icon: 'filter', title: 'Running runs', href: '/runs?state=RUNNING' },
  ...GO_KEYS.map(({ to, title, icon }) => ({ key: to, icon, title: `Go to ${title}`, href: to })),
];

type Hit = Native<'SearchHit'>;

const KINDS: Readonly<Record<string, { readonly icon: IconName; readonly name: string; readonly href: (hit: Hit) => string }>> = {
  run: { icon: 'runs', name: 'Run', href: ({ id }) => `/runs/${id}` },
  pipeline: { icon: 'pipelines', name: 'Pipeline', href: ({ id }) => `/pipelines/${id}` },
  pipeline_version: { icon: 'pipelines', name: 'Version', href: ({ id, parent_id }) => `/pipelines/${parent_id}?version=${id}` },
  experiment: { icon: 'experiments', name: 'Experiment', href: ({ id }) => `/experiments/${id}` },
  recurring_run: { icon: 'recurring', name: 'Recurring run', href: ({ id }) => `/recurring/${id}` },
  artifact: { icon: 'artifacts', name: 'Artifact', href: ({ id }) => `/artifacts/${id}` },
};

function entryOfHit(hit: Hit): Entry {
  const kind = KINDS[hit.kind ?? ''] ?? KINDS['run']!;
  return {
    key: `${hit.kind} ${hit.id}`,
    icon: kind.icon,
    title: hit.title ?? hit.id ?? '',
    subtitle: [kind.name, hit.subtitle].filter(Boolean).join(' · '),
    state: hit.kind === 'run' ? hit.state : undefined,
    at: hit.created_at,
    href: kind.href(hit),
  };
}
