import { call } from '../../api/call.ts';
import type { V2 } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { tellDone, tellError } from '../../ui/toast.tsx';

interface PauseButtonProps {
  readonly recurringRun: V2<'RecurringRun'>;
  readonly kind?: 'normal' | 'quiet';
}

/** Pauses a recurring run, or lets it go on. */
export function PauseButton({ recurringRun, kind = 'normal' }: PauseButtonProps) {
  const may = useMay();
  const { recurring_run_id = '', display_name, status } = recurringRun;
  const isOn = status === 'ENABLED';
  const operation = isOn ? 'RecurringRunService_DisableRecurringRun' : 'RecurringRunService_EnableRecurringRun';
  if (!may(operation)) return null;
  const act = async () => {
    await call(operation, { params: { recurring_run_id } });
    tellDone(isOn ? `${display_name} is paused` : `${display_name} goes on`);
    await refresh('RecurringRunService_ListRecurringRuns', 'RecurringRunService_GetRecurringRun');
  };
  const word = isOn ? 'Pause' : 'Resume';
  return (
    <Button
      kind={kind}
      icon={isOn ? 'pause' : 'runs'}
      aria-label={`${word} ${display_name}`}
      onClick={() => void act().catch((error: unknown) => tellError(`${display_name} was not changed`, error))}
    >
      {word}
    </Button>
  );
}
