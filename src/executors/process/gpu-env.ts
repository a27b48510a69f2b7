import type { TaskLaunch } from '../executor.ts';
import { GPU } from '../visible-gpus.ts';

/** The variables by which a step sees the GPUs that are its own, and no others. */
export function assignedGpuEnv({ placement }: Pick<TaskLaunch, 'placement'>): Readonly<Record<string, string>> {
  const devices = placement?.devices?.[GPU];
  if (devices === undefined) return {};
  const list = devices.join(',');
  return { CUDA_VISIBLE_DEVICES: list, NVIDIA_VISIBLE_DEVICES: list };
}

/** On a machine with GPUs, a step that asked for none sees none, as in a cluster: they may be another step's. Its own env wins. */
export const NO_GPUS: Readonly<Record<string, string>> = { CUDA_VISIBLE_DEVICES: '', NVIDIA_VISIBLE_DEVICES: 'void' };
