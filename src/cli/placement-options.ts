/** The options about where steps run, the same for every command that opens a platform. */
import { existsSync, readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { parseCapacity, readCapacityFile, readNodePools } from '../app/placement.ts';
import { rulesFromOptions } from '../app/placement-rules.ts';
import { ProductError } from '../base/errors.ts';
import type { PlatformOptions } from '../start.ts';

export interface PlacementOptions {
  readonly capacity?: string;
  readonly nodePools?: string;
  readonly imageOnHost?: readonly string[];
  readonly stepOn?: readonly string[];
}

export function addPlacementOptions(command: Command): Command {
  return command
    .option(
      '--capacity <amounts>',
      'what steps may ask for together: cpu=8,memory=16Gi,nvidia.com/gpu=2, or a YAML file; default: what the machine has',
    )
    .option('--node-pools <file>', 'YAML file of named nodes with labels, taints and capacities, for selectors and tolerations')
    .option(
      '--image-on-host <image>',
      'with --executor auto: steps of this image run as processes; * stands for anything; may be given several times',
      collectText,
    )
    .option(
      '--step-on <path=executor>',
      'with --executor auto: where one step runs, as /train=docker; may be given several times',
      collectText,
    );
}

/** Throws INVALID_USAGE naming the option, or the file and line. */
export function placementFrom(options: PlacementOptions): Pick<PlatformOptions, 'placement' | 'rules'> {
  const { capacity, nodePools, imageOnHost = [], stepOn = [] } = options;
  const placement = {
    ...(capacity === undefined ? {} : { capacity: readCapacity(capacity) }),
    ...(nodePools === undefined ? {} : { pools: readNodePools(readText(nodePools, '--node-pools'), nodePools) }),
  };
  return {
    ...(Object.keys(placement).length === 0 ? {} : { placement }),
    rules: rulesFromOptions({ imagesOnHost: imageOnHost, stepsOn: stepOn }),
  };
}

function readCapacity(text: string) {
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

/** A whole number; larger ones go first. */
export function parsePriority(text: string): number {
  const priority = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(priority)) throw new InvalidArgumentError('It must be a whole number.');
  return priority;
}

function collectText(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
