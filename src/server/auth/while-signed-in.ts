import type { Caller } from './caller.ts';

/** Looked up rather than told: another server on the same database may have ended it. */
const LOOK_EVERY_MS = 2_000;

export interface SignedIn extends Disposable {
  /** Aborts when the session or token is over, or the rights of its user have changed. */
  readonly signal: AbortSignal;
}

/** For answers that go on for long. Disposing it ends the looking. */
export function whileSignedIn({ principal, isStillSignedIn }: Pick<Caller, 'principal' | 'isStillSignedIn'>): SignedIn {
  const over = new AbortController();
  let isDisposed = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    // A database that does not answer now says nothing about the session.
    const isIn = await isStillSignedIn().catch(() => true);
    if (!isIn) over.abort();
    else if (!isDisposed) arm();
  };
  const arm = (): void => void (timer = setTimeout(() => void look(), LOOK_EVERY_MS));
  if (principal.kind === 'user') arm();
  return {
    signal: over.signal,
    [Symbol.dispose]() {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}
