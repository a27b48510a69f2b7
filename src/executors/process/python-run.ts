import type { JsonObject } from '../../base/json.ts';
import { recognisePipProgram, recognisePythonStep } from './python/recognise.ts';
import type { PipProgram, PythonStep } from './python/python-step.ts';

/** A step that needs a Python environment: a component that a warm interpreter runs, or a program started in the environment. */
export type PythonRun =
  | { readonly kind: 'component'; readonly step: PythonStep; readonly request: JsonObject }
  | { readonly kind: 'program'; readonly step: PipProgram & { readonly source: string }; readonly argv: readonly string[] };

/** Undefined for a step that is run as it is. `staged` is rendered. */
export function findPythonRun(staged: {
  readonly command: readonly string[];
  readonly args: readonly string[];
}): PythonRun | undefined {
  const step = recognisePythonStep(staged.command, staged.args);
  if (step) return { kind: 'component', step, request: componentRequest(step) };
  const program = recognisePipProgram(staged.command, staged.args);
  return program && { kind: 'program', step: { ...program, source: program.argv.join('\n') }, argv: program.argv };
}

/** What python_step.py's `run` takes. */
function componentRequest(step: PythonStep): JsonObject {
  const { source, functionName, executorInput, module, extraArgs } = step;
  return { source: source ?? null, function: functionName, executorInput, module, extraArgs };
}
