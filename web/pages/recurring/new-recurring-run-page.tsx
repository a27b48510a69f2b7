import { useNavigate, useSearch } from '@tanstack/react-router';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';
import { useVersionSource } from '../new-run/run-source.ts';
import { VersionPicker } from '../new-run/version-picker.tsx';
import { NewRecurringRunForm } from './new-recurring-run-form.tsx';
import classes from '../new-run/new-run-page.module.css';

/** Starts runs of a version by a schedule. */
export function NewRecurringRunPage() {
  const search = useSearch({ from: '/recurring/new' });
  const navigate = useNavigate({ from: '/recurring/new' });
  const source = useVersionSource(search);
  return (
    <Page title="New recurring run" parent={{ to: '/recurring', title: 'Recurring runs' }} layout="narrow">
      <div className={classes['source']}>
        <VersionPicker
          choice={search}
          onChange={(choice) => void navigate({ search: { ...search, ...choice, version: choice.version }, replace: true })}
        />
      </div>
      {source.error && <ErrorMessage error={source.error} />}
      {search.pipeline !== undefined && !source.error && (!source.inputs || source.title === '') && <SkeletonRows count={5} />}
      {search.pipeline !== undefined && source.inputs && source.title !== '' && (
        <NewRecurringRunForm
          key={source.key}
          inputs={source.inputs}
          title={source.title}
          pipeline={search.pipeline}
          version={source.versionId ?? ''}
          experiment={search.experiment}
        />
      )}
    </Page>
  );
}
