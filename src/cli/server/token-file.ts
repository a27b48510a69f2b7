import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isJsonObject, type JsonValue } from '../../base/json.ts';

/**
 * API tokens kept by `pipewright login`, by endpoint, in a file that only its owner can read: `credentials.json` in the user's
 * configuration folder (`PIPEWRIGHT_CONFIG`, else `$XDG_CONFIG_HOME/pipewright`).
 */
export function credentialsFile(env: NodeJS.ProcessEnv = process.env): string {
  const folder = env['PIPEWRIGHT_CONFIG'] || join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'pipewright');
  return join(folder, 'credentials.json');
}

export function storedToken(endpoint: string): string | undefined {
  const token = readTokens(credentialsFile())[endpoint];
  return typeof token === 'string' ? token : undefined;
}

/** Keeps a token, or forgets it. Returns the file. */
export function storeToken(endpoint: string, token: string | undefined): string {
  const file = credentialsFile();
  const { [endpoint]: _earlier, ...others } = readTokens(file);
  const tokens = token === undefined ? others : { ...others, [endpoint]: token };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (Object.keys(tokens).length === 0) rmSync(file, { force: true });
  else writeFileSync(file, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** A file that is missing or damaged holds no tokens: whoever needs one is told to log in. */
function readTokens(file: string): Readonly<Record<string, JsonValue>> {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as JsonValue;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
