import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import type { Native } from '../api/operations.ts';
import { refresh } from '../api/query.ts';
import { actOnRuns } from '../api/run-actions.ts';
import { useMay } from '../api/session.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { tellDone, tellError } from '../ui/toast.tsx';
import { isFinal, type Run } from './use-run.ts';
import classes from './run.module.css';

interface RunActionsProps {
  readonly run: Run;
  readonly summary: Native<'RunSummary'>;
}

/** What can be done with a run. What the state or the reader's role does not allow is not offered. */
export function RunActions({ run, summary }: RunActionsProps) {
  const [dialog, setDialog] = useState<'none' | 'terminate' | 'delete' | 'cli'>('none');
  const navigate = useNavigate();
  const may = useMay();
  const runId = summary.run_id ?? '';
  const hasEnded = isFinal(summary.state);
  const mayResume = hasEnded && summary.state !== 'SUCCEEDED' && may('Run_Resume');
  const close = () => setDialog('none');
  const items: (MenuItem | false)[] = [
    hasEnded &&
      may('Run_Resume') && {
        label: 'Retry from the beginning',
        icon: 'retry',
        onSelect: () => void resumeRun(run, run.tasks.root()?.task_id),
      },
    { label: 'Open in the command line', icon: 'terminal', onSelect: () => setDialog('cli') },
    summary.storage_state !== 'ARCHIVED' &&
      may('RunService_ArchiveRun') && { label: 'Archive', icon: 'archive', onSelect: () => void actOnRuns('archive', [summary]) },
    summary.storage_state === 'ARCHIVED' &&
      may('RunService_UnarchiveRun') && {
        label: 'Restore',
        icon: 'archive',
        onSelect: () => void actOnRuns('restore', [summary]),
      },
    hasEnded &&
      may('RunService_DeleteRun') && { label: 'Delete', icon: 'trash', isDangerous: true, onSelect: () => setDialog('delete') },
  ];
  return (
    <>
      {mayResume && (
        <Button
          kind="primary"
          icon="runs"
          title="Goes on where it stopped: what succeeded is kept"
          onClick={() => void resumeRun(run)}
        >
          Resume
        </Button>
      )}
      {!hasEnded && summary.state !== 'CANCELING' && may('RunService_TerminateRun') && (
        <Button kind="danger" icon="stop" onClick={() => setDialog('terminate')}>
          Terminate
        </Button>
      )}
      {may('Run_Clone') && (
        <Button
          icon="clone"
          title="Starts the same pipeline again, with the parameters to change"
          onClick={() => void navigate({ to: '/runs/new', search: { clone: runId } })}
        >
          Clone
        </Button>
      )}
      {summary.cloned_from_run_id && (
        <LinkButton
          to="/compare"
          search={{ runs: `${summary.cloned_from_run_id},${runId}` }}
          icon="compare"
          title="Beside the run it was cloned from"
        >
          Compare
        </LinkButton>
      )}
      <Menu label="More actions" items={items.filter((item) => item !== false)} />
      {dialog === 'terminate' && (
        <Confirm
          title={`Terminate ${summary.display_name}?`}
          action="Terminate the run"
          isDangerous
          onConfirm={() => void actOnRuns('terminate', [summary])}
          onClose={close}
        >
          Steps that run are stopped, those that wait are not started. What has succeeded stays, and the run can be resumed.
        </Confirm>
      )}
      {dialog === 'delete' && (
        <Confirm
          title={`Delete ${summary.display_name}?`}
          action="Delete the run"
          isDangerous
          onConfirm={() => void actOnRuns('delete', [summary]).then(() => navigate({ to: '/runs' }))}
          onClose={close}
        >
          The run, its tasks and its logs are removed. This cannot be undone.
        </Confirm>
      )}
      {dialog === 'cli' && <CommandLine runId={runId} onClose={close} />}
    </>
  );
}

/** Without a task: what has not succeeded runs again. With one: that task and all behind it. */
export async function resumeRun(run: Run, fromTaskId?: string): Promise<void> {
  const runId = run.view?.run?.run_id ?? '';
  try {
    await call('Run_Resume', { params: { run_id: runId }, body: fromTaskId === undefined ? {} : { from_task_id: fromTaskId } });
    tellDone('The run goes on');
    await refresh('Run_Get', 'Run_List', 'Task_GetDetail');
  } catch (error) {
    tellError('The run could not go on', error);
  }
}

function CommandLine({ runId, onClose }: { readonly runId: string; readonly onClose: () => void }) {
  const endpoint = location.origin === 'http://127.0.0.1:8888' ? '' : ` --endpoint ${location.origin}`;
  const commands: readonly (readonly [what: string, command: string])[] = [
    ['Show the run', `pipewright run get ${runId}${endpoint}`],
    ['Follow its logs', `pipewright run logs ${runId} --follow${endpoint}`],
    ['Wait until it ends', `pipewright run wait ${runId}${endpoint}`],
    ['Resume it', `pipewright run retry ${runId}${endpoint}`],
  ];
  return (
    <Dialog title="In the command line" onClose={onClose} width="wide">
      <dl className={classes['commands']}>
        {commands.map(([what, command]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <code>{command}</code>
              <CopyButton text={command} label={`Copy: ${what}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
