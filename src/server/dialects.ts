import { V2_MESSAGES } from '../api/v2beta1/messages.ts';
import { V2_ROUTES } from '../api/v2beta1/routes.ts';
import type { Dialect } from './dialect.ts';
import { v2Handlers } from './v2beta1/handlers.ts';
import { v2Raw } from './v2beta1/raw.ts';
import { v2Uploads } from './v2beta1/uploads.ts';

/** Everything the server speaks. Streams end when `leaving` aborts. */
export function dialects(_leaving: AbortSignal): readonly Dialect[] {
  return [{ routes: V2_ROUTES, messages: V2_MESSAGES, handlers: { ...v2Handlers }, uploads: v2Uploads, raw: v2Raw }];
}
