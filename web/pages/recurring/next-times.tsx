import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { V2 } from '../../api/operations.ts';
import { ask } from '../../api/query.ts';
import { formatExact } from '../../base/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './next-times.module.css';

const SHOWN = 5;

/** When a schedule starts runs next. Said by the server, which knows its time zone. */
export function NextTimes({ trigger }: { readonly trigger: V2<'Trigger'> | undefined }) {
  const cron = trigger?.cron_schedule?.cron;
  const { data, error } = useQuery({
    ...ask('Cron_Preview', { query: { expression: cron, count: SHOWN } }),
    enabled: Boolean(cron),
    placeholderData: keepPreviousData,
  });
  if (!cron) return null;
  return (
    <Panel title="Next times">
      {error ? (
        <p role="alert" className={classes['error']}>
          {error.message}
        </p>
      ) : (
        <ol className={classes['times']} aria-label="Next times">
          {data?.times?.map((at) => (
            <li key={at}>
              <span>{formatExact(Date.parse(at))}</span>
              <span className="muted">
                <Time at={at} />
              </span>
            </li>
          ))}
          {data && !data.times && <li className="muted">It never comes due.</li>}
        </ol>
      )}
      {data?.description && <p className={classes['zone']}>The expression is read in the time zone {data.description}.</p>}
    </Panel>
  );
}
