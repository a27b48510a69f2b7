import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { V2 } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { tellDone, tellError } from '../../ui/toast.tsx';

interface PipelineMenuProps {
  readonly pipeline: string;
  readonly name: string;
  /** The one that is shown. */
  readonly version: V2<'PipelineVersion'> | undefined;
}

/** What can be done with a pipeline besides running it. */
export function PipelineMenu({ pipeline, name, version }: PipelineMenuProps) {
  const may = useMay();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'version' | 'pipeline'>();
  const versionId = version?.pipeline_version_id ?? '';
  const deletePipeline = async () => {
    await call('PipelineService_DeletePipeline', { params: { pipeline_id: pipeline }, query: { cascade: true } });
    tellDone(`Pipeline ${name} deleted`);
    await navigate({ to: '/pipelines' });
    await refresh('PipelineService_ListPipelines');
  };
  const deleteVersion = async () => {
    await call('PipelineService_DeletePipelineVersion', { params: { pipeline_id: pipeline, pipeline_version_id: versionId } });
    tellDone(`Version ${version?.display_name} deleted`);
    await navigate({ to: '/pipelines/$pipelineId', params: { pipelineId: pipeline } });
    await refresh('PipelineService_ListPipelineVersions');
  };
  const items: MenuItem[] = [];
  if (may('UploadPipelineVersion')) {
    items.push({
      label: 'Upload a version',
      icon: 'upload',
      onSelect: () => void navigate({ to: '/pipelines/new', search: { pipeline } }),
    });
  }
  if (may('RecurringRunService_CreateRecurringRun')) {
    const search = { pipeline, version: versionId };
    items.push({ label: 'Run it by a schedule', icon: 'clock', onSelect: () => void navigate({ to: '/recurring/new', search }) });
  }
  if (may('PipelineService_DeletePipelineVersion') && version) {
    items.push({ label: 'Delete this version', icon: 'trash', isDangerous: true, onSelect: () => setAsked('version') });
  }
  if (may('PipelineService_DeletePipeline')) {
    items.push({ label: 'Delete the pipeline', icon: 'trash', isDangerous: true, onSelect: () => setAsked('pipeline') });
  }
  if (items.length === 0) return null;
  const act = asked === 'pipeline' ? deletePipeline : deleteVersion;
  return (
    <>
      <Menu label="More actions" items={items} />
      {asked && (
        <Confirm
          title={asked === 'pipeline' ? `Delete ${name} with all its versions?` : `Delete version ${version?.display_name}?`}
          action="Delete"
          isDangerous
          onConfirm={() => void act().catch((error: unknown) => tellError('Nothing was deleted', error))}
          onClose={() => setAsked(undefined)}
        >
          Runs that were made with it stay, and keep their pipeline.
        </Confirm>
      )}
    </>
  );
}
