import type { Handlers } from '../../api/route.ts';
import type { V1Messages } from '../../api/v1beta1/messages.ts';
import type { V1_ROUTES } from '../../api/v1beta1/routes.ts';
import type { Context } from '../context.ts';

export type V1Handlers = Handlers<V1Messages, typeof V1_ROUTES, Context>;

/** The handlers of a service, by the prefix of its operations. */
export type V1HandlersOf<Prefix extends string> = Pick<V1Handlers, Extract<keyof V1Handlers, `${Prefix}${string}`>>;
