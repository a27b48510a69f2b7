import { ProductError } from '../base/errors.ts';
import type { AccessPage, AccessPosition, AccessQuery } from '../store/access-store.ts';

export interface AccessListRequest {
  /** 0 or absent: 50. At most 200 are given. */
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface AccessListReply<Row> {
  readonly rows: readonly Row[];
  /** "" on the last page. */
  readonly nextPageToken: string;
}

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;

/** A page of users, tokens, roles or the audit log. Throws INVALID_USAGE for a request that cannot be understood. */
export async function accessPage<Row>(
  { pageSize = 0, pageToken = '' }: AccessListRequest,
  ask: (query: AccessQuery) => Promise<AccessPage<Row>>,
): Promise<AccessListReply<Row>> {
  if (pageSize < 0) throw new ProductError('INVALID_USAGE', `The page size should be greater than 0. Got ${pageSize}`);
  const limit = pageSize === 0 ? DEFAULT_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE);
  const { rows, next } = await ask({ limit, ...(pageToken === '' ? {} : { after: readToken(pageToken) }) });
  return { rows, nextPageToken: next ? writeToken(next) : '' };
}

const writeToken = ({ createdAtMs, id }: AccessPosition): string =>
  Buffer.from(JSON.stringify([createdAtMs, id])).toString('base64url');

function readToken(text: string): AccessPosition {
  try {
    const [createdAtMs, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as readonly unknown[];
    if (Number.isSafeInteger(createdAtMs) && typeof id === 'string' && !/\p{Cc}/u.test(id))
      return { createdAtMs: createdAtMs as number, id };
  } catch {
    // Said below.
  }
  throw new ProductError('INVALID_USAGE', 'Invalid page token');
}

/** Whether a text can be the id of anything: what a client sends is looked up only then. */
export const isId = (text: string): boolean => /^[\w-]{1,100}$/.test(text);
