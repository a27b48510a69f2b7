import { containerComponent } from './component.ts';
import { dict, list, string } from './types.ts';

/** Makes a PersistentVolumeClaim; its output `name` is the claim's name, for `mountVolume` and `deleteVolume`. */
export const createVolume = containerComponent({
  name: 'createpvc',
  image: 'argostub/createpvc',
  inputs: {
    access_modes: list,
    size: string,
    /** The whole name; or only its end, after the run's name. */
    pvc_name: string.optional(),
    pvc_name_suffix: string.optional(),
    /** Absent: the cluster's default class. */
    storage_class_name: string.default(''),
    volume_name: string.optional(),
    annotations: dict.optional(),
    data_source: dict.optional(),
  },
  outputs: { name: string },
});

/** Deletes a PersistentVolumeClaim. */
export const deleteVolume = containerComponent({
  name: 'deletepvc',
  image: 'argostub/deletepvc',
  inputs: { pvc_name: string },
});
