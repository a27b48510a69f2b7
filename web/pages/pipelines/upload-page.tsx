import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { currentNamespace } from '../../api/namespace.ts';
import { ask, refresh } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Page } from '../../ui/page.tsx';
import { tellDone } from '../../ui/toast.tsx';
import { PIPELINE_FILES } from '../new-run/new-run-page.tsx';
import { ProblemList } from '../new-run/problem-list.tsx';
import { useFileSource } from '../new-run/run-source.ts';
import classes from './upload-page.module.css';

/** Uploads a pipeline, or a version of one. What is wrong with the file is told before. */
export function UploadPage() {
  const { pipeline } = useSearch({ from: '/pipelines/new' });
  const navigate = useNavigate();
  const [file, setFile] = useState<File>();
  const [typedName, setName] = useState<string>();
  const [description, setDescription] = useState('');
  const source = useFileSource(file);
  const about = useQuery({
    ...ask('PipelineService_GetPipeline', { params: { pipeline_id: pipeline ?? '' } }),
    enabled: pipeline !== undefined,
  });
  const name = typedName ?? (pipeline === undefined ? source.title : '');
  const upload = useMutation({
    mutationFn: async (chosen: File) => {
      if (pipeline === undefined) {
        const query = { name, description, namespace: currentNamespace() || undefined };
        const made = await call('UploadPipeline', { query, file: chosen });
        return { pipelineId: made.pipeline_id ?? '', version: undefined };
      }
      const made = await call('UploadPipelineVersion', { query: { pipelineid: pipeline, name, description }, file: chosen });
      return { pipelineId: pipeline, version: made.pipeline_version_id };
    },
    onSuccess: async ({ pipelineId, version }) => {
      tellDone(`${name} was uploaded`);
      void refresh('PipelineService_ListPipelines', 'PipelineService_ListPipelineVersions');
      await navigate({ to: '/pipelines/$pipelineId', params: { pipelineId }, search: version ? { version } : {} });
    },
  });
  const hasErrors = source.problems.some(({ severity }) => severity !== 'warning');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) upload.mutate(file);
  };
  return (
    <Page
      title={pipeline === undefined ? 'Upload a pipeline' : `Upload a version of ${about.data?.display_name ?? '…'}`}
      parent={{ to: '/pipelines', title: 'Pipelines' }}
      layout="narrow"
    >
      <form onSubmit={submit} className={classes['form']}>
        <FileDrop label="Pipeline file" accept={PIPELINE_FILES} onFile={setFile}>
          {file === undefined ? (
            'Drop a compiled pipeline here: YAML, JSON, zip or tar.gz of kfp, TFX or pipewright.'
          ) : (
            <strong>{file.name}</strong>
          )}
        </FileDrop>
        {source.error && <ErrorMessage error={source.error} title="The file cannot be read" />}
        {source.problems.length > 0 && <ProblemList problems={source.problems} />}
        <Field label="Name">
          {(control) => <TextInput {...control} required value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Description">
          {(control) => <TextInput {...control} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
        {upload.error && <ErrorMessage error={upload.error} title="It was not uploaded" />}
        <div>
          <Button
            type="submit"
            kind="primary"
            icon="upload"
            disabled={!file || name.trim() === '' || hasErrors || upload.isPending}
          >
            Upload
          </Button>
        </div>
      </form>
    </Page>
  );
}
