import { ProductError } from '../base/errors.ts';
import type { DockerApi } from './docker-api.ts';

/** What the daemon is and has. */
export interface DockerInfo {
  readonly engine: 'docker' | 'podman';
  /** Of the daemon: `20.10.24`. */
  readonly version: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Containers' root is the user the daemon runs as, not the machine's root. */
  readonly rootless: boolean;
  /** Containers go on while the daemon is away (live-restore). */
  readonly keepsContainers: boolean;
  /** GPUs can be handed to containers. */
  readonly gpus: boolean;
  /** Where the daemon keeps images, containers and what they print; "" if it does not say. */
  readonly dataRoot: string;
  readonly logDrivers: readonly string[];
  readonly networks: readonly string[];
}

/** A daemon that listens and does not answer would keep a server from starting. */
const ANSWER_MS = 10_000;

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/permission denied/, 'let your user use Docker (sudo usermod -aG docker $USER, then log in again), or set DOCKER_HOST'],
  [
    /HTTPS server|wrong version number|certificate|tls|SSL/,
    'set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem; set neither for a daemon without TLS',
  ],
];
const OTHER_HINT =
  'start Docker or Podman, or name its socket with DOCKER_HOST=unix:///path; --executor process runs steps without containers';

/** Throws UNAVAILABLE with the next step if nobody answers. */
export async function readDockerInfo(api: DockerApi): Promise<DockerInfo> {
  try {
    return await ask(api);
  } catch (error) {
    const { message } = error as Error;
    const hint = HINTS.find(([matches]) => matches.test(message))?.[1] ?? OTHER_HINT;
    throw new ProductError('UNAVAILABLE', message, { hint, cause: error });
  }
}

async function ask(api: DockerApi): Promise<DockerInfo> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const [info, networks] = await Promise.all([
    api.call('GET', '/info', { signal }) as Promise<{
      readonly NCPU?: number;
      readonly MemTotal?: number;
      readonly ServerVersion?: string;
      readonly SecurityOptions?: readonly string[] | null;
      readonly Runtimes?: Readonly<Record<string, unknown>>;
      readonly Plugins?: { readonly Log?: readonly string[] | null };
      readonly BuildahVersion?: string;
      readonly LiveRestoreEnabled?: boolean;
      readonly DockerRootDir?: string;
      /** Since Docker 28.3: devices of the Container Device Interface. */
      readonly DiscoveredDevices?: readonly { readonly ID?: string }[] | null;
    }>,
    api.call('GET', '/networks', { signal }) as Promise<readonly { readonly Name: string }[]>,
  ]);
  const logDrivers = info.Plugins?.Log ?? [];
  const runtimes = Object.keys(info.Runtimes ?? {});
  return {
    engine: info.BuildahVersion !== undefined || logDrivers.includes('k8s-file') ? 'podman' : 'docker',
    version: info.ServerVersion ?? '',
    cpus: info.NCPU ?? 1,
    memoryBytes: info.MemTotal ?? 0,
    rootless: (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    keepsContainers: info.LiveRestoreEnabled === true,
    gpus:
      runtimes.some((name) => name.includes('nvidia')) ||
      (info.DiscoveredDevices ?? []).some(({ ID }) => ID?.includes('nvidia.com/gpu')),
    dataRoot: info.DockerRootDir ?? '',
    logDrivers,
    networks: networks.map(({ Name }) => Name),
  };
}

/** Whether containers can be run here, and if not why and what to do. */
export async function dockerAvailability(
  api: DockerApi,
): Promise<
  | { readonly kind: 'available'; readonly info: DockerInfo }
  | { readonly kind: 'missing'; readonly reason: string; readonly hint: string }
> {
  try {
    return { kind: 'available', info: await readDockerInfo(api) };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return { kind: 'missing', reason: error.message, hint: error.hint ?? '' };
  }
}
