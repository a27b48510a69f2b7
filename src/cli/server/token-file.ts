import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** A token that a login has kept. */
export interface StoredToken {
  readonly token: string;
  /** What it is revoked by; absent for a token that was made elsewhere. */
  readonly tokenId?: string;
}

/**
 * Where `pipewright login` keeps API tokens, by endpoint, readable by their owner alone: `credentials.json` in the user's
 * configuration folder (`PIPEWRIGHT_CONFIG`, else `$XDG_CONFIG_HOME/pipewright`).
 */
export function credentialsFile(env: NodeJS.ProcessEnv = process.env): string {
  const folder = env['PIPEWRIGHT_CONFIG'] || join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'pipewright');
  return join(folder, 'credentials.json');
}

export function storedToken(endpoint: string): StoredToken | undefined {
  const entry = readTokens(credentialsFile())[endpoint];
  if (!isJsonObject(entry) || typeof entry['token'] !== 'string') return undefined;
  const { token, tokenId } = entry;
  return { token, ...(typeof tokenId === 'string' ? { tokenId } : {}) };
}

/** Keeps a token, or forgets the one there is. Returns the file. */
export function storeToken(endpoint: string, token: StoredToken | undefined): string {
  const file = credentialsFile();
  const { [endpoint]: _earlier, ...others } = readTokens(file);
  const tokens = token === undefined ? others : { ...others, [endpoint]: { ...token } };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Made anew, so that the mode is right also if somebody else had made the file.
  rmSync(file, { force: true });
  if (Object.keys(tokens).length > 0) writeFileSync(file, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

/** A file that is missing or damaged holds no tokens: whoever needs one is told to log in. */
function readTokens(file: string): JsonObject {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as JsonValue;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
