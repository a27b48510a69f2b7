import { useQuery } from '@tanstack/react-query';
import { Fragment, useEffect } from 'react';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { formatDuration } from '../base/format.ts';
import { withoutIterations } from '../graph/task-tallies.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Facts, Panel } from '../ui/panel.tsx';
import type { Task } from './run-tasks.ts';
import { attemptsText, resourceRows } from './step-use.ts';
import classes from './task-resources.module.css';

/** What a step asks for beside what it used, and what it should ask for by its latest attempts in any run of the pipeline. */
export function TaskResources({ task, attempts }: { readonly task: Task; readonly attempts: readonly Native<'Attempt'>[] }) {
  const { data, refetch } = useQuery(ask('Use_GetOfRun', { params: { run_id: task.run_id ?? '' } }));
  useEffect(() => {
    // What it used is known when it has ended.
    if (task.end_time !== undefined) void refetch();
  }, [task.end_time, refetch]);
  const path = withoutIterations(task.path ?? '');
  const step = data?.steps?.find((known) => known.path === path);
  const last = attempts.at(-1);
  const rows = resourceRows(step, last);
  if (!rows.some(({ asked, used, lately }) => asked ?? used ?? lately)) return null;
  return (
    <Panel title="Resources">
      <table className={classes['table']} aria-label="What it asks for and what it used">
        <thead>
          <tr>
            <td />
            <th scope="col">Asks for</th>
            <th scope="col">Used</th>
            <th scope="col" title={step && `In ${attemptsText(step)}`}>
              Most lately
            </th>
            <th scope="col">Suggested</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, asked, used, lately, suggested }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {[asked, used, lately, suggested].map((value, column) => (
                <td key={column}>{value ?? <span className="muted">–</span>}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {last?.cpu_ms && <Facts rows={[['Processor time', formatDuration(Number(last.cpu_ms))]]} />}
      {step && <Suggestion step={step} />}
    </Panel>
  );
}

function Suggestion({ step }: { readonly step: Native<'StepUse'> }) {
  const { advice = [], python = '' } = step;
  return (
    <>
      {advice.map((sentence) => (
        <p key={sentence} className={classes['advice']}>
          It {sentence}.
        </p>
      ))}
      <div className={classes['python']}>
        <code>
          {python.split(/(?=\.set_)/).map((call) => (
            <Fragment key={call}>
              <wbr />
              {call}
            </Fragment>
          ))}
        </code>
        <CopyButton text={python} label="Copy the request" />
      </div>
      <p className={classes['by']}>In Python, after the call of the component. Suggested by {attemptsText(step)}.</p>
    </>
  );
}
