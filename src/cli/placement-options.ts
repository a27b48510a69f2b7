/** The options about where steps run, the same for every command that opens a platform (read-placement.ts reads them). */
import { type Command, InvalidArgumentError } from 'commander';

export interface PlacementOptions {
  readonly executor?: string;
  readonly capacity?: string;
  readonly nodePools?: string;
  readonly imageOnHost?: readonly string[];
  readonly stepOn?: readonly string[];
}

/** For commands that open a platform, and for `plan`. */
export function addCapacityOptions(command: Command): Command {
  return command
    .option(
      '--capacity <amounts>',
      'what steps may ask for together: cpu=8,memory=16Gi,nvidia.com/gpu=2, or a YAML file; default: what the machine has',
    )
    .option('--node-pools <file>', 'YAML file of named nodes with labels, taints and capacities, for selectors and tolerations');
}

export function addPlacementOptions(command: Command): Command {
  return addCapacityOptions(command)
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

/** A whole number; larger ones go first. */
export function parsePriority(text: string): number {
  const priority = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(priority)) throw new InvalidArgumentError('It must be a whole number.');
  return priority;
}

/** An option that may be given several times. */
export function collectText(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
