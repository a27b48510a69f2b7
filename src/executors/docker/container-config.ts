/** A step as the Docker Engine API wants it: pure, from what is known of the step, its image and the machine. */
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ImageFacts } from '../../docker/images.ts';
import { expandVariables } from '../../launcher/expand-variables.ts';
import type { ResourceRequest } from '../executor.ts';
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
  /** The shell of the image does that instead. Default: false. */
  readonly isShellInit?: boolean;
}

/** What a container runs. */
export interface ContainerProgram {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Instead of the root folder, where the image names no other. */
  readonly workFolder?: string;
  readonly resources: ResourceRequest;
  readonly sharedMemoryBytes?: number;
  /** Indexes of the accelerators it has, by their type. */
  readonly devices?: Readonly<Record<string, readonly number[]>>;
  /** Started again whenever it ends, until it is stopped. */
  readonly restarts?: true;
}

/** The body of `POST /containers/create` for a step. `command` and `args` as they are rendered, shortened where they were too long. */
export function containerConfig(
  { launch, paths, staged }: DockerAttempt,
  words: { readonly command: readonly string[]; readonly args: readonly string[] },
  setting: ContainerSetting,
): unknown {
  const { image, platform, placement, resources } = launch;
  const { labels, sharedMemoryBytes } = platform;
  const program = {
    image,
    ...words,
    env: staged!.env,
    workFolder: paths.work,
    resources,
    ...(sharedMemoryBytes === undefined ? {} : { sharedMemoryBytes }),
    ...(placement?.devices === undefined ? {} : { devices: placement.devices }),
  };
  return programConfig(program, { ...setting, labels: { ...labels, ...setting.labels } });
}

export function programConfig(program: ContainerProgram, setting: ContainerSetting): unknown {
  const env: Readonly<Record<string, string>> = { ...setting.env, ...program.env };
  return {
    Image: program.image,
    ...entryPoint(expandedWords(program, env), {
      image: setting.image,
      canMerge: setting.hasShell && Object.keys(env).every(isShellName),
      script: setting.isShellInit ? AS_INIT : AS_PROGRAM,
    }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // A component whose code is in the image finds it in the image's own folder; otherwise the step has an empty one.
    ...(program.workFolder !== undefined && usesWorkFolder(setting.image.workingDir) ? { WorkingDir: program.workFolder } : {}),
    ...(setting.user === undefined ? {} : { User: setting.user }),
    Labels: setting.labels,
    HostConfig: hostConfig(program, setting),
  };
}

/**
 * As a pod's command and args: a command replaces the image's program and its arguments, args replace only its arguments. Where the
 * image has a shell, stderr is made the same stream as stdout before the program takes the shell's place: of two streams the daemon
 * does not keep the order.
 */
function entryPoint(
  { command, args }: { readonly command: readonly string[]; readonly args: readonly string[] },
  { image, canMerge, script }: { readonly image: ImageFacts; readonly canMerge: boolean; readonly script: string },
) {
  const words = [
    ...(command.length > 0 ? command : image.entrypoint),
    ...(args.length > 0 || command.length > 0 ? args : image.cmd),
  ];
  if (canMerge && words.length > 0) return { Entrypoint: [SHELL, '-c', script, ...words], Cmd: [] };
  if (command.length > 0) return { Entrypoint: command, Cmd: args };
  return args.length > 0 ? { Cmd: args } : {};
}

export const SHELL = '/bin/sh';

const AS_PROGRAM = 'exec "$0" "$@" 2>&1';
/** The first process of a container is kept from the signals it has no handler for, also from its own. */
const AS_INIT = [
  '"$0" "$@" 2>&1 & p=$!',
  // Some shells say of a program that a signal ended it.
  'exec 2>/dev/null',
  "trap 'kill -TERM $p' TERM",
  'wait $p; s=$?',
  // A signal ends the wait, not the program.
  'while kill -0 $p 2>/dev/null; do wait $p; s=$?; done',
  'exit $s',
].join('; ');

/** Some shells keep variables of other names from the programs they start. */
const isShellName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

export function usesWorkFolder(workingDir: string): boolean {
  return workingDir === '' || workingDir === '/';
}

function hostConfig(program: ContainerProgram, setting: ContainerSetting): unknown {
  const { info, mounts, useInit } = setting;
  return {
    ...(useInit ? { Init: true } : {}),
    ...(program.restarts ? { RestartPolicy: { Name: 'unless-stopped' } } : {}),
    ...networkConfig(setting),
    Mounts: mounts.map(mountConfig),
    ...logConfig(info),
    ...seLinuxConfig(info),
    ...resources(program, info),
  };
}

/** `container:NAME` shares another's network, and what it has been told of it. */
export function networkConfig({ network: asked, info }: Pick<ContainerSetting, 'network' | 'info'>) {
  const network = asked ?? (info.engine === 'docker' && !info.networks.includes('bridge') ? 'host' : undefined);
  return {
    ...(network === undefined ? {} : { NetworkMode: network }),
    // Services of this machine are reachable under this name, as with Docker Desktop.
    ...(info.engine === 'docker' && (network === undefined || network === 'bridge')
      ? { ExtraHosts: ['host.docker.internal:host-gateway'] }
      : {}),
  };
}

/** Where SELinux guards containers, our folders are shown to them without being labelled anew. */
export function seLinuxConfig({ engine }: Pick<DockerInfo, 'engine'>) {
  return engine === 'podman' ? { SecurityOpt: ['label=disable'] } : {};
}

function mountConfig({ source, volume, target, readOnly = false, sizeBytes }: ContainerMount) {
  if (volume !== undefined) return { Type: 'volume', Source: volume, Target: target };
  if (source !== undefined) return { Type: 'bind', Source: source, Target: target, ReadOnly: readOnly };
  const size = sizeBytes === undefined ? {} : { SizeBytes: sizeBytes };
  return { Type: 'tmpfs', Target: target, TmpfsOptions: { Mode: 0o1777, ...size } };
}

/** `local` keeps bytes as they were written; json-file would replace those that are no UTF-8. */
function logConfig({ logDrivers }: DockerInfo) {
  return logDrivers.includes('local') ? { LogConfig: { Type: 'local', Config: { 'max-size': KEEP_ALL_OUTPUT } } } : {};
}

/** Requests are weights, limits are limits. What is more than the machine has would be refused by the daemon. */
function resources({ resources: asked, sharedMemoryBytes, devices: assigned = {} }: ContainerProgram, info: DockerInfo) {
  const { cpuMillis, cpuLimitMillis, memoryBytes, memoryLimitBytes } = asked;
  const memory = memoryLimitBytes === undefined ? undefined : Math.max(memoryLimitBytes, MIN_MEMORY_BYTES);
  const reserved =
    memoryBytes === undefined ? undefined : Math.max(Math.min(memoryBytes, memory ?? memoryBytes), MIN_MEMORY_BYTES);
  const devices = Object.entries(assigned).filter(([type]) => /nvidia|gpu/i.test(type));
  return {
    ...(cpuMillis === undefined ? {} : { CpuShares: Math.max(MIN_SHARES, Math.round((cpuMillis * SHARES_PER_CPU) / 1000)) }),
    ...(cpuLimitMillis === undefined ? {} : { NanoCpus: Math.min(cpuLimitMillis, info.cpus * 1000) * 1_000_000 }),
    // Equal numbers mean no swap: a step that outgrows its memory ends instead of slowing the machine down.
    ...(memory === undefined ? {} : { Memory: memory, MemorySwap: memory }),
    ...(reserved === undefined ? {} : { MemoryReservation: reserved }),
    ...(sharedMemoryBytes === undefined ? {} : { ShmSize: sharedMemoryBytes }),
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
