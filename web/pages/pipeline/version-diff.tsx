import { useNavigate, useSearch } from '@tanstack/react-router';
import type { V2 } from '../../api/operations.ts';
import { DiffView } from '../../ui/diff-view.tsx';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { Select } from '../../ui/field.tsx';
import { useVersionSourceText } from './version-source.tsx';
import classes from './version-diff.module.css';

interface VersionDiffProps {
  readonly pipeline: string;
  readonly version: string;
  /** Id of the version it is compared with; default: the one before it. */
  readonly other: string | undefined;
  readonly versions: readonly V2<'PipelineVersion'>[];
}

/** What a version changed against another one. */
export function VersionDiff({ pipeline, version, other, versions }: VersionDiffProps) {
  const search = useSearch({ from: '/pipelines/$pipelineId' });
  const navigate = useNavigate({ from: '/pipelines/$pipelineId' });
  const at = versions.findIndex(({ pipeline_version_id }) => pipeline_version_id === version);
  const base = other ?? versions[at + 1]?.pipeline_version_id ?? version;
  const left = useVersionSourceText(pipeline, base);
  const right = useVersionSourceText(pipeline, version);
  const error = left.error ?? right.error;
  return (
    <>
      <div className={classes['choice']}>
        <span className="muted">From</span>
        <Select
          aria-label="Compare with"
          value={base}
          options={versions.map(({ pipeline_version_id = '', display_name = '' }) => ({
            value: pipeline_version_id,
            label: display_name,
          }))}
          onChange={(event) => void navigate({ search: { ...search, with: event.target.value } })}
        />
        <span className="muted">to</span> <strong>{versions[at]?.display_name}</strong>
      </div>
      {error ? (
        <ErrorMessage error={error} />
      ) : left.data === undefined || right.data === undefined ? (
        <SkeletonRows label="Loading the sources" />
      ) : (
        <DiffView left={left.data} right={right.data} label="Differences" />
      )}
    </>
  );
}
