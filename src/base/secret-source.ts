import { randomBytes } from 'node:crypto';

/** Where sessions, tokens and salts come from; tests pass one that can be foreseen. */
export interface SecretSource {
  /** That many bytes no one can guess, in base64url. */
  secret(bytes: number): string;
}

export const systemSecrets: SecretSource = { secret: (bytes) => randomBytes(bytes).toString('base64url') };
