import type { Placement } from '../model/placement.ts';
import type { Holding } from './admission-node.ts';

/** What is worth recording of where a step was placed; undefined on a nameless machine without accelerators. */
export function placementOf({ node, request, devices }: Holding): Placement | undefined {
  const { name } = node.pool;
  const { accelerator } = request;
  if (name === '' && !accelerator) return undefined;
  return { ...(name === '' ? {} : { node: name }), ...(accelerator ? { devices: { [accelerator.type]: devices } } : {}) };
}
