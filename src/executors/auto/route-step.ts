/**
 * The rule by which the `auto` executor chooses: what the user said about the step, then about its image, then what kind of step
 * it is. `pipewright local FILE --explain` prints it for each step.
 */
import { modelImagesOf } from '../../launcher/model-images.ts';
import type { TaskLaunch } from '../executor.ts';

export const TARGETS = ['process', 'docker'] as const;
export type Target = (typeof TARGETS)[number];

/** What the user decided; in each list the first that matches counts. Patterns: `*` stands for any characters. */
export interface RouteRules {
  /** By path of the task, such as `/train` or `/for-loop-1*`; iterations count as their loop's task does. */
  readonly steps: readonly Choice[];
  readonly images: readonly Choice[];
}

export interface Choice {
  readonly pattern: string;
  readonly target: Target;
}

export interface Route {
  readonly target: Target;
  /** Completes "runs with TARGET because …". */
  readonly because: string;
  /** The user said so, or it began there: the step runs nowhere else. */
  readonly isFirm?: true;
}

export const NO_RULES: RouteRules = { steps: [], images: [] };

export interface RoutedStep extends Pick<TaskLaunch, 'image' | 'command' | 'args' | 'path'> {
  /** Default: false. */
  readonly hasInitContainers?: boolean;
  /** A model image among its inputs (`oci://…`); known only when it is launched. */
  readonly modelImage?: string;
}

export function routedStep(launch: TaskLaunch): RoutedStep {
  const hasInitContainers = launch.platform.initContainers.length > 0;
  const [model] = modelImagesOf(launch);
  return { ...launch, hasInitContainers, ...(model ? { modelImage: model.uri } : {}) };
}

export function routeStep(step: RoutedStep, rules: RouteRules): Route {
  const { image } = step;
  const byStep = rules.steps.find(({ pattern }) => isForStep(pattern, step.path));
  if (byStep) return { target: byStep.target, isFirm: true, because: `it was chosen for the step (${byStep.pattern})` };
  if (VOLUME_IMAGE.test(image)) return { target: 'process', because: 'volumes are folders of this machine' };
  const byImage = rules.images.find(({ pattern }) => matches(pattern, image));
  if (byImage) return { target: byImage.target, isFirm: true, because: `it was chosen for the image (${byImage.pattern})` };
  if (step.modelImage !== undefined) return { target: 'docker', because: `it reads the model image ${step.modelImage}` };
  if (step.hasInitContainers)
    return { target: 'docker', because: 'it has init containers (left out, where Docker cannot be reached)' };
  if (image === '') return { target: 'process', because: 'it names no image' };
  const language = STANDARD_IMAGE.exec(image)?.[1] ?? (RED_HAT_PYTHON.test(image) ? 'python' : undefined);
  if (language === 'python' && isPythonFunction(step))
    return { target: 'process', because: `it is a Python function on the standard image ${image}` };
  if (language === 'node' && isTypeScriptFunction(step))
    return { target: 'process', because: `it is a TypeScript function on the standard image ${image}` };
  if (language === 'node' && isNodeModule(step))
    return { target: 'process', because: `it is a module for Node on the standard image ${image}` };
  return { target: 'docker', because: `it runs a program of the image ${image} (as a process, where Docker cannot be reached)` };
}

/** Whether a pattern for paths is about the task at `path`; one that names no iteration is about all of them. */
export function isForStep(pattern: string, path: string): boolean {
  return matches(pattern, path) || matches(pattern, withoutIterations(path));
}

/** The path of a task as its pipeline has it: `/loop[3]/train` is an iteration of `/loop/train`. */
export function withoutIterations(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '');
}

const VOLUME_IMAGE = /^(?:.*\/)?argostub\//;
/** The official images of Python and Node, from Docker Hub or a mirror that keeps its names. */
const STANDARD_IMAGE =
  /^(?:(?:docker\.io|index\.docker\.io|mirror\.gcr\.io|public\.ecr\.aws\/docker)\/)?(?:library\/)?(python|node)(?::[^/@]+)?(?:@.+)?$/;
const RED_HAT_PYTHON = /^registry\.access\.redhat\.com\/ubi\d+\/python-\d+(?::[^/@]+)?(?:@.+)?$/;

/** As kfp compiles a Python function: its runtime is started with the function's source in the command. */
function isPythonFunction({ command, args }: RoutedStep): boolean {
  const argv = [...command, ...args];
  const startsRuntime = argv.some((word) => /\bkfp\.(dsl|components|v2\.components)\.executor_main\b/.test(word));
  return startsRuntime && argv.includes('--function_to_execute') && argv.some((word) => /^\s*(async )?def /m.test(word));
}

/** As the TypeScript SDK compiles a function: Node is given the program itself. */
function isTypeScriptFunction({ command }: RoutedStep): boolean {
  return command[0] === 'node' && command.includes('--eval') && command.includes('--input-type=module');
}

/** A module given in the command, which comes with nothing of an image but Node. */
function isNodeModule({ command }: RoutedStep): boolean {
  return command[0] === 'node' && command.some((word) => word === '-e' || word === '--eval');
}

/** `*` stands for any characters. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
