/** Sends a server requests that no client would send, and looks for answers that say the server was surprised. */
import { Agent, request as httpRequest } from 'node:http';
import { ACCESS_MESSAGES } from '../../src/api/native/access-messages.ts';
import { ACCESS_ROUTES } from '../../src/api/native/access-routes.ts';
import { FRONTEND_ROUTES } from '../../src/api/frontend/routes.ts';
import { fieldKind, type FieldKind, type MessageSchema, type Schemas } from '../../src/api/message.ts';
import { NATIVE_MESSAGES } from '../../src/api/native/messages.ts';
import { NATIVE_ROUTES } from '../../src/api/native/routes.ts';
import type { Route } from '../../src/api/route.ts';
import { V1_MESSAGES } from '../../src/api/v1beta1/messages.ts';
import { V1_ROUTES } from '../../src/api/v1beta1/routes.ts';
import { V2_MESSAGES } from '../../src/api/v2beta1/messages.ts';
import { V2_ROUTES } from '../../src/api/v2beta1/routes.ts';
import type { JsonValue } from '../../src/base/json.ts';
import { adderPipeline } from './adder-pipeline.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface FuzzFailure {
  readonly request: FuzzRequest;
  readonly status: number;
  readonly answer: string;
}

export interface FuzzReport {
  readonly sent: number;
  /** Requests by the class of their answer: `2xx`. */
  readonly answers: ReadonlyMap<string, number>;
  readonly failures: readonly FuzzFailure[];
}

interface FuzzOptions {
  readonly url: string;
  readonly seed: number;
  readonly count: number;
  readonly concurrency?: number;
}

const TABLES: readonly { readonly routes: readonly Route[]; readonly messages: Schemas }[] = [
  { routes: Object.values(V2_ROUTES), messages: V2_MESSAGES },
  { routes: Object.values(V1_ROUTES), messages: V1_MESSAGES },
  { routes: Object.values(NATIVE_ROUTES), messages: NATIVE_MESSAGES },
  { routes: Object.values(ACCESS_ROUTES), messages: ACCESS_MESSAGES },
  { routes: Object.values(FRONTEND_ROUTES), messages: { Empty: {} } },
];
/** A method that is not served is answered with 501, as in the reference server. */
const NOT_SERVED = 501;
const ANSWER_TIMEOUT_MS = 10_000;
/** Of a stream that would not end, so much is waited for. */
const STREAM_MS = 30;

export async function fuzzServer({ url, seed, count, concurrency = 8 }: FuzzOptions): Promise<FuzzReport> {
  const random = randomFrom(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const answers = new Map<string, number>();
  const failures: FuzzFailure[] = [];
  const ids: string[] = [];
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      sent += 1;
      const request = makeRequest(random, ids);
      const { status, answer } = await send(url, request, agent);
      const kind = status === 0 ? 'broken' : status === NOT_SERVED ? '501 wrong method' : `${Math.floor(status / 100)}xx`;
      answers.set(kind, (answers.get(kind) ?? 0) + 1);
      if (status === 0 || (status >= 500 && status !== NOT_SERVED)) failures.push({ request, status, answer });
      for (const [id] of answer.matchAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g)) {
        if (ids.length < 500) ids.push(id);
        else ids[random.below(500)] = id;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  agent.destroy();
  return { sent, answers, failures };
}

interface Random {
  /** 0 ≤ n < limit. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Numerical Recipes' generator: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, chance: (probability) => next() < probability, pick: (list) => list[below(list.length)]! };
}

const NASTY_TEXTS = [
  '',
  ' ',
  'x'.repeat(300),
  '../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '\u0000',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '💥'.repeat(40),
  "'; drop table runs; --",
  '<script>alert(1)</script>',
  '{{$.inputs}}',
  '[[RunUUID]]',
  '\ud800',
  '1e400',
  '-0',
  '0 0 0 31 2 *',
  '@every 1ns',
];
const NASTY_VALUES: readonly JsonValue[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  [],
  {},
  [[[[]]]],
  { a: { b: null } },
  'text',
];
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'];
const MAX_BODY_DEPTH = 4;

function makeRequest(random: Random, ids: readonly string[]): FuzzRequest {
  const { routes, messages } = random.pick(TABLES);
  const route = random.pick(routes);
  const method = random.chance(0.95) ? route.method : random.pick(METHODS);
  const path = random.chance(0.97) ? pathOf(random, route, ids) : nastyPath(random);
  const query = queryOf(random, route, messages, ids);
  const headers: Record<string, string> = random.chance(0.8) ? { 'content-type': 'application/json' } : {};
  if (random.chance(0.05))
    headers['range'] = random.pick(['bytes=0-', 'bytes=-5', 'bytes=9-1', 'bytes=a-b', 'items=1', 'bytes=99999999999-']);
  if (random.chance(0.02)) headers['accept-encoding'] = random.pick(['gzip', 'br', '*', ',,,']);
  if (method === 'GET' || method === 'HEAD') return { method, path: path + query, headers, body: undefined };
  const body = route.form === 'upload' ? uploadOf(random, headers) : bodyOf(random, route, messages, ids);
  return { method, path: path + query, headers, body };
}

function pathOf(random: Random, { path }: Route, ids: readonly string[]): string {
  return path.replace(/\{[^}]+\}/g, () => {
    const value = random.chance(0.6) && ids.length > 0 ? random.pick(ids) : textOf(random);
    return random.chance(0.9) ? encodeURIComponent(wellFormed(value)) : wellFormed(value).replace(/[^\x21-\x7e]|[?#]/g, '');
  });
}

const nastyPath = (random: Random): string =>
  random.pick([
    '/apis/v2beta1/../../etc/passwd',
    '/apis//v2beta1/runs',
    '/apis/v2beta1/runs/%E0%A4%A',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/apis/v2beta1/runs/:archive',
    '/apis/v2beta1/runs/a:b:c:archive',
    `/apis/${'x/'.repeat(200)}`,
    '/index.html%00.js',
    '/.git/config',
  ]);

function queryOf(random: Random, { query = {} }: Route, messages: Schemas, ids: readonly string[]): string {
  const search = new URLSearchParams();
  for (const [name, type] of Object.entries(query)) {
    if (random.chance(0.5)) continue;
    if (name === 'filter') search.append(name, filterOf(random));
    else if (name === 'sort_by')
      search.append(name, random.pick(['created_at desc', 'name', 'id asc', 'state desc', 'x y z', 'tags.a', textOf(random)]));
    else {
      const value = valueOf(random, fieldKind(messages, type), messages, { depth: MAX_BODY_DEPTH, ids });
      search.append(name, wellFormed(typeof value === 'string' ? value : JSON.stringify(value)));
    }
  }
  if (random.chance(0.1)) search.append(wellFormed(textOf(random)), 'x');
  const text = search.toString();
  return text === '' ? '' : `?${random.chance(0.95) ? text : text.replace(/%/g, '%%')}`;
}

function filterOf(random: Random): string {
  const predicate = {
    [random.pick(['operation', 'op'])]: random.pick(['EQUALS', 'IN', 'IS_SUBSTRING', 'GREATER_THAN', 1, 8, 99, 'NOPE']),
    key: random.pick(['name', 'created_at', 'state', 'storage_state', 'tags.a', 'id', 'colour', '']),
    [random.pick(['string_value', 'stringValue', 'int_value', 'long_values', 'string_values', 'timestamp_value', 'none'])]:
      random.pick(['x', '', 1, { values: ['a', 'b'] }, { values: [] }, '2026-01-01T00:00:00Z', null, '%_\\']),
  };
  const text = JSON.stringify({ predicates: random.chance(0.95) ? [predicate] : random.pick(NASTY_VALUES) });
  return random.chance(0.9) ? text : text.slice(0, random.below(text.length));
}

function bodyOf(random: Random, route: Route, messages: Schemas, ids: readonly string[]): Uint8Array {
  const kind = random.below(20);
  if (kind === 0) return Uint8Array.from({ length: random.below(200) }, () => random.below(256));
  if (kind === 1) return new TextEncoder().encode('['.repeat(random.below(5_000)));
  if (kind === 2) return new TextEncoder().encode(JSON.stringify(random.pick(NASTY_VALUES)));
  if (kind === 3) return new Uint8Array();
  const value = route.body === undefined ? textOf(random) : messageOf(random, route.body, messages, { depth: 0, ids });
  const text = JSON.stringify(value);
  return new TextEncoder().encode(random.chance(0.95) ? text : text.slice(0, random.below(text.length)));
}

interface Making {
  readonly depth: number;
  readonly ids: readonly string[];
}

function messageOf(random: Random, name: string, messages: Schemas, making: Making): JsonValue {
  const fields = Object.entries(messages[name] as MessageSchema);
  const chosen = fields.filter(() => random.chance(0.5));
  const entries = chosen.map(([field, type]): [string, JsonValue] => {
    if (random.chance(0.05)) return [field, random.pick(NASTY_VALUES)];
    return [field, valueOf(random, fieldKind(messages, type), messages, making)];
  });
  if (random.chance(0.02)) entries.push([textOf(random), 1]);
  return Object.fromEntries(entries);
}

function valueOf(random: Random, kind: FieldKind, messages: Schemas, making: Making): JsonValue {
  const inner = { ...making, depth: making.depth + 1 };
  switch (kind.kind) {
    case 'enum':
      return random.pick([...kind.values.filter((value) => value !== null), 'NO_SUCH', 99]);
    case 'list':
      return making.depth > MAX_BODY_DEPTH
        ? []
        : Array.from({ length: random.below(3) }, () => valueOf(random, kind.item, messages, inner));
    case 'map':
      return making.depth > MAX_BODY_DEPTH ? {} : { [textOf(random)]: valueOf(random, kind.item, messages, inner) };
    case 'message':
      return making.depth > MAX_BODY_DEPTH ? {} : messageOf(random, kind.name, messages, inner);
    default:
      return scalarOf(random, kind.scalar, making);
  }
}

function scalarOf(random: Random, scalar: string, { ids }: Making): JsonValue {
  switch (scalar) {
    case 'string':
      return random.chance(0.5) && ids.length > 0 ? random.pick(ids) : textOf(random);
    case 'bool':
      return random.chance(0.5);
    case 'int32':
    case 'int64':
      return random.pick([0, 1, 2, 10, 11, -1, 201, 2 ** 31, '7', '1e3', 2 ** 60]);
    case 'double':
      return random.pick([0, 0.5, -1, 'NaN', 1e308]);
    case 'timestamp':
    case 'instant':
      return random.pick([
        '2026-01-01T00:00:00Z',
        '9999-12-31T23:59:59Z',
        '0000-00-00T00:00:00Z',
        'yesterday',
        5,
        '275760-09-13T00:00:00Z',
      ]);
    case 'struct':
      return random.chance(0.5) ? (JSON.parse(adderPipeline()) as JsonValue) : random.pick(NASTY_VALUES);
    default:
      return random.pick(NASTY_VALUES);
  }
}

/** A form with a file that is a pipeline, nearly one, or none; or no form at all. */
function uploadOf(random: Random, headers: Record<string, string>): Uint8Array {
  const boundary = 'x-boundary';
  headers['content-type'] = random.chance(0.9)
    ? `multipart/form-data; boundary=${boundary}`
    : random.pick(['multipart/form-data', 'text/plain', '']);
  const part = random.chance(0.9) ? 'uploadfile' : 'other';
  const file = random.pick(['p.yaml', 'p.zip', 'p.tar.gz', '../../p.yaml', 'p', '💥.yaml']);
  const content = random.pick([
    adderPipeline(),
    adderPipeline().slice(0, 300),
    'a: &a [1]\nb: *a\n',
    `a: &a [x]\n${Array.from({ length: 20 }, (_, at) => `b${at}: &b${at} [*a, *a, *a]`).join('\n')}\n`,
    'PK\u0003\u0004 not really',
    '\u001f\u008b not really',
    '--- {}\n--- {}\n',
    'kind: Workflow\napiVersion: argoproj.io/v1alpha1\n',
    '{"pipelineInfo": 1, "root": []}',
    '',
  ]);
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part}"; filename="${file}"\r\n\r\n`;
  const end = random.chance(0.95) ? `\r\n--${boundary}--\r\n` : '';
  return new TextEncoder().encode(head + content + end);
}

const textOf = (random: Random): string => (random.chance(0.5) ? `t${random.below(50)}` : random.pick(NASTY_TEXTS));

const wellFormed = (text: string): string => text.toWellFormed();

function send(
  url: string,
  { method, path, headers, body }: FuzzRequest,
  agent: Agent,
): Promise<{ readonly status: number; readonly answer: string }> {
  const { promise, resolve } = Promise.withResolvers<{ readonly status: number; readonly answer: string }>();
  const { hostname, port } = new URL(url);
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(body.byteLength) };
  const outgoing = httpRequest(
    { agent, hostname, port, method, path, headers: { ...headers, ...length }, timeout: ANSWER_TIMEOUT_MS },
    (incoming) => {
      const chunks: Buffer[] = [];
      const status = incoming.statusCode ?? 0;
      const end = () => resolve({ status, answer: Buffer.concat(chunks).toString('utf8').slice(0, 4_000) });
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', end);
      incoming.on('error', end);
      const isStream = /event-stream/.test(incoming.headers['content-type'] ?? '') || /follow=/.test(path);
      if (!isStream) return;
      setTimeout(() => {
        end();
        outgoing.destroy();
      }, STREAM_MS);
    },
  );
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
  outgoing.on('error', (error) => resolve({ status: 0, answer: error.message }));
  outgoing.end(body);
  return promise;
}
