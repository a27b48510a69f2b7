import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { filterText } from '../../api/filter.ts';
import { ask } from '../../api/query.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { scheduleText } from '../recurring/schedule-text.ts';
import classes from './side-list.module.css';

const SHOWN = 4;

export const enabledSchedules = ask('RecurringRunService_ListRecurringRuns', {
  query: { page_size: SHOWN, filter: filterText([['status', 'EQUALS', 'ENABLED']]) },
});

/** Recurring runs that are on; nothing when there are none. */
export function ScheduledNext() {
  const { data } = useQuery(enabledSchedules);
  if (!data?.recurringRuns) return null;
  return (
    <Panel
      title="Scheduled"
      actions={
        <Link to="/recurring" className={classes['all']}>
          Show all
        </Link>
      }
    >
      <ul>
        {data.recurringRuns.map(({ recurring_run_id = '', display_name, trigger }) => (
          <li key={recurring_run_id} className={classes['item']}>
            <Icon name="clock" />
            <Link to="/recurring/$recurringRunId" params={{ recurringRunId: recurring_run_id }} className={classes['name']}>
              {display_name}
            </Link>
            <span className={classes['when']}>{scheduleText(trigger)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
