import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ask } from '../../api/query.ts';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';
import { VersionPicker } from '../new-run/version-picker.tsx';
import { NewRecurringRunForm } from './new-recurring-run-form.tsx';
import { useRecurringSource } from './recurring-source.ts';
import classes from '../new-run/new-run-page.module.css';

/** Starts runs by a schedule: of a version, or like another recurring run, which it may take the place of. */
export function NewRecurringRunPage() {
  const search = useSearch({ from: '/recurring/new' });
  const navigate = useNavigate({ from: '/recurring/new' });
  const likeId = search.edit ?? search.clone;
  const like = useQuery({
    ...ask('RecurringRunService_GetRecurringRun', { params: { recurring_run_id: likeId ?? '' } }),
    enabled: likeId !== undefined,
  });
  const source = useRecurringSource(search, like.data);
  const error = like.error ?? source.error;
  const isWanted = search.pipeline !== undefined || likeId !== undefined;
  const isReady = source.inputs !== undefined && source.title !== '' && (likeId === undefined || like.data !== undefined);
  const title = search.edit === undefined ? 'New recurring run' : `Edit ${like.data?.display_name ?? '…'}`;
  const reference = search.pipeline === undefined ? like.data?.pipeline_version_reference : undefined;
  const choice = reference ? { pipeline: reference.pipeline_id, version: reference.pipeline_version_id } : search;
  return (
    <Page title={title} parent={{ to: '/recurring', title: 'Recurring runs' }} layout="narrow">
      <div className={classes['source']}>
        <VersionPicker
          choice={choice}
          onChange={(changed) => void navigate({ search: { ...search, ...changed, version: changed.version }, replace: true })}
        />
      </div>
      {error && <ErrorMessage error={error} />}
      {isWanted && !error && !isReady && <SkeletonRows count={5} />}
      {isReady && !error && (
        <NewRecurringRunForm
          key={source.key}
          inputs={source.inputs!}
          title={source.title}
          pipeline={source.pipeline}
          experiment={search.experiment}
          like={like.data}
          isReplacing={search.edit !== undefined}
        />
      )}
    </Page>
  );
}
