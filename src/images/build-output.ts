import { ProductError } from '../base/errors.ts';

/** Remembers of a build's output what tells why it failed. */
export interface BuildOutput {
  /** Passes the text on. */
  readonly onOutput: (text: string) => void;
  /** What the builder says in the end, with the step it was at and the last lines of that step. */
  readonly explain: (reason: string) => string;
}

const MAX_LINES = 10;
const MAX_LINE_LENGTH = 500;
/** Docker says `Step 2/3 : RUN x`, buildah `[1/2] STEP 2/3: RUN x`, BuildKit `[build 2/3] RUN x`. */
const STEP = /^(?:(?:\[\d+\/\d+\] )?step (\d+\/\d+) ?: |\[(?:\S+ )?(\d+\/\d+)\] )(.*)$/i;
/** Docker's own lines between those of a step's program. */
const NOISE =
  /^(?: ---> |Removing intermediate container |Storing signatures$|--> |(?:\[\d+\/\d+\] )?COMMIT |Successfully |subprocess exited with )/;

export function buildOutput(onOutput: (text: string) => void): BuildOutput {
  let step: string | undefined;
  let lines: string[] = [];
  let rest = '';
  const take = (line: string) => {
    const [, number, otherNumber, text] = STEP.exec(line) ?? [];
    if (text !== undefined) {
      step = `step ${number ?? otherNumber} (${text.slice(0, MAX_LINE_LENGTH)})`;
      lines = [];
    } else if (line.trim() !== '' && !NOISE.test(line)) lines = [...lines, line.slice(0, MAX_LINE_LENGTH)].slice(-MAX_LINES);
  };
  return {
    onOutput: (text) => {
      const plain = withoutColours(text);
      onOutput(plain);
      const parts = (rest + plain).split(/\r?\n/);
      rest = parts.pop()!;
      for (const line of parts) take(line);
    },
    explain: (reason) => {
      take(rest);
      rest = '';
      const shown = lines.filter((line) => !line.endsWith(reason)).map((line) => `\n  | ${line}`);
      return `${step === undefined ? '' : `${step} failed: `}${reason}${shown.join('')}`;
    },
  };
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/, 'the disk is full: remove images you no longer need'],
  [/setting supplemental groups|subuid/, 'buildah without root needs lines for its user in /etc/subuid and /etc/subgid'],
];

/** `reason`: as explained. */
export function cannotBuild(
  { tag, folder }: { readonly tag: string; readonly folder: string },
  reason: string,
  options: { readonly cause?: unknown } = {},
): ProductError {
  const [, found] = HINTS.find(([pattern]) => pattern.test(reason)) ?? [];
  const hint = found === undefined ? {} : { hint: found };
  return new ProductError('FAILED_PRECONDITION', `cannot build the image ${tag} from ${folder}: ${reason}`, {
    ...options,
    ...hint,
  });
}

/** Docker paints what goes to stderr red, also where nobody sees colours. */
// oxlint-disable-next-line no-control-regex
const withoutColours = (text: string): string => text.replaceAll(/\u001B\[[\d;]*m/g, '');
