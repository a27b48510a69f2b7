/** Answers that were asked for before the code that needs them was there. Each is taken once, and only while it is fresh. */
const FRESH_MS = 5_000;

let hasTaken = false;

const sent = new Map<string, { readonly answer: Promise<Response>; readonly atMs: number }>();

export function askEarly(url: string): void {
  const answer = fetch(url);
  // Whoever takes it is told; if nobody does, nobody needs to know.
  answer.catch(() => {});
  sent.set(url, { answer, atMs: performance.now() });
}

export function takeEarly(url: string): Promise<Response> | undefined {
  const found = sent.get(url);
  sent.delete(url);
  if (!found || performance.now() - found.atMs >= FRESH_MS) return undefined;
  hasTaken = true;
  return found.answer;
}

/** Something is shown that was asked for before anybody listened for changes. */
export const hasTakenEarly = (): boolean => hasTaken;
