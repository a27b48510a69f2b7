import { systemClock } from '../base/clock.ts';
import { LiveProgress, PlainProgress, silentProgress, type ProgressOutput } from './live-progress.ts';
import { styleFor, type Style } from './style.ts';

/** Where the progress and the closing summary of a run go. */
export interface RunOutput {
  readonly style: Style;
  /** Opened when the run starts, so that the cursor is only touched then. */
  openProgress(): ProgressOutput;
  /** A line before the run starts, and the summary after it. */
  readonly note: (text: string) => void;
  readonly summary: (text: string) => void;
}

/** With `--json`, stdout belongs to the result: a person at a terminal sees the progress on stderr, a program nothing. */
export function chooseOutput(options: { readonly json: boolean }): RunOutput {
  const stream = options.json ? process.stderr : process.stdout;
  const isTerminal = stream.isTTY && process.env['TERM'] !== 'dumb';
  const style = styleFor(stream, process.env);
  const print = (text: string): void => void stream.write(`${text}\n`);
  const quiet = options.json && !isTerminal;
  const settings = { terminal: stream, style, now: () => systemClock.now() };
  return {
    style,
    openProgress: () => (quiet ? silentProgress : isTerminal ? new LiveProgress(settings) : new PlainProgress(settings)),
    note: quiet ? () => {} : print,
    summary: quiet ? () => {} : print,
  };
}
