import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { OperationId, V2 } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { tellDone, tellError } from '../../ui/toast.tsx';

/** Archive, restore, delete. */
export function ExperimentMenu({ experiment }: { readonly experiment: V2<'Experiment'> | undefined }) {
  const may = useMay();
  const navigate = useNavigate();
  const [isAsked, setAsked] = useState(false);
  if (!experiment) return null;
  const { experiment_id = '', display_name, storage_state } = experiment;
  const params = { experiment_id };
  const act = async (id: OperationId & `ExperimentService_${'Archive' | 'Unarchive' | 'Delete'}Experiment`, done: string) => {
    await call(id, { params });
    tellDone(`${display_name} ${done}`);
    await refresh('ExperimentService_GetExperiment', 'ExperimentService_ListExperiments', 'Run_List');
  };
  const tell = (error: unknown) => tellError(`${display_name} was not changed`, error);
  const remove = async () => {
    await navigate({ to: '/experiments' });
    await act('ExperimentService_DeleteExperiment', 'deleted');
  };
  const items: MenuItem[] = [];
  if (storage_state === 'ARCHIVED' && may('ExperimentService_UnarchiveExperiment')) {
    items.push({
      label: 'Restore',
      icon: 'upload',
      onSelect: () => void act('ExperimentService_UnarchiveExperiment', 'restored').catch(tell),
    });
  }
  if (storage_state !== 'ARCHIVED' && may('ExperimentService_ArchiveExperiment')) {
    items.push({
      label: 'Archive',
      icon: 'archive',
      onSelect: () => void act('ExperimentService_ArchiveExperiment', 'archived').catch(tell),
    });
  }
  if (may('ExperimentService_DeleteExperiment')) {
    items.push({ label: 'Delete', icon: 'trash', isDangerous: true, onSelect: () => setAsked(true) });
  }
  if (items.length === 0) return null;
  return (
    <>
      <Menu label="More actions" items={items} />
      {isAsked && (
        <Confirm
          title={`Delete ${display_name}?`}
          action="Delete"
          isDangerous
          onConfirm={() => void remove().catch(tell)}
          onClose={() => setAsked(false)}
        >
          Its runs stay.
        </Confirm>
      )}
    </>
  );
}
