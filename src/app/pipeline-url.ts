import { ProductError } from '../base/errors.ts';
import type { App } from './app.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Fetches a pipeline file that a client named by its URL. Only origins that the installation allows are asked, and redirects are not
 * followed: a server must not fetch for strangers what only it can reach. Throws INVALID_ARGUMENTS, UNAVAILABLE.
 */
export async function pipelineFromUrl(app: App, given: string | undefined) {
  const url = URL.canParse(given ?? '') ? new URL(given!) : undefined;
  if (!url) throw new ProductError('INVALID_ARGUMENTS', `Pipeline URL is empty or invalid: ${JSON.stringify(given ?? '')}`);
  if (!app.pipelineOrigins.includes(url.origin)) {
    throw new ProductError(
      'INVALID_ARGUMENTS',
      `invalid pipeline URL: ${url.origin} is not among the origins pipelines may be fetched from`,
      {
        hint: 'upload the file, or start the server with --pipeline-origin for this origin',
      },
    );
  }
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new ProductError('UNAVAILABLE', `the pipeline could not be fetched from ${url.href}`, {
      hint: 'check that the server can reach it and that it does not redirect, or upload the file',
      cause,
    });
  });
  if (!response.ok) throw new ProductError('INVALID_ARGUMENTS', `${url.href} answered ${response.status}`);
  const content = await limited(response, url.href);
  return { content, fileName: url.pathname.split('/').at(-1) ?? '', packageUrl: url.href };
}

async function limited(response: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new ProductError('TOO_LARGE', `${url} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
