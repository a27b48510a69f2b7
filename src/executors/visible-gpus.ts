import type { Capacity } from './executor.ts';

/** The kind that GPUs are counted as. */
export const GPU = 'nvidia.com/gpu';

/** A GPU of this machine: its index as nvidia-smi counts, and its UUID (`GPU-…`; "" if unknown). */
export interface Gpu {
  readonly index: number;
  readonly uuid: string;
}

/**
 * Indexes of the GPUs that are this server's, in the order it names them: CUDA_VISIBLE_DEVICES and NVIDIA_VISIBLE_DEVICES of its own
 * environment divide a machine between servers. Where no GPU can be found, the indexes they name are believed.
 */
export function visibleGpus(gpus: readonly Gpu[], environment: Readonly<Record<string, string | undefined>>): readonly number[] {
  const [cuda, nvidia] = [environment['CUDA_VISIBLE_DEVICES'], environment['NVIDIA_VISIBLE_DEVICES']];
  if (gpus.length === 0) return numbersIn(cuda ?? nvidia ?? '');
  const shown = nvidia === undefined ? gpus : shownByRuntime(gpus, nvidia);
  return (cuda === undefined ? shown : namedByCuda(shown, cuda)).map(({ index }) => index);
}

export type GpuCapacity = Pick<Capacity, 'accelerators' | 'devices'>;

/** What a machine with these GPUs has for the steps of this server; `count`: as many as somebody says there are. */
export function gpuCapacity(
  gpus: readonly Gpu[],
  environment: Readonly<Record<string, string | undefined>>,
  count?: number,
): GpuCapacity {
  const visible = visibleGpus(gpus, environment);
  const counted = count ?? (gpus.length > 0 ? visible.length : 0);
  return {
    accelerators: counted > 0 ? { [GPU]: counted } : {},
    ...(visible.length > 0 ? { devices: { [GPU]: visible } } : {}),
  };
}

/**
 * NVIDIA Container Toolkit: `all`, `none`, `void`, or a list. In a container the list has been applied already, and its GPUs are
 * counted from 0: there are as many as it names.
 */
function shownByRuntime(gpus: readonly Gpu[], text: string): readonly Gpu[] {
  const words = wordsIn(text);
  if (words.length === 1 && words[0] === 'all') return gpus;
  if (words.length === 0 || ['none', 'void'].includes(words[0]!)) return [];
  const named = words.flatMap((word) => find(gpus, word) ?? []);
  return named.length < words.length && words.length === gpus.length ? gpus : [...new Set(named)];
}

/** CUDA: what is not there ends the list, and one that names a GPU twice shows none. */
function namedByCuda(gpus: readonly Gpu[], text: string): readonly Gpu[] {
  const named: Gpu[] = [];
  for (const word of wordsIn(text)) {
    const gpu = find(gpus, word);
    if (!gpu) break;
    if (named.includes(gpu)) return [];
    named.push(gpu);
  }
  return named;
}

/** By its index, or by so much of its UUID as no other has. */
function find(gpus: readonly Gpu[], word: string): Gpu | undefined {
  if (/^\d+$/.test(word)) return gpus.find(({ index }) => index === Number(word));
  if (!word.startsWith('GPU-')) return undefined;
  const found = gpus.filter(({ uuid }) => uuid.startsWith(word));
  return found.length === 1 ? found[0] : undefined;
}

function wordsIn(text: string): readonly string[] {
  return text.split(',').flatMap((word) => word.trim() || []);
}

function numbersIn(text: string): readonly number[] {
  return [...new Set(wordsIn(text))].filter((word) => /^\d+$/.test(word)).map(Number);
}
