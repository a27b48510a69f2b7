import { ProductError, type Problem } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { YamlDocument } from '../base/yaml.ts';
import { GPU, type ConfiguredCapacity } from '../engine/admission-capacity.ts';
import type { NodePool, Taint } from '../executors/executor.ts';
import { parseCpuMillis, parseMemoryBytes } from '../ir/values.ts';

export const PLACEMENT_EXAMPLE = 'each with name, capacity, and if wanted labels and taints';

export function usage(what: string, problems: readonly Problem[]): ProductError {
  return new ProductError('INVALID_USAGE', `${what} cannot be used`, { problems });
}

type Path = readonly (string | number)[];
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** Reads on after a mistake, so that all of them are told at once. */
export class PlacementReading {
  readonly #problems: Problem[] = [];
  readonly #document: YamlDocument | undefined;

  constructor(document?: YamlDocument) {
    this.#document = document;
  }

  add(path: Path, message: string, hint?: string): void {
    const line = this.#document?.lineOf(path);
    this.#problems.push({
      path: path.join('.') || 'capacity',
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(line === undefined ? {} : { line }),
    });
  }

  result<T>(what: string, value: T): T {
    if (this.#problems.length > 0) throw usage(what, this.#problems);
    return value;
  }

  capacity(amounts: JsonObject, path: Path): ConfiguredCapacity {
    const accelerators: Record<string, number> = {};
    const capacity: { slots?: number; cpuMillis?: number; memoryBytes?: number } = {};
    for (const [name, value] of Object.entries(amounts)) {
      const at = [...path, name];
      const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
      if (name === 'cpu') capacity.cpuMillis = this.#amount(at, parseCpuMillis(text), 'cores, such as 8 or 500m');
      else if (name === 'memory') capacity.memoryBytes = this.#amount(at, parseMemoryBytes(text), 'bytes, such as 16Gi');
      else if (name === 'slots') capacity.slots = this.#count(at, text, 1);
      else this.#addAccelerator(accelerators, at, this.#count(at, text, 0));
    }
    return { ...capacity, ...(Object.keys(accelerators).length === 0 ? {} : { accelerators }) };
  }

  pool(value: JsonValue, path: Path): NodePool {
    const { name, labels = {}, taints = [], capacity } = isJsonObject(value) ? value : {};
    if (typeof name !== 'string' || name === '') this.add(path, 'a node pool needs a name', PLACEMENT_EXAMPLE);
    if (isJsonObject(value))
      for (const key of Object.keys(value))
        if (!POOL_KEYS.has(key)) this.add([...path, key], `a node pool has no "${key}"`, `it has ${[...POOL_KEYS].join(', ')}`);
    const amounts = this.capacity(isJsonObject(capacity) ? capacity : {}, [...path, 'capacity']);
    if (amounts.cpuMillis === undefined || amounts.memoryBytes === undefined)
      this.add(path, 'the capacity of a node pool names its cpu and memory', 'capacity: {cpu: 4, memory: 8Gi}');
    if (amounts.slots !== undefined)
      this.add([...path, 'capacity', 'slots'], 'slots are of the whole machine: use --capacity slots=N');
    const poolName = typeof name === 'string' ? name : '';
    return {
      name: poolName,
      labels: { 'kubernetes.io/hostname': poolName, ...this.#labels(labels, [...path, 'labels']) },
      taints: this.#taints(taints, [...path, 'taints']),
      cpuMillis: amounts.cpuMillis ?? 0,
      memoryBytes: amounts.memoryBytes ?? 0,
      accelerators: amounts.accelerators ?? {},
    };
  }

  #labels(value: JsonValue, path: Path): Readonly<Record<string, string>> {
    if (!isJsonObject(value)) {
      this.add(path, 'labels are a map of texts', 'labels: {disktype: ssd}');
      return {};
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, text]) => {
        const isText = typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean';
        if (!isText) this.add([...path, key], `the label ${key} must be a text`);
        return [key, isText ? String(text) : ''];
      }),
    );
  }

  #taints(value: JsonValue, path: Path): readonly Taint[] {
    if (!Array.isArray(value)) {
      this.add(path, 'taints are a list', 'taints: [gpu=yes:NoSchedule]');
      return [];
    }
    return value.map((entry: JsonValue, index) => {
      const taint = typeof entry === 'string' ? taintOfText(entry) : isJsonObject(entry) ? entry : {};
      const { key, value: content = '', effect = 'NoSchedule' } = taint;
      const known = EFFECTS.find((candidate) => candidate === effect);
      if (typeof key !== 'string' || key === '' || known === undefined)
        this.add([...path, index], 'this is not a taint', `write key=value:EFFECT, with ${EFFECTS.join(', ')} as effect`);
      return {
        key: typeof key === 'string' ? key : '',
        value: typeof content === 'object' ? '' : String(content),
        effect: known ?? 'NoSchedule',
      };
    });
  }

  #amount(path: Path, amount: number | undefined, what: string): number {
    if (amount === undefined || !Number.isFinite(amount) || amount <= 0) this.add(path, `this must be a number of ${what}`);
    return amount ?? 0;
  }

  #addAccelerator(accelerators: Record<string, number>, path: Path, count: number): void {
    const name = String(path.at(-1));
    const meant = MEANT[name.toLowerCase()];
    if (meant !== undefined) this.add(path, `there is no "${name}" here`, `write ${meant}`);
    const type = name === 'gpu' ? GPU : name;
    if (Object.hasOwn(accelerators, type)) this.add(path, `${type} is given twice`);
    accelerators[type] = count;
  }

  #count(path: Path, text: string, least: 0 | 1): number {
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= least && count <= MAX_COUNT)) this.add(path, `this must be a whole number from ${least} to ${MAX_COUNT}`);
    return count;
  }
}

/** What would otherwise be taken for a kind of accelerator; in small letters. */
const MEANT: Readonly<Record<string, string>> = {
  cpus: 'cpu',
  cpu: 'cpu',
  cores: 'cpu',
  mem: 'memory',
  memory: 'memory',
  ram: 'memory',
  gpus: 'gpu',
  slot: 'slots',
  slots: 'slots',
};
const POOL_KEYS = new Set(['name', 'labels', 'taints', 'capacity']);
/** Devices and slots are kept account of one by one. */
const MAX_COUNT = 100_000;

/** `key=value:Effect`, `key:Effect`, as kubectl writes them. */
function taintOfText(text: string): JsonObject {
  const [head = '', effect] = text.split(':');
  const [key = '', value = ''] = head.split('=');
  return { key: key.trim(), value: value.trim(), ...(effect === undefined ? {} : { effect: effect.trim() }) };
}
