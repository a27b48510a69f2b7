import { encodeMessage } from '../api/encode-message.ts';
import { parseBody, parseJson } from '../api/parse-body.ts';
import { parseQuery } from '../api/parse-query.ts';
import type { Schemas } from '../api/message.ts';
import type { Route, Routes } from '../api/route.ts';
import { ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';
import { bodyText, readBody, readUpload, type UploadedFile } from './read-body.ts';

/** A call before its body is read. */
export interface RawCall {
  readonly id: string;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly request: Request;
  readonly search: URLSearchParams;
}

/** What answers by itself: logs, files, events. */
export type RawHandler = (call: RawCall & { readonly query: Query }, context: Context) => Promise<Response>;
export type UploadHandler = (call: { readonly query: Query; readonly file: UploadedFile }, context: Context) => Promise<object>;
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** An API: its tables and what its operations do. */
export interface Dialect {
  readonly routes: Routes;
  readonly messages: Schemas;
  /** Asked for with every call, so that what few clients speak can be loaded with the first. */
  readonly operations: () => Operations | Promise<Operations>;
}

/** What the operations of an API do, by their form. */
export interface Operations {
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly uploads: Readonly<Record<string, UploadHandler>>;
  readonly raw: Readonly<Record<string, RawHandler>>;
}

type AnyHandler = (call: object, context: Context) => Promise<object>;

/** Decodes a call, asks its handler, encodes the answer. */
export async function answer(dialect: Dialect, call: RawCall, context: Context): Promise<Response> {
  const { route, id, params, request } = call;
  const { messages } = dialect;
  const { handlers, uploads, raw } = await dialect.operations();
  const query = parseQuery(messages, route.query, call.search) as Query;
  if (route.form === 'raw') return await named(raw, id)({ ...call, query }, context);
  if (route.form === 'upload') {
    const file = await readUpload(request);
    return jsonReply(encode(messages, route, await named(uploads, id)({ query, file }, context)));
  }
  const body = await readMessage(messages, route, request);
  const handler = named(handlers as Readonly<Record<string, AnyHandler>>, id);
  return jsonReply(encode(messages, route, await handler({ params, query, body }, context)));
}

async function readMessage(messages: Schemas, route: Route, request: Request): Promise<object | string | undefined> {
  if (route.form === 'text') {
    const text: unknown = parseJson(bodyText(await readBody(request)) || '""');
    if (typeof text !== 'string') throw new ProductError('INVALID_USAGE', 'the body is a JSON string');
    return text;
  }
  if (route.body === undefined) return undefined;
  return parseBody(messages, route.body, bodyText(await readBody(request)));
}

const encode = (messages: Schemas, { reply }: Route, message: object): JsonObject =>
  encodeMessage(messages, reply, message as never);

function named<T>(table: Readonly<Record<string, T>>, id: string): T {
  const found = Object.hasOwn(table, id) ? table[id] : undefined;
  if (found === undefined) throw new Error(`bug: nothing handles ${id}`);
  return found;
}

export function jsonReply(body: JsonObject, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
