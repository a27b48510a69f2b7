/** Cookies of ours: for the server only, and not sent with what other sites ask for, apart from links. */
export interface CookieOptions {
  readonly isSecure: boolean;
  /** 0 takes the cookie away. */
  readonly maxAgeSeconds: number;
  /** Default: `/`. */
  readonly path?: string;
}

export function setCookie(name: string, value: string, { isSecure, maxAgeSeconds, path = '/' }: CookieOptions): string {
  const parts = [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}`,
    'HttpOnly',
    'SameSite=Lax',
  ];
  return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ');
}

/** The first value of a cookie, or undefined. */
export function readCookie(headers: Headers, name: string): string | undefined {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** With https the name carries a promise of the browser: set by this very host and over https. */
export const sessionCookieName = (isSecure: boolean): string => (isSecure ? '__Host-pipewright_session' : 'pipewright_session');
