import { type Component, containerComponent, type ContainerOptions } from './component.ts';
import { functionComponent, type FunctionOptions, type StepFunction } from './function-component.ts';
import type { Inputs, Outputs } from './port-values.ts';

/** A component that runs a program of an image. */
export function component<const I extends Inputs = {}, const O extends Outputs = {}>(
  options: ContainerOptions<I, O>,
): Component<I, O>;
/** A component that runs a TypeScript function. */
export function component<const I extends Inputs = {}, const O extends Outputs = {}>(
  options: FunctionOptions<I, O>,
  fn: StepFunction<I, O>,
): Component<I, O>;
export function component<const I extends Inputs, const O extends Outputs>(
  options: ContainerOptions<I, O> | FunctionOptions<I, O>,
  fn?: StepFunction<I, O>,
): Component<I, O> {
  return fn === undefined
    ? containerComponent(options as ContainerOptions<I, O>)
    : functionComponent(options as FunctionOptions<I, O>, fn);
}
