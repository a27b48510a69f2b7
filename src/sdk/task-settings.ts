import type { JsonObject } from '../base/json.ts';
import type { Channel } from './channel.ts';
import type { TaskNode } from './trace.ts';

/** Everything a task can be told besides its arguments. */
export interface TaskSettings {
  readonly displayName?: string;
  readonly after: readonly TaskNode[];
  readonly ignoresUpstreamFailure: boolean;
  readonly caching: { readonly enabled: boolean; readonly key?: string };
  readonly retry?: RetrySettings;
  readonly image?: string | Channel<string>;
  readonly env: Readonly<Record<string, string>>;
  readonly resources: ResourceSettings;
  /** The executor's entry in the platform document; channels stand where values can be dynamic. */
  readonly platform: Readonly<Record<string, unknown>>;
}

export interface RetrySettings {
  /** Attempts after the first. */
  readonly limit: number;
  /** Wait before the first retry, such as `30s`, `5m` or milliseconds. Default: none. */
  readonly backoff?: string | number;
  /** Each wait is this many times the one before. Default: 2. */
  readonly factor?: number;
  /** No retry starts later than this after the first attempt's start. Default: `1h`. */
  readonly window?: string | number;
}

/** A Kubernetes quantity, or a channel that gives one when the pipeline runs. */
export type Quantity = string | number | Channel<string>;

export interface ResourceSettings {
  /** Cores: `2`, `"500m"`. */
  readonly cpu?: Quantity;
  readonly cpuLimit?: Quantity;
  /** Bytes with a suffix: `"512Mi"`, `"4G"`. */
  readonly memory?: Quantity;
  readonly memoryLimit?: Quantity;
  readonly accelerator?: { readonly type: string | Channel<string>; readonly count: Quantity };
}

export const DEFAULT_SETTINGS: TaskSettings = {
  after: [],
  ignoresUpstreamFailure: false,
  caching: { enabled: true },
  env: {},
  resources: {},
  platform: {},
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `5m`, `1.5h`, or of a number that is milliseconds already; absent when it is none of these. */
export function durationMs(duration: string | number): number | undefined {
  if (typeof duration === 'number') return duration;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(duration.trim());
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]!;
}

/** Appends to a list of the platform entry. */
export function withPlatformItem(settings: TaskSettings, key: string, item: JsonObject | Record<string, unknown>): TaskSettings {
  const before = (settings.platform[key] ?? []) as readonly unknown[];
  return { ...settings, platform: { ...settings.platform, [key]: [...before, item] } };
}
