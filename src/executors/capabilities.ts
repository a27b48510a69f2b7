/** What executors differ in, and the contract suite (test/contract) tries accordingly. */
import type { ExecutorCapabilities } from './executor.ts';

export const CAPABILITIES = {
  process: {
    runsPrograms: true,
    sharesFiles: true,
    endsDaemons: false,
    images: false,
    strictResources: false,
    survivesRestart: true,
  },
  docker: {
    runsPrograms: true,
    sharesFiles: false,
    endsDaemons: true,
    images: true,
    strictResources: false,
    survivesRestart: true,
  },
  nope: {
    runsPrograms: false,
    sharesFiles: true,
    endsDaemons: true,
    images: true,
    strictResources: false,
    survivesRestart: true,
  },
} as const satisfies Readonly<Record<string, ExecutorCapabilities>>;

/** Of an executor that hands its steps to others: what can be relied on wherever a step goes; an image needs only one that runs it. */
export function jointCapabilities(parts: readonly ExecutorCapabilities[]): ExecutorCapabilities {
  return {
    runsPrograms: parts.every(({ runsPrograms }) => runsPrograms),
    sharesFiles: parts.every(({ sharesFiles }) => sharesFiles),
    endsDaemons: parts.every(({ endsDaemons }) => endsDaemons),
    images: parts.some(({ images }) => images),
    strictResources: parts.every(({ strictResources }) => strictResources),
    survivesRestart: parts.every(({ survivesRestart }) => survivesRestart),
  };
}
