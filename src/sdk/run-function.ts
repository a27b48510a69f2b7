import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

type AnyFunction = (inputs: never, outputs: never) => unknown;

/** A step as a function of this process, for tests: inputs in, outputs by name out. */
export type InProcess = (
  inputs: Readonly<Record<string, unknown>>,
  planned: Readonly<Record<string, PlannedFile>>,
) => Promise<Readonly<Record<string, unknown>>>;

export interface PlannedFile {
  readonly name: string;
  readonly uri: string;
}

/** Calls the function of a component the way its step would. */
export function inProcess(fn: AnyFunction): InProcess {
  return async (inputs, planned) => {
    const outputs: Record<string, { name: string; uri: string; path: string; metadata: Record<string, unknown> }> = {};
    for (const [key, { name, uri }] of Object.entries(planned)) {
      await mkdir(dirname(uri), { recursive: true });
      outputs[key] = { name, uri, path: uri, metadata: {} };
    }
    const result = (await fn(inputs as never, outputs as never)) as Readonly<Record<string, unknown>> | undefined;
    const written = Object.entries(outputs).map(([key, { metadata }]) => [key, { metadata }] as const);
    return { ...result, ...Object.fromEntries(written) };
  };
}
