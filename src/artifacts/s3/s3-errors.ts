import type { ErrorCode } from '../../base/errors.ts';
import { ProductError } from '../../base/errors.ts';

/** What a store said about a request that failed. */
export interface S3Refusal {
  readonly status: number;
  /** The store's own word (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html); "" if it said none. */
  readonly code: string;
  readonly message: string;
  /** The region a bucket is in, where the store names it. */
  readonly region?: string | undefined;
  /** The store's clock minus ours. */
  readonly skewMs?: number | undefined;
}

interface Advice {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const CREDENTIALS = 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the secret that the provider settings name';
const WRONG_CREDENTIALS: Advice = { code: 'FAILED_PRECONDITION', what: 'the credentials are wrong', hint: CREDENTIALS };

const ADVICE: Readonly<Record<string, Advice>> = {
  NoSuchKey: { code: 'NOT_FOUND', what: 'there is nothing at that place', hint: 'check the URI' },
  NoSuchBucket: {
    code: 'FAILED_PRECONDITION',
    what: 'there is no such bucket',
    hint: 'make the bucket, or correct its name in the pipeline root (--artifacts)',
  },
  InvalidBucketName: { code: 'FAILED_PRECONDITION', what: 'that is no name of a bucket', hint: 'correct the URI' },
  InvalidAccessKeyId: WRONG_CREDENTIALS,
  SignatureDoesNotMatch: WRONG_CREDENTIALS,
  InvalidToken: WRONG_CREDENTIALS,
  ExpiredToken: { code: 'FAILED_PRECONDITION', what: 'the credentials have expired', hint: CREDENTIALS },
  AccessDenied: {
    code: 'FAILED_PRECONDITION',
    what: 'access was denied',
    hint: 'the credentials need the right to list, read, write and delete objects of this bucket',
  },
};

/** `attempt` completes "could not …": "read the artifact s3://b/k". */
export function refusalError(attempt: string, endpoint: string, refusal: S3Refusal): ProductError {
  const { code, what, hint } = adviceFor(refusal);
  const said = refusal.code === '' ? `HTTP status ${refusal.status}` : refusal.code;
  return new ProductError(code, `could not ${attempt}: ${what} (${endpoint} answered ${said})`, { hint, cause: refusal });
}

function adviceFor({ status, code, message, region, skewMs = 0 }: S3Refusal): Advice {
  const known = ADVICE[code];
  if (known) return known;
  if (code === 'RequestTimeTooSkewed') {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    const hint = 'set the clock of this machine (for example with NTP), then try again';
    return { code: 'FAILED_PRECONDITION', what: `the clock of this machine differs by ${seconds} s from the store's`, hint };
  }
  if (status === 301 || code === 'PermanentRedirect' || code === 'AuthorizationHeaderMalformed') {
    const hint = region === undefined ? 'set the region of the bucket (AWS_REGION)' : `set the region to ${region} (AWS_REGION)`;
    return { code: 'FAILED_PRECONDITION', what: 'the bucket is in another region', hint };
  }
  if (status === 404) return ADVICE['NoSuchKey']!;
  if (status === 401 || status === 403) return ADVICE['AccessDenied']!;
  if (status >= 500 || status === 429)
    return { code: 'UNAVAILABLE', what: 'the object store has a fault of its own', hint: 'try again later' };
  return {
    code: 'FAILED_PRECONDITION',
    what: message === '' ? 'the object store refused the request' : `the object store said "${message.slice(0, 200)}"`,
    hint: 'check the endpoint and the bucket',
  };
}

/** The connection failed, or nothing was heard for too long. */
export function unreachableError(attempt: string, endpoint: string, cause: unknown): ProductError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new ProductError('UNAVAILABLE', `could not ${attempt}: ${endpoint} cannot be reached (${code ?? message})`, {
    hint: 'check that the object store runs and that its endpoint is right (AWS_ENDPOINT_URL, or the provider settings)',
    cause,
  });
}
