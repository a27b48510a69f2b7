/**
 * A mistake in something a user wrote. `path` names the place ("root.dag.tasks.train.inputs", with the line of the
 * document when known), `message` says what is wrong, `hint` what to do next.
 */
export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** 1-based line in the document the problem was found in. */
  readonly line?: number;
  /** A warning does not stop the pipeline from being used. Default: error. */
  readonly severity?: 'error' | 'warning';
}

/** The catalogue of product errors: each has a stable code and the HTTP status it is answered with. */
export const ERROR_CODES = {
  INVALID_PIPELINE: { httpStatus: 400 },
  INVALID_ARGUMENTS: { httpStatus: 400 },
  INVALID_USAGE: { httpStatus: 400 },
  UNSUPPORTED: { httpStatus: 400 },
  /** The thing is in a state in which this cannot be done; another request has to come first. */
  FAILED_PRECONDITION: { httpStatus: 400 },
  UNAUTHENTICATED: { httpStatus: 401 },
  FORBIDDEN: { httpStatus: 403 },
  NOT_FOUND: { httpStatus: 404 },
  /** The name is taken. */
  ALREADY_EXISTS: { httpStatus: 409 },
  CONFLICT: { httpStatus: 409 },
  TOO_LARGE: { httpStatus: 413 },
  /** Too many attempts; the error says when to try again. */
  RATE_LIMITED: { httpStatus: 429 },
  UNAVAILABLE: { httpStatus: 503 },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error a user can act on: the message says what happened and to what, the hint what to do next. */
export class ProductError extends Error {
  override readonly name = 'ProductError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
  /** What the header Retry-After says; only with RATE_LIMITED and UNAVAILABLE. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly hint?: string;
      readonly problems?: readonly Problem[];
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** One line per problem: `line 12, root.dag.tasks.train: message (hint)`; a problem of the whole document has no place. */
export function formatProblem({ path, line, message, hint }: Problem): string {
  const place = [line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return `${place === '' ? '' : `${place}: `}${message}${hint ? ` (${hint})` : ''}`;
}
