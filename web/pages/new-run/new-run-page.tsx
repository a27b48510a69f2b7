import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, ErrorMessage, Notice, SkeletonRows } from '../../ui/feedback.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { NewRunForm } from './new-run-form.tsx';
import { ProblemList } from './problem-list.tsx';
import { type RunSource, useCloneSource, useFileSource, useVersionSource } from './run-source.ts';
import { cloneStarter, fileStarter, type Starter, versionStarter } from './start-run.ts';
import { VersionPicker } from './version-picker.tsx';
import classes from './new-run-page.module.css';

export const PIPELINE_FILES = '.yaml,.yml,.json,.zip,.gz,.tgz';

/** Starts a run: of a version, of a file dropped on the page, or like another run. */
export function NewRunPage() {
  const search = useSearch({ from: '/runs/new' });
  const navigate = useNavigate({ from: '/runs/new' });
  const may = useMay();
  const [file, setFile] = useState<File>();
  const version = useVersionSource(search);
  const dropped = useFileSource(file);
  const clone = useCloneSource(search.clone);
  if (!may('RunService_CreateRun')) {
    return (
      <Page title="New run" parent={{ to: '/runs', title: 'Runs' }}>
        <Empty icon="lock" title="Starting runs takes the role editor">
          Ask an administrator of this namespace for it.
        </Empty>
      </Page>
    );
  }
  if (search.clone !== undefined) {
    return (
      <Page title="Run again" parent={{ to: '/runs', title: 'Runs' }} layout="narrow" subtitle={`A new run like ${clone.title}`}>
        <Source
          source={clone}
          starter={cloneStarter(search.clone)}
          experiment={search.experiment ?? clone.run?.run?.experiment_id}
        />
      </Page>
    );
  }
  return (
    <Page title="New run" parent={{ to: '/runs', title: 'Runs' }} layout="narrow">
      <div className={classes['source']}>
        {file === undefined ? (
          <>
            <VersionPicker
              choice={search}
              onChange={(choice) => void navigate({ search: { ...search, ...choice, version: choice.version }, replace: true })}
            />
            {search.pipeline === undefined && (
              <FileDrop label="Pipeline file" accept={PIPELINE_FILES} onFile={setFile}>
                Or drop a compiled pipeline here: YAML, JSON, zip or tar.gz.
              </FileDrop>
            )}
          </>
        ) : (
          <div className={classes['file']}>
            <Icon name="file" />
            <span className="truncate">{file.name}</span>
            <Button kind="quiet" onClick={() => setFile(undefined)}>
              Choose another
            </Button>
          </div>
        )}
      </div>
      {file !== undefined ? (
        <Source source={dropped} starter={fileStarter(file)} experiment={search.experiment} isFile />
      ) : search.pipeline !== undefined ? (
        <Source source={version} starter={versionStarter(search.pipeline, version.versionId)} experiment={search.experiment} />
      ) : null}
    </Page>
  );
}

interface SourceProps {
  readonly source: RunSource;
  readonly starter: Starter;
  readonly experiment: string | undefined;
  readonly isFile?: boolean;
}

function Source({ source, starter, experiment, isFile = false }: SourceProps) {
  const { inputs, given, problems, error, key, title } = source;
  if (error) return <ErrorMessage error={error} />;
  const hasErrors = problems.some(({ severity }) => severity !== 'warning');
  if (problems.length > 0 && (hasErrors || !inputs)) return <ProblemList problems={problems} />;
  if (!inputs) return <SkeletonRows count={5} label="Loading the inputs" />;
  return (
    <>
      {problems.length > 0 && <ProblemList problems={problems} />}
      {isFile && (
        <Notice>
          The file is uploaded as pipeline <strong>{title}</strong> when the run is started; as a new version if there is one.
        </Notice>
      )}
      <NewRunForm key={`${key} ${title}`} inputs={inputs} given={given} title={title} starter={starter} experiment={experiment} />
    </>
  );
}
