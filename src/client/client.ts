import { decodeMessage } from '../api/decode-message.ts';
import { encodeMessage } from '../api/encode-message.ts';
import type { Message, Schemas } from '../api/message.ts';
import type { Call, Route, Routes } from '../api/route.ts';
import { ProductError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import type { Connection } from './connection.ts';
import { knownFields } from './known-fields.ts';
import { requestTarget } from './request-target.ts';
import { type Request, send } from './send.ts';

/** A dialect of the API: its routes and the messages they speak of. */
export interface Dialect<S extends Schemas, T extends Routes> {
  readonly schemas: S;
  readonly routes: T;
}

/** What a call takes: the parts its route has. Query parameters that are undefined are not sent. */
export type CallInput<S extends Schemas, R extends Route> = ParamsPart<S, R> &
  QueryPart<S, R> &
  (R['body'] extends string ? { readonly body: Call<S, R>['body'] } : unknown) & {
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly signal?: AbortSignal | undefined;
  };

type ParamsPart<S extends Schemas, R extends Route> = keyof Call<S, R>['params'] extends never
  ? unknown
  : { readonly params: Call<S, R>['params'] };

type QueryPart<S extends Schemas, R extends Route> =
  R['query'] extends Readonly<Record<string, string>>
    ? { readonly query?: { readonly [Key in keyof Call<S, R>['query']]?: Call<S, R>['query'][Key] | undefined } }
    : unknown;

type IdsOf<T extends Routes, Form extends string | undefined> = {
  [Id in keyof T & string]: T[Id]['form'] extends Form ? (Form extends T[Id]['form'] ? Id : never) : never;
}[keyof T & string];

type MessageIds<T extends Routes> = Exclude<keyof T & string, IdsOf<T, 'raw'> | IdsOf<T, 'upload'> | IdsOf<T, 'text'>>;

/** A file to upload. Its name's ending tells the server what is in it. */
export interface UploadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Calls of one dialect, with types made from its tables. Everything throws ProductError. */
export interface Client<S extends Schemas, T extends Routes> {
  /** Sends a message and returns the one in the answer; fields this version does not know are left out. */
  call<Id extends MessageIds<T>>(id: Id, input: CallInput<S, T[Id]>): Promise<Message<S, T[Id]['reply']>>;
  upload<Id extends IdsOf<T, 'upload'>>(
    id: Id,
    input: CallInput<S, T[Id]> & { readonly file: UploadFile },
  ): Promise<Message<S, T[Id]['reply']>>;
  /** Logs, files and events: the answer as it comes. */
  open<Id extends IdsOf<T, 'raw'>>(id: Id, input: CallInput<S, T[Id]>): Promise<Response>;
}

interface LooseInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Parameters<typeof requestTarget>[2];
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly file?: UploadFile;
  readonly signal?: AbortSignal | undefined;
}

/** A client for one dialect of the server at a connection. */
export function createClient<S extends Schemas, T extends Routes>(connection: Connection, dialect: Dialect<S, T>): Client<S, T> {
  const { schemas, routes } = dialect;
  const request = (route: Route, input: LooseInput, body: Request['body']): Promise<Response> =>
    send(connection, {
      method: route.method,
      target: requestTarget(route, input.params ?? {}, input.query ?? {}),
      headers: { ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}), ...input.headers },
      signal: input.signal,
      ...(body === undefined ? {} : { body }),
    });
  const reply = async (route: Route, response: Response): Promise<never> => {
    const json = parseReply(response, await response.text());
    return decodeMessage(schemas, route.reply, knownFields(schemas, route.reply, json)) as never;
  };
  const bodyOf = (route: Route, { body = {} }: LooseInput): string | undefined =>
    route.body === undefined ? undefined : JSON.stringify(encodeMessage(schemas, route.body, body as never));
  return {
    async call(id, input) {
      const route = routes[id]!;
      return reply(route, await request(route, input as LooseInput, bodyOf(route, input as LooseInput)));
    },
    async upload(id, input) {
      const form = new FormData();
      form.set('uploadfile', new Blob([new Uint8Array(input.file.bytes)]), input.file.name);
      return reply(routes[id]!, await request(routes[id]!, input as LooseInput, form));
    },
    open: (id, input) => request(routes[id]!, input as LooseInput, bodyOf(routes[id]!, input as LooseInput)),
  };
}

function parseReply(response: Response, text: string): JsonValue {
  try {
    return JSON.parse(text === '' ? '{}' : text) as JsonValue;
  } catch (cause) {
    throw new ProductError('UNAVAILABLE', `${response.url} did not answer in JSON: it is not the API of Kubeflow Pipelines`, {
      hint: 'Check --endpoint.',
      cause,
    });
  }
}
