import { resolve } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import { openSecretStore, type NamedValuesKind } from '../../executors/local-secrets.ts';

interface Target {
  readonly kind: NamedValuesKind;
  readonly dataDir: string;
}

/** `pipewright secret create NAME --from-literal KEY=VALUE …`, and the same for config maps. */
export async function createNamedValues(
  given: Target & { readonly name: string; readonly literals: readonly string[] },
): Promise<void> {
  const values = Object.fromEntries(
    given.literals.map((literal) => {
      const equals = literal.indexOf('=');
      return [literal.slice(0, equals), literal.slice(equals + 1)];
    }),
  );
  await openSecretStore(resolve(given.dataDir)).create(given.kind, given.name, values);
  process.stdout.write(`${given.kind} ${given.name}: ${Object.keys(values).length} keys\n`);
}

/** Names and keys, one line each; values stay where they are. */
export async function listNamedValues({ kind, dataDir }: Target): Promise<void> {
  const all = await openSecretStore(resolve(dataDir)).list(kind);
  const width = Math.max(0, ...all.map(({ name }) => name.length));
  for (const { name, keys } of all) process.stdout.write(`${name.padEnd(width)}  ${keys.join(', ')}\n`);
}

export async function deleteNamedValues({ kind, name, dataDir }: Target & { readonly name: string }): Promise<void> {
  if (await openSecretStore(resolve(dataDir)).remove(kind, name))
    return void process.stdout.write(`${kind} ${name} is deleted\n`);
  throw new ProductError('NOT_FOUND', `there is no ${kind} ${name}`, { hint: `See: pipewright ${kind} list` });
}
