import type { ACCESS_MESSAGES } from '../../src/api/native/access-messages.ts';
import { ACCESS_ROUTES } from '../../src/api/native/access-routes.ts';
import type { NATIVE_MESSAGES } from '../../src/api/native/messages.ts';
import { NATIVE_ROUTES } from '../../src/api/native/routes.ts';
import type { V2_MESSAGES } from '../../src/api/v2beta1/messages.ts';
import { V2_ROUTES } from '../../src/api/v2beta1/routes.ts';
import type { Wire, WireField } from './wire.ts';

/** What the server can be asked: the tables it is made from itself. */
export const OPERATIONS = { ...V2_ROUTES, ...NATIVE_ROUTES, ...ACCESS_ROUTES };

export type Operations = typeof OPERATIONS;
export type OperationId = keyof Operations;
type MessagesOf<Id extends OperationId> = Id extends keyof typeof V2_ROUTES
  ? typeof V2_MESSAGES
  : Id extends keyof typeof ACCESS_ROUTES
    ? typeof ACCESS_MESSAGES
    : typeof NATIVE_MESSAGES;

/** A message of KFP's v2beta1 API, and one of our own, as they are on the wire. */
export type V2<Name extends keyof typeof V2_MESSAGES> = Wire<typeof V2_MESSAGES, Name>;
export type Native<Name extends keyof typeof NATIVE_MESSAGES> = Wire<typeof NATIVE_MESSAGES, Name>;

export type Access<Name extends keyof typeof ACCESS_MESSAGES> = Wire<typeof ACCESS_MESSAGES, Name>;

export type Reply<Id extends OperationId> = Wire<MessagesOf<Id>, Operations[Id]['reply']>;

type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;
type QueryOf<Id extends OperationId> = Operations[Id] extends { readonly query: infer Query }
  ? { readonly [Key in keyof Query]?: WireField<MessagesOf<Id>, Query[Key] & string> | number | undefined }
  : Record<string, never>;

export interface Input<Id extends OperationId> {
  readonly params?: Readonly<Record<ParamNames<Operations[Id]['path']>, string>>;
  readonly query?: QueryOf<Id>;
  readonly body?: Operations[Id] extends { readonly body: infer Body extends string } ? Wire<MessagesOf<Id>, Body> : undefined;
  /** Of an upload. */
  readonly file?: File;
}
