/** A mistake at a place, as the API tells it. */
export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  readonly line?: number;
  readonly severity?: string;
}

interface Told {
  readonly message: string;
  readonly hint?: string;
  readonly problems?: readonly Problem[];
}

/** What the server answered instead. Status 0: it did not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(status: number, { message, hint, problems = [] }: Told) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.hint = hint;
    this.problems = problems;
  }

  /** Reads the body of an answer; one that is no JSON (a proxy's page) is told by its status. */
  static from(status: number, text: string): ApiError {
    try {
      const body = JSON.parse(text) as Partial<Told> & {
        readonly error_message?: string;
        readonly details?: readonly { readonly message?: string }[];
      };
      const message = body.details?.[0]?.message ?? body.error_message ?? body.message;
      if (message !== undefined) return new ApiError(status, { ...body, message });
    } catch {
      // Told below.
    }
    return new ApiError(status, { message: `The server answered with status ${status}.` });
  }
}
