import type { Clock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';

const WINDOW_MS = 5 * 60_000;
const FAILURES_OF_AN_ADDRESS = 10;
/** From all addresses together; more than one address may fail, so that nobody locks out another that easily. */
const FAILURES_OF_A_USER = 20;
/** Each checks a password, which is made to be slow. */
const MAX_AT_ONCE = 8;
const MAX_KEYS = 20_000;

interface Failures {
  readonly untilMs: number;
  readonly count: number;
}

/**
 * Slows down whoever tries passwords, by address and by user name. An attempt counts as failed from its beginning, so that many at
 * once gain nothing. Kept in memory: a restart forgets it.
 */
export class LoginLimiter {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();
  #atOnce = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws RATE_LIMITED, or gives the result of the attempt. One that does not throw is taken off the count. */
  async attempt<T>(
    { address, userName }: { readonly address: string; readonly userName: string },
    attempt: () => Promise<T>,
  ): Promise<T> {
    const limits = [
      [`address ${networkOf(address)}`, FAILURES_OF_AN_ADDRESS],
      [`user ${userName.slice(0, 200)}`, FAILURES_OF_A_USER],
    ] as const;
    for (const [key, limit] of limits) this.#check(key, limit);
    if (this.#atOnce >= MAX_AT_ONCE) throw tooMany(1);
    for (const [key] of limits) this.#count(key, 1);
    this.#atOnce += 1;
    try {
      const result = await attempt();
      for (const [key] of limits) this.#count(key, -1);
      return result;
    } finally {
      this.#atOnce -= 1;
    }
  }

  #check(key: string, limit: number): void {
    const known = this.#current(key);
    if (known && known.count >= limit) throw tooMany(Math.ceil((known.untilMs - this.#clock.now()) / 1000));
  }

  #count(key: string, step: 1 | -1): void {
    const known = this.#current(key);
    if (!known && step < 0) return;
    const { untilMs, count } = known ?? { untilMs: this.#clock.now() + WINDOW_MS, count: 0 };
    this.#failures.set(key, { untilMs, count: count + step });
    if (this.#failures.size > MAX_KEYS) this.#forgetOldest();
  }

  #current(key: string): Failures | undefined {
    const known = this.#failures.get(key);
    return known && known.untilMs > this.#clock.now() ? known : undefined;
  }

  #forgetOldest(): void {
    const [oldest] = this.#failures.keys();
    this.#failures.delete(oldest!);
  }
}

/** Of IPv6 the network of a customer: one has 2^64 addresses in it. */
const networkOf = (address: string): string => (address.includes(':') ? address.split(':').slice(0, 4).join(':') : address);

const tooMany = (seconds: number): ProductError =>
  new ProductError('RATE_LIMITED', 'too many attempts to log in', {
    hint: `try again in ${seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}`,
    retryAfterSeconds: seconds,
  });
