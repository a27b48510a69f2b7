import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProductError } from '../base/errors.ts';

export type NamedValuesKind = 'secret' | 'configmap';

/**
 * The installation's secrets and config maps, which play the part of Kubernetes' for steps on this machine:
 * `<data>/secrets/<name>/<key>` and `<data>/configmaps/<name>/<key>`, readable for the owner only. Values are never logged.
 */
export interface SecretStore {
  /** Replaces it as a whole. Throws INVALID_ARGUMENTS for names and keys Kubernetes would not take either. */
  create(kind: NamedValuesKind, name: string, values: Readonly<Record<string, string>>): Promise<void>;
  list(kind: NamedValuesKind): Promise<readonly { readonly name: string; readonly keys: readonly string[] }[]>;
  /** False if there was none. */
  remove(kind: NamedValuesKind, name: string): Promise<boolean>;
  read(kind: NamedValuesKind, name: string): Promise<Readonly<Record<string, string>> | undefined>;
}

const FOLDER_OF: Readonly<Record<NamedValuesKind, string>> = { secret: 'secrets', configmap: 'configmaps' };
/** Kubernetes' limit for a secret. */
const MAX_BYTES = 2 ** 20;

export function openSecretStore(dataDir: string): SecretStore {
  const folderOf = (kind: NamedValuesKind) => join(dataDir, FOLDER_OF[kind]);
  return {
    async create(kind, name, values) {
      checkName(kind, name);
      checkValues(kind, name, values);
      const target = join(folderOf(kind), name);
      await mkdir(folderOf(kind), { recursive: true, mode: 0o700 });
      await chmod(folderOf(kind), 0o700);
      // Names of ours never begin with a dot, so the half-written one cannot be taken for one.
      const half = join(folderOf(kind), `.${name}.new`);
      await rm(half, { recursive: true, force: true });
      await mkdir(half, { mode: 0o700 });
      for (const [key, value] of Object.entries(values)) await writeFile(join(half, key), value, { mode: 0o600 });
      await rm(target, { recursive: true, force: true });
      await rename(half, target);
    },
    async list(kind) {
      const names = (await entries(folderOf(kind))).filter((name) => !name.startsWith('.'));
      return Promise.all(names.map(async (name) => ({ name, keys: await entries(join(folderOf(kind), name)) })));
    },
    async remove(kind, name) {
      checkName(kind, name);
      const there = (await entries(folderOf(kind))).includes(name);
      await rm(join(folderOf(kind), name), { recursive: true, force: true });
      return there;
    },
    async read(kind, name) {
      if (!isName(name) || !(await entries(folderOf(kind))).includes(name)) return undefined;
      const folder = join(folderOf(kind), name);
      const keys = await entries(folder);
      const values = await Promise.all(keys.map(async (key) => [key, await readFile(join(folder, key), 'utf8')] as const));
      return Object.fromEntries(values);
    },
  };
}

async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const isName = (name: string) => name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);

function checkName(kind: NamedValuesKind, name: string): void {
  if (isName(name)) return;
  throw new ProductError('INVALID_ARGUMENTS', `${JSON.stringify(name)} cannot be the name of a ${kind}`, {
    hint: 'lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit',
  });
}

function checkValues(kind: NamedValuesKind, name: string, values: Readonly<Record<string, string>>): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(values)) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || /^\.\.?$/.test(key)) {
      throw new ProductError('INVALID_ARGUMENTS', `${JSON.stringify(key)} cannot be a key of the ${kind} "${name}"`, {
        hint: 'letters, digits, "-", "_" and "."',
      });
    }
    bytes += Buffer.byteLength(value);
  }
  if (bytes > MAX_BYTES) {
    throw new ProductError('TOO_LARGE', `the ${kind} "${name}" would have ${bytes} bytes; the limit is ${MAX_BYTES}`);
  }
}
