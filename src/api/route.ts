import type { FieldType, Message, Schemas } from './message.ts';

/** One operation of the API. Router, client, OpenAPI files and the tests of completeness are all made from these. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{name}` stands for one segment, or for what is before the `:verb` of the last one. */
  readonly path: string;
  /** Query parameters with the names of their types. */
  readonly query?: Readonly<Record<string, string>>;
  /** Name of the message in the body. */
  readonly body?: string;
  /** Name of the message that is answered. */
  readonly reply: string;
  readonly access: Access;
  /**
   * `message` (default): JSON in and out. `upload`: a file in a multipart form. `text`: the body is a JSON string. `raw`: the handler
   * answers by itself (logs, files, events).
   */
  readonly form?: 'message' | 'upload' | 'text' | 'raw';
  readonly summary: string;
}

/** What a caller must be allowed to do: KFP's resources and verbs; `open` needs no login. */
export type Access = 'open' | `${Resource}:${string}`;
export type Resource =
  | 'pipelines'
  | 'experiments'
  | 'runs'
  | 'jobs'
  | 'viewers'
  | 'visualizations'
  | 'workflows'
  | 'session'
  | 'tokens'
  | 'users'
  | 'roleBindings'
  | 'audit';

export type Routes = Readonly<Record<string, Route>>;

/** What a handler is given: path and query decoded to their types, and the message. */
export interface Call<S extends Schemas, R extends Route> {
  readonly params: Readonly<Record<ParamNames<R['path']>, string>>;
  readonly query: R['query'] extends Readonly<Record<string, string>>
    ? { readonly [Key in keyof R['query']]?: FieldType<S, R['query'][Key]> }
    : Readonly<Record<string, never>>;
  readonly body: R['body'] extends string ? Message<S, R['body']> : undefined;
}

/** A handler for every route of a table: one that is missing is a type error. Raw routes and uploads have handlers of their own. */
export type Handlers<S extends Schemas, T extends Routes, Context> = {
  readonly [Id in keyof T as T[Id]['form'] extends 'upload' | 'raw' ? never : Id]: (
    call: Call<S, T[Id]>,
    context: Context,
  ) => Promise<Message<S, T[Id]['reply']>>;
};

type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;

/** Parameters of every list. */
export const LIST_QUERY = { page_token: 'string', page_size: 'int32', sort_by: 'string', filter: 'string' } as const;
