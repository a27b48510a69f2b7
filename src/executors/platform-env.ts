/** What a pod's variables would hold on this machine: facts about the pod, and values of the local secret store. */
import { hostname, networkInterfaces } from 'node:os';
import { podFact } from '../launcher/kfp-env.ts';
import type { TaskError } from '../model/outcome.ts';
import type { TaskLaunch } from './executor.ts';
import type { NamedValuesKind, SecretStore } from './local-secrets.ts';

export type PlatformEnv =
  /** May hold secrets: it goes to the step, never to a file. */
  | { readonly kind: 'ready'; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly error: TaskError };

export async function platformEnv(launch: TaskLaunch, secrets: SecretStore): Promise<PlatformEnv> {
  const { platform } = launch;
  const env: Record<string, string> = {};
  for (const { name, fieldPath } of platform.fieldPathEnv) {
    const fact = podFact(launch, fieldPath, { name: launch.placement?.node ?? hostname(), address: hostAddress() });
    if (fact === undefined) {
      const message = `fieldPath "${fieldPath}" of variable ${name} is not known`;
      return { kind: 'failed', error: { ...inputError(message), hint: 'see the downward API of Kubernetes for field paths' } };
    }
    env[name] = fact;
  }
  for (const use of platform.secretEnv) {
    const kind = use.source === 'secret' ? 'secret' : 'configmap';
    const values = await secrets.read(kind, use.name);
    const value = values?.[use.key];
    if (value !== undefined) env[use.envVar] = value;
    else if (!use.optional)
      return { kind: 'failed', error: missingError(kind, use.name, { key: use.key, exists: values !== undefined }) };
  }
  return { kind: 'ready', env };
}

/** A secret or config map that is not there, or does not have the key. */
export function missingError(
  kind: NamedValuesKind,
  name: string,
  use?: { readonly key: string; readonly exists: boolean },
): TaskError {
  const what = use?.exists ? `${kind} "${name}" has no key "${use.key}"` : `${kind} "${name}" not found`;
  return inputError(
    `${what} in the local store; create it with: pipewright ${kind} create ${name} --from-literal ${use?.key ?? 'KEY'}=VALUE`,
  );
}

/** A mistake of the user's that was found before the step started. */
export function inputError(message: string): TaskError {
  return { code: 1, cause: 'input', message };
}

function hostAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of addresses ?? []) if (family === 'IPv4' && !internal) return address;
  }
  return '127.0.0.1';
}
