import { ERROR_CODES, type ErrorCode, formatProblem, type Problem, ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';

export interface ErrorReply {
  readonly status: number;
  readonly body: JsonObject;
  readonly retryAfterSeconds?: number;
}

/** gRPC's number and the reference server's name for each of our codes: clients and its tests read both. */
const KINDS: Readonly<Record<ErrorCode, { readonly code: number; readonly name: string }>> = {
  INVALID_PIPELINE: { code: 3, name: 'InvalidInputError' },
  INVALID_ARGUMENTS: { code: 3, name: 'InvalidInputError' },
  INVALID_USAGE: { code: 3, name: 'InvalidInputError' },
  UNSUPPORTED: { code: 3, name: 'InvalidInputError' },
  FAILED_PRECONDITION: { code: 9, name: 'FailedPreconditionError' },
  UNAUTHENTICATED: { code: 16, name: 'UnauthenticatedError' },
  FORBIDDEN: { code: 7, name: 'PermissionDeniedError' },
  NOT_FOUND: { code: 5, name: 'ResourceNotFoundError' },
  ALREADY_EXISTS: { code: 6, name: 'AlreadyExistError' },
  CONFLICT: { code: 10, name: 'BadRequestError' },
  TOO_LARGE: { code: 8, name: 'ResourceExhaustedError' },
  RATE_LIMITED: { code: 8, name: 'ResourceExhaustedError' },
  UNAVAILABLE: { code: 14, name: 'UnavailableServerError' },
};
const INTERNAL = { code: 13, name: 'InternalServerError' };

/**
 * The answer to a call that failed: the fields of every generation of clients at once (`error`, `message`, `code`, `details`). What
 * is not a ProductError is a bug: its text stays in the log of the server.
 */
export function errorReply(error: unknown, doing?: string): ErrorReply {
  const { status, kind, text, hint, problems } = explained(error);
  const message = `${doing === undefined ? '' : `${doing}: `}${kind.name}: ${text}`;
  const details: JsonObject = { '@type': 'type.googleapis.com/google.rpc.Status', code: kind.code, message: text };
  return {
    status,
    ...retryOf(error),
    body: { error: message, message, code: kind.code, details: [details], ...(hint === undefined ? {} : { hint }), ...problems },
  };
}

/** The shape of uploads, logs and artifacts, which the reference server writes by hand. */
export function plainErrorReply(error: unknown, doing: string): ErrorReply {
  const { status, text, hint, problems, kind } = explained(error);
  const whole = hint === undefined ? text : `${text} (${hint})`;
  return {
    status,
    ...retryOf(error),
    body: { error_message: `${doing}: ${whole}`, error_details: `${doing}: ${kind.name}: ${whole}`, ...problems },
  };
}

function retryOf(error: unknown): Pick<ErrorReply, 'retryAfterSeconds'> {
  const seconds = error instanceof ProductError ? error.retryAfterSeconds : undefined;
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}

function explained(error: unknown) {
  if (!(error instanceof ProductError)) {
    return { status: 500, kind: INTERNAL, text: 'Internal Server Error', hint: undefined, problems: {} };
  }
  const isNews = ({ message }: Problem) => !error.message.includes(message);
  const problems = error.problems.map((problem) => ({ ...problem }) as JsonObject);
  return {
    status: ERROR_CODES[error.code].httpStatus,
    kind: KINDS[error.code],
    text: [error.message, ...error.problems.filter(isNews).slice(0, 20).map(formatProblem)].join('; '),
    hint: error.hint,
    problems: problems.length === 0 ? {} : { problems },
  };
}

export const NOT_FOUND_REPLY: ErrorReply = {
  status: 404,
  body: { error: 'Not Found', message: 'Not Found', code: 5 },
};
export const WRONG_METHOD_REPLY: ErrorReply = {
  status: 501,
  body: { error: 'Method Not Allowed', message: 'Method Not Allowed', code: 12 },
};
export const MALFORMED_PATH_REPLY: ErrorReply = {
  status: 400,
  body: { error: 'malformed path', message: 'InvalidInputError: the path is not percent-encoded UTF-8', code: 3 },
};
