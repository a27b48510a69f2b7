import { type ErrorCode, formatProblem, type Problem, ProductError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';

/** What was asked, for the message when the server does not say what is wrong. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

/**
 * The error a server answered with: its short text, hint and problems. Understands the forms of every generation of KFP's server
 * (`details[0].message`, `error_message`, `message`, `error`) and answers that are no JSON at all, such as a proxy's.
 */
export function errorFromReply(asked: Asked, status: number, text: string): ProductError {
  const body = parsed(text);
  const problems = problemsOf(body['problems']);
  const said = shortText(body);
  const code = codeOf(status, body['code']);
  const hint = HINTS[code] ?? (typeof body['hint'] === 'string' ? body['hint'] : undefined);
  const message = said === undefined ? unexplained(asked, status) : withoutProblems(said, problems);
  return new ProductError(code, message, { problems, ...(hint === undefined ? {} : { hint }) });
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  429: 'RATE_LIMITED',
};

/** gRPC's numbers tell apart what HTTP does not: FailedPrecondition and AlreadyExists. */
function codeOf(status: number, grpc: JsonValue | undefined): ErrorCode {
  if (status === 400) return grpc === 9 ? 'FAILED_PRECONDITION' : 'INVALID_USAGE';
  if (status === 409 && grpc === 6) return 'ALREADY_EXISTS';
  return BY_STATUS[status] ?? 'UNAVAILABLE';
}

/** Better than what a server can say, which knows nothing of this command line. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: 'Log in with: pipewright login   Or give a token: --token, or PIPEWRIGHT_TOKEN in the environment.',
};

function shortText(body: JsonObject): string | undefined {
  const details = Array.isArray(body['details']) ? (body['details'] as readonly JsonValue[])[0] : undefined;
  const detail = isJsonObject(details) ? (details['message'] ?? details['error_message']) : undefined;
  const candidates = [detail, body['error_message'], body['message'], body['error']];
  const text = candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '');
  // Uploads and logs have no short text; which operation failed is known here.
  return text?.replace(/^Failed to call \w+: /, '');
}

/** The text repeats the problems for clients that know nothing else; here they are shown one by one. */
function withoutProblems(text: string, problems: readonly Problem[]): string {
  const first = problems[0];
  const at = first === undefined ? -1 : text.indexOf(`; ${formatProblem(first)}`);
  return at < 0 ? text : text.slice(0, at);
}

function unexplained({ method, url }: Asked, status: number): string {
  return status === 404
    ? `there is no Kubeflow Pipelines API at ${url}`
    : `${method} ${url} was answered with status ${status} and no reason`;
}

function problemsOf(value: JsonValue | undefined): Problem[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).flatMap((item) =>
    isJsonObject(item) && typeof item['path'] === 'string' && typeof item['message'] === 'string'
      ? [
          {
            path: item['path'],
            message: item['message'],
            ...(typeof item['hint'] === 'string' ? { hint: item['hint'] } : {}),
            ...(typeof item['line'] === 'number' ? { line: item['line'] } : {}),
            ...(item['severity'] === 'warning' ? { severity: 'warning' as const } : {}),
          },
        ]
      : [],
  );
}

function parsed(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
