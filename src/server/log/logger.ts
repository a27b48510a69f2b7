/** Structured logs: one event, one line. Facts come first, the message second; what looks like a secret is not written. */
import type { Clock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type Facts = Readonly<Record<string, JsonValue | Error | undefined>>;

export type Logger = Readonly<Record<LogLevel, (facts: Facts, message: string) => void>>;

const silence = (): void => {};
/** Logs nothing. */
export const SILENT: Logger = { debug: silence, info: silence, warn: silence, error: silence };

export interface LoggerOptions {
  readonly clock: Clock;
  /** Takes a line with its end. */
  readonly write: (line: string) => void;
  /** Less is not written. Default: info. */
  readonly level?: LogLevel;
  /** Default: json. */
  readonly format?: LogFormat;
}

const SECRET = /passw|secret|token|authorization|cookie|credential|api[-_]?key/i;
const MAX_VALUE_CHARACTERS = 8_192;

export function createLogger({ clock, write, level = 'info', format = 'json' }: LoggerOptions): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const render = format === 'json' ? jsonLine : textLine;
  const at = (one: LogLevel) => (facts: Facts, message: string) => {
    if (LOG_LEVELS.indexOf(one) < least) return;
    write(`${render({ time: new Date(clock.now()).toISOString(), level: one, message, facts: cleaned(facts) })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** From `--log-level` and `--log-format`; text for a terminal, JSON lines otherwise. Throws INVALID_USAGE. */
export function readLogOptions(
  given: { readonly level?: string | undefined; readonly format?: string | undefined },
  output: { readonly isTerminal: boolean },
): { readonly level: LogLevel; readonly format: LogFormat } {
  return {
    level: oneOf('--log-level', LOG_LEVELS, given.level ?? 'info'),
    format: oneOf('--log-format', LOG_FORMATS, given.format ?? (output.isTerminal ? 'text' : 'json')),
  };
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((word) => word === text);
  if (found !== undefined) return found;
  throw new ProductError('INVALID_USAGE', `${option} cannot be "${text}"`, { hint: `choose one of ${known.join(', ')}` });
}

interface Entry {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly facts: Readonly<Record<string, JsonValue>>;
}

const jsonLine = ({ facts, ...entry }: Entry): string => JSON.stringify({ ...entry, ...facts });

/** `12:30:00.000 warn  what happened  route=GetRun status=404`; details of errors follow on lines of their own. */
function textLine({ time, level, message, facts }: Entry): string {
  const pairs = Object.entries(facts).filter(([name]) => name !== 'stack');
  const words = pairs.map(
    ([name, value]) => `${name}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`,
  );
  const stack = typeof facts['stack'] === 'string' ? `\n${facts['stack']}` : '';
  return [time.slice(11, 23), level.padEnd(5), oneLine(message), ...words].join(' ') + stack;
}

const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ');

function cleaned(facts: Facts): Record<string, JsonValue> {
  const clean: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    if (SECRET.test(name)) clean[name] = '[not logged]';
    else if (value instanceof Error) Object.assign(clean, errorFacts(name, value));
    else clean[name] = withoutSecrets(value);
  }
  return clean;
}

function withoutSecrets(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.length > MAX_VALUE_CHARACTERS ? `${value.slice(0, MAX_VALUE_CHARACTERS)}…` : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  const entries = Object.entries(value as Record<string, JsonValue>);
  return Object.fromEntries(entries.map(([name, one]) => [name, SECRET.test(name) ? '[not logged]' : withoutSecrets(one)]));
}

/** What a user did wrong needs no stack. */
function errorFacts(name: string, error: Error): Record<string, JsonValue> {
  if (error instanceof ProductError) return { [name]: error.message, code: error.code };
  const cause = error.cause instanceof Error ? `\ncaused by: ${error.cause.stack ?? error.cause.message}` : '';
  return { [name]: error.message, stack: (error.stack ?? '') + cause };
}
