import { FRONTEND_MESSAGES, FRONTEND_ROUTES } from '../api/frontend/routes.ts';
import { ACCESS_MESSAGES } from '../api/native/access-messages.ts';
import { ACCESS_ROUTES } from '../api/native/access-routes.ts';
import { NATIVE_MESSAGES } from '../api/native/messages.ts';
import { NATIVE_ROUTES } from '../api/native/routes.ts';
import { type ApiTables, openApiOf } from '../api/open-api.ts';
import { V1_MESSAGES } from '../api/v1beta1/messages.ts';
import { V1_ROUTES } from '../api/v1beta1/routes.ts';
import { V2_MESSAGES } from '../api/v2beta1/messages.ts';
import { V2_ROUTES } from '../api/v2beta1/routes.ts';
import { ProductError } from '../base/errors.ts';
import type { Auth } from './auth/open-auth.ts';
import type { Dialect, Operations, RawHandler } from './dialect.ts';
import { jsonReply } from './dialect.ts';
import { nativeHandlers, nativeUploads } from './native/handlers.ts';
import { nativeRaw } from './native/raw.ts';
import { v2Handlers } from './v2beta1/handlers.ts';
import { v2Raw } from './v2beta1/raw.ts';
import { v2Uploads } from './v2beta1/uploads.ts';

export interface DialectOptions {
  /** Streams end when it aborts. */
  readonly leaving: AbortSignal;
  readonly version: string;
  readonly auth: Pick<Auth, 'handlers' | 'raw'>;
}

/** Everything the server speaks. */
export function dialects({ leaving, version, auth }: DialectOptions): readonly Dialect[] {
  const v2: Operations = { handlers: { ...v2Handlers }, uploads: v2Uploads, raw: v2Raw(leaving) };
  const native: Operations = {
    handlers: { ...nativeHandlers, ...auth.handlers },
    uploads: nativeUploads,
    raw: { ...nativeRaw(leaving), ...auth.raw, OpenApi_Get: openApi(apiTables(version)) },
  };
  return [
    { routes: V2_ROUTES, messages: V2_MESSAGES, operations: () => v2 },
    { routes: V1_ROUTES, messages: V1_MESSAGES, operations: () => loadV1(leaving) },
    { routes: OWN_ROUTES, messages: OWN_MESSAGES, operations: () => native },
    { routes: FRONTEND_ROUTES, messages: FRONTEND_MESSAGES, operations: loadFrontend },
  ];
}

/** What few clients speak: a server starts without it. */
async function loadV1(leaving: AbortSignal): Promise<Operations> {
  const { v1Handlers, v1Raw } = await import('./v1beta1/handlers.ts');
  const { v1Uploads } = await import('./v1beta1/catalogue-handlers.ts');
  return { handlers: { ...v1Handlers }, uploads: v1Uploads, raw: v1Raw(leaving) };
}

async function loadFrontend(): Promise<Operations> {
  const { frontendRaw } = await import('./frontend/handlers.ts');
  return { handlers: {}, uploads: {}, raw: frontendRaw };
}

const OWN_ROUTES = { ...NATIVE_ROUTES, ...ACCESS_ROUTES };
const OWN_MESSAGES = { ...NATIVE_MESSAGES, ...ACCESS_MESSAGES };

/** What is documented, by the name it has in the path. */
export const apiTables = (version: string): Readonly<Record<string, ApiTables>> => ({
  v2beta1: { title: 'Kubeflow Pipelines v2beta1', version, routes: V2_ROUTES, messages: V2_MESSAGES },
  v1beta1: { title: 'Kubeflow Pipelines v1beta1', version, routes: V1_ROUTES, messages: V1_MESSAGES },
  v1: { title: 'pipewright', version, routes: OWN_ROUTES, messages: OWN_MESSAGES },
});

function openApi(tables: Readonly<Record<string, ApiTables>>): RawHandler {
  return async ({ params }) => {
    const dialect = params['dialect']!;
    const found = Object.hasOwn(tables, dialect) ? tables[dialect] : undefined;
    if (!found)
      throw new ProductError('NOT_FOUND', `there is no API ${dialect}`, { hint: `one of ${Object.keys(tables).join(', ')}` });
    return jsonReply(openApiOf(found));
  };
}
