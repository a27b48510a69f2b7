import { ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { Place } from './call-site.ts';
import { type Component, componentOf } from './component.ts';
import { type Inputs, type Outputs, portsOf } from './port-values.ts';
import { inProcess } from './run-function.ts';
import { stepProgram } from './step-program.ts';
import type { ArtifactToken, EngineToken, ParameterToken } from './types.ts';

/** A file or folder that a function reads. */
export interface InputArtifact {
  readonly name: string;
  readonly uri: string;
  /** On the machine the function runs on. */
  readonly path: string;
  readonly type: string;
  readonly metadata: JsonObject;
}

/** A file or folder that a function writes to `path`; its metadata is what it puts there. */
export interface OutputArtifact {
  readonly name: string;
  readonly uri: string;
  readonly path: string;
  readonly metadata: Record<string, unknown>;
}

export type FunctionInputs<I extends Inputs> = { readonly [Key in keyof I]: FunctionInput<I[Key]> };
type FunctionInput<Token> =
  Token extends ParameterToken<infer T, boolean>
    ? T
    : Token extends ArtifactToken<string, infer IsList, infer IsOptional>
      ? (IsList extends true ? readonly InputArtifact[] : InputArtifact) | (true extends IsOptional ? undefined : never)
      : Token extends EngineToken
        ? FinalStatus
        : never;

/** How the tasks before ended. */
export interface FinalStatus {
  readonly state: string;
  readonly pipelineJobResourceName: string;
  readonly pipelineTaskName: string;
  readonly error: { readonly code?: number; readonly message?: string };
}

export type FunctionOutputs<O extends Outputs> = {
  readonly [Key in keyof O as O[Key] extends ArtifactToken<string, boolean, boolean> ? Key : never]: OutputArtifact;
};
type ParameterResults<O extends Outputs> = {
  readonly [Key in keyof O as O[Key] extends ParameterToken<unknown, boolean> ? Key : never]: O[Key] extends ParameterToken<
    infer T,
    boolean
  >
    ? T
    : never;
};
/** The output parameters by name; nothing when there are none. */
export type FunctionResult<O extends Outputs> = keyof ParameterResults<O> extends never ? void : ParameterResults<O>;

export interface FunctionOptions<I extends Inputs, O extends Outputs> {
  readonly name: string;
  readonly inputs?: I;
  readonly outputs?: O;
  /** npm packages the function's module imports, with exact versions: `{ 'csv-parse': '5.5.6' }`. */
  readonly packages?: Readonly<Record<string, string>>;
  /** An image with Node 24 or newer. Default: `node:24`. */
  readonly image?: string;
}

export type StepFunction<I extends Inputs, O extends Outputs> = (
  inputs: FunctionInputs<I>,
  outputs: FunctionOutputs<O>,
) => FunctionResult<O> | Promise<FunctionResult<O>>;

const DEFAULT_IMAGE = 'node:24';

/**
 * A TypeScript function as a step. The module it is written in travels with the step, with the modules it imports by relative
 * paths; what a function uses from around it is therefore there, except for values made while the pipeline is compiled.
 */
export function functionComponent<const I extends Inputs, const O extends Outputs>(
  options: FunctionOptions<I, O>,
  fn: StepFunction<I, O>,
): Component<I, O> {
  const { name, packages = {}, image = DEFAULT_IMAGE } = options;
  const file = new Place().callSite?.file;
  if (file === undefined) throw new ProductError('INVALID_PIPELINE', `the file of the component "${name}" cannot be found`);
  for (const [pack, version] of Object.entries(packages)) {
    if (/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) continue;
    throw new ProductError('INVALID_PIPELINE', `${name}: the package ${pack} has the version "${version}"`, {
      hint: 'write an exact version such as 5.5.6, so that every run has the same',
    });
  }
  const inputs = portsOf(options.inputs ?? {});
  const lists = Object.entries(inputs).flatMap(([input, { type }]) => (type.kind === 'artifact' && type.isList ? [input] : []));
  return componentOf({
    name,
    inputs,
    outputs: portsOf(options.outputs ?? {}),
    passthroughs: [],
    implementation: {
      kind: 'container',
      image,
      command: ['node', '--input-type=module', '--eval', stepProgram({ name, file, packages, lists }), '--'],
      args: ['--executor_input', '{{$}}'],
      env: {},
      inProcess: inProcess(fn),
    },
  });
}
