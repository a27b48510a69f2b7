import { Link } from '@tanstack/react-router';
import type { RunFilters } from '../../api/run-list-input.ts';
import { useMay } from '../../api/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';

/** Why a list of runs is empty, and what to do about it. */
export function NoRuns({ filters }: { readonly filters: RunFilters }) {
  const may = useMay();
  if (filters.recurring) {
    return (
      <Empty icon="clock" title="It has not started a run yet">
        Runs appear here as soon as the schedule comes due.
      </Empty>
    );
  }
  const { archived, sort: _, ...rest } = filters;
  if (Object.values(rest).some(Boolean)) {
    return (
      <Empty icon="filter" title="No run fits the filters" actions={<LinkButton to="/runs">Show all runs</LinkButton>}>
        Take a filter away, or look among the{' '}
        <Link to="/runs" search={{ ...rest, ...(archived ? {} : { archived: 'true' }) }}>
          <u>{archived ? 'runs that are not archived' : 'archived runs'}</u>
        </Link>
        .
      </Empty>
    );
  }
  if (archived) {
    return (
      <Empty icon="archive" title="Nothing is archived">
        Runs that are archived are out of the way but keep everything they made.
      </Empty>
    );
  }
  const actions = may('RunService_CreateRun') && (
    <LinkButton to="/runs/new" kind="primary" icon="plus">
      New run
    </LinkButton>
  );
  return (
    <Empty icon="runs" title="No runs yet" actions={actions}>
      A run is one execution of a pipeline. Start one here, from the command line, or with any kfp client.
    </Empty>
  );
}
