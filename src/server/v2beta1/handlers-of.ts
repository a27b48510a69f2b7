import type { Handlers } from '../../api/route.ts';
import type { V2Messages } from '../../api/v2beta1/messages.ts';
import type { V2Routes } from '../../api/v2beta1/routes.ts';
import type { Context } from '../context.ts';

export type V2Handlers = Handlers<V2Messages, V2Routes, Context>;

/** The handlers of a service, by the prefix of its operations. */
export type V2HandlersOf<Prefix extends string> = Pick<V2Handlers, Extract<keyof V2Handlers, `${Prefix}${string}`>>;

/** The empty message, once the work is done. */
export async function done(work: Promise<unknown>): Promise<Record<string, never>> {
  await work;
  return {};
}
