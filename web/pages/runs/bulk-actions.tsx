import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { actOnRuns, RUN_ACTIONS, type RunAction } from '../../api/run-actions.ts';
import type { RunSummary } from '../../api/run-list.ts';
import { useMay } from '../../api/session.ts';
import { plural } from '../../base/format.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import type { IconName } from '../../ui/icon.tsx';
import classes from './bulk-actions.module.css';

const ICONS: Readonly<Record<RunAction, IconName>> = {
  terminate: 'stop',
  retry: 'retry',
  archive: 'archive',
  restore: 'upload',
  delete: 'trash',
};
const MAX_COMPARED = 10;

/** What can be done with the selected runs. An action is offered when it applies to one of them and the caller may do it. */
export function BulkActions({ runs, onDone }: { readonly runs: readonly RunSummary[]; readonly onDone: () => void }) {
  const may = useMay();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<RunAction>();
  if (runs.length === 0) return null;
  const offered = (Object.keys(RUN_ACTIONS) as RunAction[]).filter(
    (action) => may(RUN_ACTIONS[action].operation) && runs.some(RUN_ACTIONS[action].applies),
  );
  const act = (action: RunAction) => void actOnRuns(action, runs).then(onDone);
  return (
    <div role="toolbar" aria-label="Actions for the selected runs" className={classes['bar']}>
      <span className={classes['count']}>{runs.length} selected</span>
      {runs.length >= 2 && runs.length <= MAX_COMPARED && (
        <Button
          kind="quiet"
          icon="compare"
          onClick={() => void navigate({ to: '/compare', search: { runs: runs.map(({ run_id }) => run_id).join(',') } })}
        >
          Compare
        </Button>
      )}
      {offered.map((action) => (
        <Button
          key={action}
          kind="quiet"
          icon={ICONS[action]}
          onClick={() => (needsWord(action) ? setAsked(action) : act(action))}
        >
          {RUN_ACTIONS[action].verb}
        </Button>
      ))}
      <IconButton icon="close" label="Clear the selection" onClick={onDone} />
      {asked && (
        <Confirm
          title={`${RUN_ACTIONS[asked].verb} ${plural(runs.filter(RUN_ACTIONS[asked].applies).length, 'run')}?`}
          action={RUN_ACTIONS[asked].verb}
          isDangerous
          onConfirm={() => act(asked)}
          onClose={() => setAsked(undefined)}
        >
          {CONSEQUENCES[asked]}
        </Confirm>
      )}
    </div>
  );
}

const needsWord = (action: RunAction): boolean => CONSEQUENCES[action] !== undefined;

const CONSEQUENCES: Partial<Readonly<Record<RunAction, string>>> = {
  terminate: 'Steps that run are ended, exit handlers still run. The runs can be resumed later.',
  delete: 'The runs, their logs and what is known of their tasks are gone for good. To have them out of the way, archive them.',
};
