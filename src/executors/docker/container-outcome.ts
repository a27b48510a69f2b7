import { DockerError, isUnreachable } from '../../docker/docker-api.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ResourceUse, TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import { SIGNAL_NAMES, whatItSaid } from '../step-errors.ts';
import type { DockerAttempt } from './docker-attempt.ts';

/** `State` of `GET /containers/{id}/json`. */
export interface ContainerState {
  readonly Status?: string;
  readonly Running: boolean;
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
  readonly Error?: string;
  readonly StartedAt: string;
  readonly FinishedAt: string;
}

type RunProgram = Pick<TaskLaunch, 'resources' | 'image' | 'command'>;

/** The error of a container that ended by itself without success; `logTail` is the end of what it printed. */
export function exitError(state: ContainerState, logTail: string, { resources, image, command }: RunProgram): TaskError {
  const said = whatItSaid(logTail);
  const code = state.ExitCode;
  if (state.OOMKilled) {
    const limit = resources.memoryLimitBytes;
    const bound = limit === undefined ? 'the memory there was' : `its memory limit of ${mebibytes(limit)} MiB`;
    const hint =
      limit === undefined
        ? 'give the step less to hold, or the machine more memory'
        : 'raise set_memory_limit, or give the step less to hold';
    const message = `out of memory: the step used more than ${bound} and was killed${said}`;
    return { code, cause: 'step', reason: 'OOMKilled', message, hint };
  }
  if (code === 126 || code === 127) {
    const program = command[0] ?? 'the program of the image';
    const what = code === 127 ? 'was not found in' : 'cannot be executed in';
    const hint = `exit status ${code} mostly means that a program ${what} the image "${image}" (${program})`;
    return { code, cause: 'step', message: `failed to execute component: exit status ${code}${said}`, hint };
  }
  const signal = code > 128 ? SIGNAL_NAMES[code - 128] : undefined;
  const killed = signal === undefined ? '' : ` (killed by ${signal})`;
  const hint =
    signal === 'SIGKILL'
      ? 'if nobody killed it, it used more than its memory limit, or the machine ran out of memory: see the kernel log (dmesg)'
      : undefined;
  return {
    code,
    cause: 'step',
    message: `failed to execute component: exit status ${code}${killed}${said}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Of the limit: the kernel ends a program before the last page is taken, and readings come now and then. */
const NEARLY_ALL = 0.9;

/** Podman does not always notice that the kernel ended a program for its memory: one that was killed with nearly all of its limit taken. */
export function withOutOfMemory(
  state: ContainerState,
  { use, launch, killedAtMs }: DockerAttempt,
  { engine }: DockerInfo,
): ContainerState {
  const { memoryLimitBytes: limit } = launch.resources;
  if (engine !== 'podman' || state.ExitCode !== SIGKILL_STATUS || limit === undefined || killedAtMs !== undefined) return state;
  return { ...state, OOMKilled: state.OOMKilled || (use?.peakMemoryBytes ?? 0) >= limit * NEARLY_ALL };
}

const SIGKILL_STATUS = 137;

/** What a container used, by its latest reading. One that outgrew its memory had all of its limit, whatever the reading said. */
export function useAtEnd(
  read: ResourceUse | undefined,
  { OOMKilled }: ContainerState,
  { resources: { memoryLimitBytes: limit } }: TaskLaunch,
): { readonly use?: ResourceUse } {
  if (!OOMKilled || limit === undefined) return read ? { use: read } : {};
  return { use: { cpuMs: read?.cpuMs ?? 0, peakMemoryBytes: Math.max(limit, read?.peakMemoryBytes ?? 0) } };
}

/** The error of a container the daemon did not start, or did not create; `error` is what it answered. */
export function startError(error: unknown, { image, command }: Pick<RunProgram, 'image' | 'command'>): TaskError {
  const message = (error as Error).message;
  const program = command[0] ?? '';
  if (/executable file not found|no such file or directory: unknown|stat .*: no such file or directory/i.test(message)) {
    return {
      code: 127,
      cause: 'input',
      message: `program "${program}" was not found in the image "${image}": ${shortened(message)}`,
      hint: 'give the component a program that is in its image, or an image that has it',
    };
  }
  if (/permission denied: unknown|exec format error/i.test(message)) {
    return {
      code: 126,
      cause: 'input',
      message: `program "${program}" cannot be executed in the image "${image}": ${shortened(message)}`,
      hint: /exec format/.test(message)
        ? 'the image is for another kind of processor'
        : 'make the file executable in the image (chmod +x)',
    };
  }
  if (/no command specified/i.test(message)) {
    return {
      code: 1,
      cause: 'input',
      message: `the step has no command, and the image "${image}" has no entry point`,
      hint: 'give the component a command',
    };
  }
  if (/argument list too long/i.test(message)) {
    return {
      code: 126,
      cause: 'input',
      message: `the arguments of "${program}" are too long: ${shortened(message)}`,
      hint: 'pass large values as artifacts (files) instead of parameters',
    };
  }
  if (/could not select device driver|nvidia/i.test(message)) {
    return {
      code: 1,
      cause: 'input',
      message: `the step asks for a GPU that this Docker daemon cannot hand to containers: ${shortened(message)}`,
      hint: 'install the NVIDIA Container Toolkit and restart Docker',
    };
  }
  if (/bind source path does not exist|mounts denied|not shared from the host|statfs .*no such file/i.test(message)) {
    return {
      code: 1,
      cause: 'input',
      message: `the Docker daemon does not see a folder of this machine: ${shortened(message)}`,
      hint:
        'the daemon has to be on this machine; Docker Desktop, Colima and Podman’s machine see the folders they are told to share ' +
        '(Settings → Resources → File sharing): choose a data folder among them (--data)',
    };
  }
  const isRequest = error instanceof DockerError && error.status === 400;
  return {
    code: 1,
    cause: isRequest ? 'input' : 'system',
    message: `the container could not be started: ${shortened(message)}`,
    ...startHint(message),
  };
}

function startHint(message: string): { readonly hint?: string } {
  if (/no space left/i.test(message)) return { hint: 'the disk of the Docker daemon is full: docker system prune' };
  if (/network \S+ not found/i.test(message))
    return { hint: 'make the network again (docker network create), or choose another (PIPEWRIGHT_DOCKER_NETWORK)' };
  return {};
}

/** The container is gone, and with it the knowledge how the step ended. */
export function lostError(): TaskError {
  return {
    code: 1,
    cause: 'system',
    message: 'the container of this step is gone, so how the step ended is unknown',
    hint: 'somebody removed it (docker rm, docker system prune), or Docker was set up anew; it is tried again',
  };
}

/** Neither the step nor we ended it. */
export function outsideError(state: ContainerState): TaskError {
  return {
    code: 1,
    cause: 'system',
    message: `the container was ended from outside (exit status ${state.ExitCode}): the Docker daemon was stopped, or somebody ran docker stop`,
    hint: 'it is tried again; "live-restore": true in /etc/docker/daemon.json lets containers go on while the daemon is away',
  };
}

/** What the daemon answered, or that it did not for `waitedMs`, while a container was started or watched. */
export function daemonError(error: DockerError, waitedMs: number): TaskError {
  if (isUnreachable(error)) return unreachableError(error, waitedMs);
  if (error.status === 404 || /marked for removal|removal of container .* in progress/i.test(error.message)) return lostError();
  const message = `the Docker daemon cannot say how this step goes on: ${error.message}`;
  return { code: 1, cause: 'system', message, hint: "the daemon's own log says more (journalctl --unit docker)" };
}

function unreachableError(error: DockerError, waitedMs: number): TaskError {
  return {
    code: 1,
    cause: 'system',
    message: `the Docker daemon has not answered for ${Math.round(waitedMs / 1000)} s: ${error.message}`,
    hint: 'start Docker again; the step is tried again',
  };
}

/** The daemon's messages repeat every layer that handed them on. */
function shortened(message: string): string {
  return message
    .replace(/^.*(?:runc create failed|OCI runtime (?:create|error)[^:]*): ?/, '')
    .replace(/: unknown$/, '')
    .trim();
}

const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
