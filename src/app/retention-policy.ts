import { ProductError } from '../base/errors.ts';
import type { EndedRun } from '../store/retention-store.ts';

/** How long ended runs of a namespace are kept. */
export interface RetentionPolicy {
  /** Milliseconds after the end; null: for ever. */
  readonly runsMs: number | null;
  /** Instead of `runsMs` for runs that failed or were canceled; undefined: like the others. */
  readonly failedMs?: number | null;
  /** Instead of both for archived runs. */
  readonly archivedMs?: number | null;
  /** So many of the newest ended runs of the namespace stay, however old they are. */
  readonly keep: number;
}

export interface RetentionPolicies {
  /** Of namespaces that have none of their own; undefined: their runs stay for ever. */
  readonly default: RetentionPolicy | undefined;
  readonly byNamespace: ReadonlyMap<string, RetentionPolicy>;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const NAMES = ['runs', 'failed', 'archived', 'keep'] as const;

/**
 * Reads what `--retention` is given: `runs=30d,failed=7d,archived=1d,keep=100`, for one namespace with its name in front:
 * `team-a:runs=90d`. Durations have s, m, h, d or w behind them, or are `forever`. Throws INVALID_USAGE.
 */
export function readRetention(texts: readonly string[]): RetentionPolicies {
  const byNamespace = new Map<string, RetentionPolicy>();
  let general: RetentionPolicy | undefined;
  for (const text of texts) {
    const [, namespace, settings = ''] = /^(?:([^:=,]+):)?(.*)$/s.exec(text.trim()) ?? [];
    const policy = readPolicy(settings, text);
    if (namespace === undefined) general = policy;
    else byNamespace.set(namespace, policy);
  }
  return { default: general, byNamespace };
}

function readPolicy(settings: string, text: string): RetentionPolicy {
  const values = new Map<string, string>();
  for (const part of settings.split(',')) {
    const [name = '', value] = part.split('=').map((word) => word.trim());
    if (!(NAMES as readonly string[]).includes(name)) throw wrong(text, `"${name}" is not known; known are ${NAMES.join(', ')}`);
    if (value === undefined || value === '') throw wrong(text, `"${name}" has no value`);
    values.set(name, value);
  }
  const time = (name: string) => {
    const value = values.get(name);
    return value === undefined ? undefined : readDuration(value, text);
  };
  const keep = values.get('keep') ?? '0';
  if (!/^\d{1,9}$/.test(keep)) throw wrong(text, '"keep" is a number of runs');
  const [runsMs = null, failedMs, archivedMs] = [time('runs'), time('failed'), time('archived')];
  return {
    runsMs,
    ...(failedMs === undefined ? {} : { failedMs }),
    ...(archivedMs === undefined ? {} : { archivedMs }),
    keep: Number(keep),
  };
}

function readDuration(value: string, text: string): number | null {
  if (value === 'forever') return null;
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)([smhdw])$/.exec(value) ?? [];
  if (amount === undefined) throw wrong(text, `"${value}" is no duration`);
  return Number(amount) * UNIT_MS[unit!]!;
}

function wrong(text: string, why: string): ProductError {
  return new ProductError('INVALID_USAGE', `--retention ${JSON.stringify(text)} cannot be used: ${why}`, {
    hint: 'for example: --retention runs=30d,failed=7d,keep=100 --retention team-a:runs=forever',
  });
}

export function policyOf({ default: general, byNamespace }: RetentionPolicies, namespace: string): RetentionPolicy | undefined {
  return byNamespace.get(namespace) ?? general;
}

/** When the run may go (epoch milliseconds); undefined: never. `keep` is not looked at. */
export function expiresAtMs(run: EndedRun, policy: RetentionPolicy): number | undefined {
  const failed = run.state !== 'SUCCEEDED' && policy.failedMs !== undefined ? policy.failedMs : policy.runsMs;
  const keptMs = run.isArchived && policy.archivedMs !== undefined ? policy.archivedMs : failed;
  return keptMs === null ? undefined : run.endedAtMs + keptMs;
}

/** The shortest time after which any run may go; null: none ever goes. */
export function shortestKeptMs({ default: general, byNamespace }: RetentionPolicies): number | null {
  const all = [...byNamespace.values(), ...(general ? [general] : [])];
  const times = all.flatMap(({ runsMs, failedMs = null, archivedMs = null }) => [runsMs, failedMs, archivedMs]);
  const finite = times.filter((time) => time !== null);
  return finite.length === 0 ? null : Math.min(...finite);
}
