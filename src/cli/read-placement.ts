import { existsSync, readFileSync } from 'node:fs';
import { parseCapacity, readCapacityFile, readNodePools } from '../app/placement.ts';
import { rulesFromOptions } from '../app/placement-rules.ts';
import { ProductError } from '../base/errors.ts';
import type { PlatformOptions } from '../start.ts';
import type { PlacementOptions } from './placement-options.ts';

/** Throws INVALID_USAGE naming the option, or the file and line. */
export function placementFrom(options: PlacementOptions): Pick<PlatformOptions, 'placement' | 'rules'> {
  const { executor, capacity, nodePools, imageOnHost = [], stepOn = [] } = options;
  const rules = rulesFromOptions({ imagesOnHost: imageOnHost, stepsOn: stepOn });
  const chosen = [...(imageOnHost.length > 0 ? ['--image-on-host'] : []), ...(stepOn.length > 0 ? ['--step-on'] : [])];
  if (chosen.length > 0 && executor !== undefined && executor !== 'auto')
    throw new ProductError(
      'INVALID_USAGE',
      `${chosen[0]} chooses between executors, and --executor ${executor} leaves no choice`,
      { hint: 'add --executor auto' },
    );
  const placement = {
    ...(capacity === undefined ? {} : { capacity: readCapacity(capacity) }),
    ...(nodePools === undefined ? {} : { pools: readNodePools(readText(nodePools, '--node-pools'), nodePools) }),
  };
  return { ...(Object.keys(placement).length === 0 ? {} : { placement }), rules };
}

function readCapacity(text: string) {
  if (text.trim() === '')
    throw new ProductError('INVALID_USAGE', '--capacity is given nothing', {
      hint: 'write cpu=8,memory=16Gi, or the name of a file',
    });
  const isFile = !text.includes('=') || existsSync(text);
  return isFile ? readCapacityFile(readText(text, '--capacity'), text) : parseCapacity(text);
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? `${option}: there is no file ${file}` : `${option}: ${file} cannot be read (${code})`;
    throw new ProductError('INVALID_USAGE', message, { hint: 'see docs/guide/placement.md', cause: error });
  }
}
