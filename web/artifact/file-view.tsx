import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { urlOf } from '../api/call.ts';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { formatBytes, plural } from '../base/format.ts';
import { classNames } from '../ui/class-names.ts';
import { Empty, ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Icon } from '../ui/icon.tsx';
import { Preview } from './preview.tsx';
import { scalarsOf } from './classification.ts';
import { ScalarMetrics } from './scalar-metrics.tsx';
import classes from './artifact.module.css';

interface FileViewProps {
  readonly artifact: Native<'Artifact'>;
  readonly path: string | undefined;
  readonly isWhole: boolean;
}

/** An artifact's file, or the files of a folder and the one that is chosen. */
export function FileView({ artifact, path, isWhole }: FileViewProps) {
  const artifactId = artifact.artifact_id ?? '';
  const { data, error, refetch } = useQuery(ask('Artifact_ListFiles', { params: { artifact_id: artifactId } }));
  const navigate = useNavigate();
  const scalars = scalarsOf(artifact.metadata ?? {}).filter(({ name }) => name !== 'display_name');
  const facts = isWhole && scalars.length > 0 && artifact.type_name !== 'system.Markdown' && artifact.type_name !== 'system.HTML';
  if (error)
    return (
      <Empty icon="artifacts" title="Its content cannot be read">
        <ErrorMessage error={error} retry={() => void refetch()} />
      </Empty>
    );
  if (!data) return <SkeletonRows count={5} />;
  const files = data.files ?? [];
  if (files.length === 0) {
    return (
      <div className={classes['stack']}>
        {facts && <ScalarMetrics scalars={scalars} />}
        <Empty icon="artifacts" title="There are no files">
          The step wrote nothing to {artifact.uri}, or it was removed since.
        </Empty>
      </div>
    );
  }
  const chosen =
    files.find((file) => (file.path ?? '') === (path ?? '')) ??
    (data.is_folder ? files.find((file) => !isHidden(file.path)) : files[0]);
  const total = files.reduce((sum, file) => sum + Number(file.size_bytes ?? 0), 0);
  return (
    <div className={classes['stack']}>
      {facts && <ScalarMetrics scalars={scalars} />}
      {data.is_folder && (
        <section aria-label="Files" className={classes['files']}>
          <p className="muted">
            {plural(files.length, 'file')}
            {data.is_truncated && ' and more'}, {formatBytes(total)}
          </p>
          <ul>
            {files.map((file) => (
              <li key={file.path}>
                <button
                  type="button"
                  className={classNames(classes['file'], file === chosen && classes['isChosen'])}
                  aria-current={file === chosen}
                  onClick={() =>
                    void navigate({
                      to: '/artifacts/$artifactId',
                      params: { artifactId },
                      search: { path: file.path },
                      resetScroll: false,
                    })
                  }
                >
                  <Icon name="file" size={14} />
                  <span className="truncate">{file.path}</span>
                  <span className="muted">{formatBytes(Number(file.size_bytes ?? 0))}</span>
                </button>
                <a
                  className={classes['fileDownload']}
                  href={urlOf('Artifact_GetContent', {
                    params: { artifact_id: artifactId },
                    query: { path: file.path ?? '', download: true },
                  })}
                  download
                  aria-label={`Download ${file.path}`}
                >
                  <Icon name="download" size={14} />
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {chosen && (
        <Preview
          key={chosen.path}
          artifactId={artifactId}
          path={data.is_folder ? (chosen.path ?? '') : ''}
          name={(data.is_folder ? chosen.path : undefined) || (artifact.uri ?? '').split('/').at(-1) || 'artifact'}
          typeName={artifact.type_name ?? ''}
          sizeBytes={Number(chosen.size_bytes ?? 0)}
        />
      )}
    </div>
  );
}

const isHidden = (path: string | undefined): boolean => /(^|\/)\./.test(path ?? '');
