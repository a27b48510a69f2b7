import { ProductError } from '../base/errors.ts';
import { Place } from './call-site.ts';
import { type AnyChannel, Channel, channelOf } from './channel.ts';
import { type Arrangement, KubernetesSettings } from './kubernetes.ts';
import type { Outputs, OutputsOf } from './port-values.ts';
import { durationMs, type Quantity, type ResourceSettings, type RetrySettings, type TaskSettings } from './task-settings.ts';
import { reportProblem, type TaskNode } from './trace.ts';

/** The one output of a component that has one; for others a type that nothing takes. */
export type SingleOutput<O extends Outputs> = [keyof O] extends [never]
  ? { readonly error: 'this component has no output' }
  : { readonly [Key in keyof O]: [keyof O] extends [Key] ? OutputsOf<O>[Key] : SeveralOutputs }[keyof O];
interface SeveralOutputs {
  readonly error: 'this component has several outputs: name one, .outputs.name';
}

/** A step of a pipeline. Its settings can be chained: `train({ data }).after(check).retry(2)`. */
export class Task<O extends Outputs> {
  readonly node: TaskNode;
  readonly outputs: OutputsOf<O>;

  constructor(node: TaskNode) {
    this.node = node;
    const entries = Object.entries(node.definition.outputs).map(([name, { type }]): [string, AnyChannel] => [
      name,
      channelOf({ kind: 'output', task: node, name, type }),
    ]);
    this.outputs = Object.fromEntries(entries) as unknown as OutputsOf<O>;
  }

  /** The key of the task in the pipeline. */
  get name(): string {
    return this.node.name;
  }

  /** The only output. */
  get output(): SingleOutput<O> {
    const names = Object.keys(this.node.definition.outputs);
    if (names.length === 1) return (this.outputs as Record<string, unknown>)[names[0]!] as SingleOutput<O>;
    const message = `${this.name} has ${names.length === 0 ? 'no output' : `several outputs: ${names.join(', ')}`}`;
    throw new ProductError('INVALID_PIPELINE', message, {
      ...(names.length === 0 ? {} : { hint: `name one: .outputs.${names[0]}` }),
      problems: [{ path: `task ${this.name}`, message }],
    });
  }

  /** Starts only when these have succeeded, also when nothing is passed between them. */
  after(...tasks: readonly Task<Outputs>[]): this {
    return this.#set({ after: [...this.node.settings.after, ...tasks.map(({ node }) => node)] });
  }

  /** The name shown to people. */
  displayName(displayName: string): this {
    return this.#set({ displayName });
  }

  /** `false`: always runs. A `key` replaces the fingerprint of inputs and code. */
  caching(caching: boolean | { readonly key: string }): this {
    return this.#set({ caching: typeof caching === 'boolean' ? { enabled: caching } : { enabled: true, key: caching.key } });
  }

  /** Tries again after a failure: a number of retries, or more exactly how. */
  retry(retry: number | RetrySettings): this {
    const settings = typeof retry === 'number' ? { limit: retry } : retry;
    for (const [name, value] of [
      ['backoff', settings.backoff],
      ['window', settings.window],
    ] as const) {
      if (value !== undefined && durationMs(value) === undefined)
        reportProblem(new Place(), `retry: ${name} "${value}" is not a duration`, 'write "30s", "5m" or "1h", or milliseconds');
    }
    return this.#set({ retry: settings });
  }

  /** Runs whatever became of the tasks before it. */
  ignoreUpstreamFailure(): this {
    return this.#set({ ignoresUpstreamFailure: true });
  }

  /** Another image than the component's; a channel decides when the pipeline runs. */
  image(image: string | Channel<string>): this {
    this.#needsContainer('image');
    return this.#set({ image });
  }

  env(variables: Readonly<Record<string, string>>): this {
    this.#needsContainer('env');
    return this.#set({ env: { ...this.node.settings.env, ...variables } });
  }

  resources(resources: ResourceSettings): this {
    this.#needsContainer('resources');
    checkResources(resources);
    return this.#set({ resources: { ...this.node.settings.resources, ...resources } });
  }

  /** Settings of the pod: volumes, secrets, node selectors, … */
  kubernetes(arrange: Arrangement): this {
    this.#needsContainer('kubernetes');
    return this.#set(arrange(new KubernetesSettings(this.node.settings)).settings);
  }

  /** Killed and failed when it runs longer: `"90s"`, `"2h"`. */
  timeout(duration: string | number): this {
    return this.kubernetes((pod) => pod.timeout(duration));
  }

  #set(change: Partial<TaskSettings>): this {
    this.node.settings = { ...this.node.settings, ...change };
    return this;
  }

  #needsContainer(setting: string): void {
    const { kind } = this.node.definition.implementation;
    if (kind === 'container' || (kind === 'loaded' && this.node.definition.implementation.fragment.executor !== undefined))
      return;
    const hint = 'set it on the tasks inside';
    const what = kind === 'importer' ? 'an importer' : 'a pipeline used as a task';
    reportProblem(new Place(), `${setting} cannot be set on ${this.name}: it is ${what}`, kind === 'importer' ? undefined : hint);
  }
}

const CPU = /^\d*(\.\d+)?m?$/;
const MEMORY = /^\d+(\.\d+)?([EPTGMK]i?|m)?$/;

function checkResources({ cpu, cpuLimit, memory, memoryLimit, accelerator }: ResourceSettings): void {
  const check = (name: string, value: Quantity | undefined, pattern: RegExp, hint: string) => {
    if (value === undefined || value instanceof Channel || (value !== '' && pattern.test(String(value)))) return;
    reportProblem(new Place(), `resources: ${name} "${value}" is not a valid amount`, hint);
  };
  check('cpu', cpu, CPU, 'write cores: 2, "0.5" or "500m"');
  check('cpuLimit', cpuLimit, CPU, 'write cores: 2, "0.5" or "500m"');
  check('memory', memory, MEMORY, 'write bytes with a suffix: "512Mi", "4G"');
  check('memoryLimit', memoryLimit, MEMORY, 'write bytes with a suffix: "512Mi", "4G"');
  check('accelerator count', accelerator?.count, /^\d+$/, 'write a whole number');
}
