import type { Native } from '../api/operations.ts';

/** Which ones a step has for itself: `nvidia.com/gpu 0, 2`. */
export function acceleratorsText(placement: Native<'Placement'> | undefined): string | undefined {
  const texts = (placement?.accelerators ?? []).map(({ type, indexes = [] }) => `${type} ${indexes.join(', ')}`);
  return texts.length === 0 ? undefined : texts.join('; ');
}
