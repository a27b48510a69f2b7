/** A step as the Docker Engine API wants it: pure, from what is known of the step, its image and the machine. */
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ImageFacts } from '../../docker/images.ts';
import { expandVariables } from '../../launcher/expand-variables.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import { inputError } from '../platform-env.ts';
import type { ContainerMount } from './container-mounts.ts';
import type { DockerAttempt } from './docker-attempt.ts';

/** The daemon refuses less memory than this (6 MiB). */
const MIN_MEMORY_BYTES = 6 * 2 ** 20;
/** A CPU's worth of weight, as Kubernetes counts it. */
const SHARES_PER_CPU = 1024;
const MIN_SHARES = 2;
/** The daemon keeps a container's output in files of its own; it must not throw any of it away before we have read it. */
const KEEP_ALL_OUTPUT = '1000g';

export interface ContainerSetting {
  readonly info: DockerInfo;
  readonly image: ImageFacts;
  /** Written to by the host's environment before the step's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly ContainerMount[];
  /** There is a SHELL in the image. */
  readonly hasShell: boolean;
  readonly user: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Default: the daemon's own network, or the host's where the daemon has none. */
  readonly network?: string;
  /** A process of the daemon's that hands on signals and picks up what is left of the step's children. */
  readonly useInit: boolean;
}

/** The body of `POST /containers/create`. `command` and `args` as they are rendered, shortened where they were too long. */
export function containerConfig(
  { launch, paths, staged }: DockerAttempt,
  words: { readonly command: readonly string[]; readonly args: readonly string[] },
  setting: ContainerSetting,
): unknown {
  const env: Readonly<Record<string, string>> = { ...setting.env, ...staged!.env };
  const { workingDir } = setting.image;
  return {
    Image: launch.image,
    ...program(expandedWords(words, env), {
      image: setting.image,
      canMerge: setting.hasShell && Object.keys(env).every(isShellName),
    }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // A component whose code is in the image finds it in the image's own folder; otherwise the step has an empty one.
    ...(usesWorkFolder(workingDir) ? { WorkingDir: paths.work } : {}),
    ...(setting.user === undefined ? {} : { User: setting.user }),
    Labels: { ...launch.platform.labels, ...setting.labels },
    HostConfig: hostConfig(launch, setting),
  };
}

/**
 * As a pod's command and args: a command replaces the image's program and its arguments, args replace only its arguments. Where the
 * image has a shell, stderr is made the same stream as stdout before the program takes the shell's place: of two streams the daemon
 * does not keep the order.
 */
function program(
  { command, args }: { readonly command: readonly string[]; readonly args: readonly string[] },
  { image, canMerge }: { readonly image: ImageFacts; readonly canMerge: boolean },
) {
  const words = [
    ...(command.length > 0 ? command : image.entrypoint),
    ...(args.length > 0 || command.length > 0 ? args : image.cmd),
  ];
  if (canMerge && words.length > 0) return { Entrypoint: [SHELL, '-c', 'exec "$0" "$@" 2>&1', ...words], Cmd: [] };
  if (command.length > 0) return { Entrypoint: command, Cmd: args };
  return args.length > 0 ? { Cmd: args } : {};
}

export const SHELL = '/bin/sh';

/** Some shells keep variables of other names from the programs they start. */
const isShellName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

export function usesWorkFolder(workingDir: string): boolean {
  return workingDir === '' || workingDir === '/';
}

function hostConfig(launch: TaskLaunch, setting: ContainerSetting): unknown {
  const { info, mounts, useInit } = setting;
  const network = setting.network ?? (info.engine === 'docker' && !info.networks.includes('bridge') ? 'host' : undefined);
  return {
    ...(useInit ? { Init: true } : {}),
    ...(network === undefined ? {} : { NetworkMode: network }),
    // Services of this machine are reachable under this name, as with Docker Desktop.
    ...(info.engine === 'docker' && (network === undefined || network === 'bridge')
      ? { ExtraHosts: ['host.docker.internal:host-gateway'] }
      : {}),
    Mounts: mounts.map(({ source, target, readOnly = false, sizeBytes }) =>
      source === undefined
        ? {
            Type: 'tmpfs',
            Target: target,
            TmpfsOptions: { Mode: 0o1777, ...(sizeBytes === undefined ? {} : { SizeBytes: sizeBytes }) },
          }
        : { Type: 'bind', Source: source, Target: target, ReadOnly: readOnly },
    ),
    ...logConfig(info),
    // Where SELinux guards containers, our folders are shown to them without being labelled anew.
    ...(info.engine === 'podman' ? { SecurityOpt: ['label=disable'] } : {}),
    ...resources(launch, info),
  };
}

/** `local` keeps bytes as they were written; json-file would replace those that are no UTF-8. */
function logConfig({ logDrivers }: DockerInfo) {
  return logDrivers.includes('local') ? { LogConfig: { Type: 'local', Config: { 'max-size': KEEP_ALL_OUTPUT } } } : {};
}

/** Requests are weights, limits are limits. What is more than the machine has would be refused by the daemon. */
function resources({ resources: asked, platform, placement }: TaskLaunch, info: DockerInfo) {
  const { cpuMillis, cpuLimitMillis, memoryBytes, memoryLimitBytes } = asked;
  const memory = memoryLimitBytes === undefined ? undefined : Math.max(memoryLimitBytes, MIN_MEMORY_BYTES);
  const reserved =
    memoryBytes === undefined ? undefined : Math.max(Math.min(memoryBytes, memory ?? memoryBytes), MIN_MEMORY_BYTES);
  const devices = Object.entries(placement?.devices ?? {}).filter(([type]) => /nvidia|gpu/i.test(type));
  return {
    ...(cpuMillis === undefined ? {} : { CpuShares: Math.max(MIN_SHARES, Math.round((cpuMillis * SHARES_PER_CPU) / 1000)) }),
    ...(cpuLimitMillis === undefined ? {} : { NanoCpus: Math.min(cpuLimitMillis, info.cpus * 1000) * 1_000_000 }),
    // Equal numbers mean no swap: a step that outgrows its memory ends instead of slowing the machine down.
    ...(memory === undefined ? {} : { Memory: memory, MemorySwap: memory }),
    ...(reserved === undefined ? {} : { MemoryReservation: reserved }),
    ...(platform.sharedMemoryBytes === undefined ? {} : { ShmSize: platform.sharedMemoryBytes }),
    ...(devices.length === 0
      ? {}
      : {
          DeviceRequests: devices.map(([, indexes]) => ({
            Driver: 'nvidia',
            DeviceIDs: indexes.map(String),
            Capabilities: [['gpu']],
          })),
        }),
  };
}

/**
 * Kubernetes' `$(NAME)` in a command: only for variables of the step. `$$` is left alone unless it hides such a name, because
 * shells have a meaning for it.
 */
function expandedWords(
  { command, args }: { readonly command: readonly string[]; readonly args: readonly string[] },
  env: Readonly<Record<string, string>>,
) {
  const valueOf = (name: string) => env[name];
  const expand = (word: string) =>
    word.replace(/\$?\$\(([^()]*)\)/g, (whole, name: string) =>
      Object.hasOwn(env, name) ? expandVariables(whole, valueOf) : whole,
    );
  return { command: command.map(expand), args: args.map(expand) };
}

/** Root, by any of its names. */
export function isRoot(user: string): boolean {
  return ['', 'root', '0'].includes(user.split(':')[0]!);
}

export type ChosenUser =
  | { readonly kind: 'user'; readonly user: string | undefined }
  | { readonly kind: 'failed'; readonly error: TaskError };

/**
 * Who a step runs as: whom its security context names, else whom the image names. `ours`: our own user, instead of root, so that
 * we can read and remove what steps write; undefined where root in a container does no harm (we are root, or it is not root).
 */
export function chooseUser({ platform, image: name }: TaskLaunch, image: ImageFacts, ours: string | undefined): ChosenUser {
  const { runAsUser, runAsGroup, runAsNonRoot } = platform.securityContext ?? {};
  const imageUser = image.user.split(':')[0] || '0';
  const asked =
    runAsUser === undefined && runAsGroup === undefined
      ? undefined
      : `${runAsUser ?? imageUser}${runAsGroup === undefined ? '' : `:${runAsGroup}`}`;
  const user = asked ?? (isRoot(image.user) ? ours : undefined);
  if (!runAsNonRoot || !isRoot(user ?? image.user)) return { kind: 'user', user };
  const error = inputError(`the step must not run as root (runAsNonRoot), and the image "${name}" does`);
  return { kind: 'failed', error: { ...error, hint: 'give runAsUser as well, or an image with a USER of its own' } };
}
