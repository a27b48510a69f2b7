import { ApiError } from './api-error.ts';
import type { Route } from '../../src/api/route.ts';
import { takeEarly } from './early-answers.ts';
import { currentNamespace } from './namespace.ts';
import { type Input, type OperationId, OPERATIONS, type Reply } from './operations.ts';

/** Asks the server for one operation. Throws ApiError; an aborted call throws what fetch throws. */
export async function call<Id extends OperationId>(id: Id, input: Input<Id> = {}, signal?: AbortSignal): Promise<Reply<Id>> {
  const response = await send(id, input, signal);
  return (await response.json()) as Reply<Id>;
}

/** The same for operations that answer with text. */
export async function callText<Id extends OperationId>(id: Id, input: Input<Id> = {}, signal?: AbortSignal): Promise<string> {
  return await (await send(id, input, signal)).text();
}

/** Where an operation is: for links, images and event streams. */
export function urlOf<Id extends OperationId>(id: Id, { params, query }: Input<Id> = {}): string {
  const values = (params ?? {}) as Readonly<Record<string, string>>;
  const path = OPERATIONS[id].path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams();
  const route: Route = OPERATIONS[id];
  if (route.query?.['namespace'] !== undefined && currentNamespace() !== '') search.set('namespace', currentNamespace());
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '') continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

async function send<Id extends OperationId>(id: Id, input: Input<Id>, signal?: AbortSignal): Promise<Response> {
  const { method } = OPERATIONS[id];
  const url = urlOf(id, input);
  const early = method === 'GET' ? takeEarly(url) : undefined;
  const asked = early ?? fetch(url, { method, ...bodyOf(input), ...(signal === undefined ? {} : { signal }) });
  const response = await asked.catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, {
      message: 'The server does not answer.',
      hint: 'Is pipewright still running? This page tries again.',
    });
  });
  if (response.ok) return response;
  throw ApiError.from(response.status, await response.text());
}

function bodyOf({ body, file }: { readonly body?: unknown; readonly file?: File }): RequestInit {
  if (file !== undefined) {
    const form = new FormData();
    form.append('uploadfile', file);
    return { body: form };
  }
  return body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
