/** Wires up what the Docker executor is made of: part of its start. */
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { Clock } from '../../base/clock.ts';
import { openDockerApi, type DockerApi } from '../../docker/docker-api.ts';
import { readDockerInfo, type DockerInfo } from '../../docker/docker-info.ts';
import { findDocker } from '../../docker/find-docker.ts';
import { watchfulApi } from '../../docker/watchful-api.ts';
import type { TaskLaunch } from '../executor.ts';
import { openSecretStore } from '../local-secrets.ts';
import { ContainerPreparation, type PreparationOptions } from './container-preparation.ts';
import { ContainerRemoval } from './container-removal.ts';
import { ContainerRunner } from './container-runner.ts';
import { DaemonPatience } from './daemon-patience.ts';
import { DaemonWatch } from './daemon-watch.ts';
import { HandOver } from './hand-over.ts';
import { hostEnv } from './host-env.ts';
import { ImagePulls } from './image-pulls.ts';
import { InitContainerPreparation } from './init-container-preparation.ts';
import { InitContainers } from './init-containers.ts';
import { ModelCache } from './model-cache.ts';
import { ModelImages } from './model-images.ts';
import { PodSandbox } from './pod-sandbox.ts';
import { StepImages } from './step-images.ts';

export interface DockerExecutorOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  /** `unix:///path`, a path, or `tcp://host:port`. Default: see findDocker. */
  readonly address?: string;
  /** Steps running at once. Default: four for every core, since most steps wait for something most of the time. */
  readonly slots?: number;
  /** Between SIGTERM and SIGKILL. Default: 5,000. */
  readonly killGraceMs?: number;
  /** How long a daemon that does not answer is waited for. Default: 120,000. */
  readonly outageMs?: number;
  /** When a daemon that takes requests and does not answer counts as one that is away. Default: see watchfulApi. */
  readonly silence?: { readonly everyMs: number; readonly answerMs: number };
  /** How long a pull may go without progress. Default: 60,000; Podman says less while it pulls, and has 600,000. */
  readonly pullStallMs?: number;
  /** Of the containers: `bridge`, `host`, `none` or a network of the daemon's. Default: PIPEWRIGHT_DOCKER_NETWORK, else the daemon's own. */
  readonly network?: string;
  /** `uid:gid` of steps whose image would run as root. Default: ours, if we are not root and the daemon is. */
  readonly user?: string;
  /** The server's environment; steps get the part that host-env.ts names. Default: process.env. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface DockerConnection {
  readonly api: DockerApi;
  readonly info: DockerInfo;
  readonly daemon: DaemonWatch;
  readonly preparation: ContainerPreparation;
  readonly runner: ContainerRunner;
  readonly removal: ContainerRemoval;
  readonly handOver: HandOver;
  readonly models: ModelImages;
}

export interface ConnectionHost {
  readonly clock: Clock;
  /** On all our containers. */
  readonly labels: Readonly<Record<string, string>>;
  /** Ends what waits for the daemon when the executor is stopped. */
  readonly signal: AbortSignal;
  readonly note: (launch: TaskLaunch, message: string, severity?: 'info' | 'warning') => void;
}

const DEFAULT_KILL_GRACE_MS = 5000;
const DEFAULT_OUTAGE_MS = 120_000;
const DEFAULT_PULL_STALL_MS = { docker: 60_000, podman: 600_000 } as const;

/** Throws UNAVAILABLE if no daemon answers. */
export async function connectDocker(options: DockerExecutorOptions, host: ConnectionHost): Promise<DockerConnection> {
  const { environment = process.env, dataDir, artifacts, killGraceMs = DEFAULT_KILL_GRACE_MS } = options;
  const { clock, labels } = host;
  const api = watchfulApi(openDockerApi(options.address ?? findDocker(environment)), { clock, ...options.silence });
  const info = await readDockerInfo(api);
  const daemon = new DaemonWatch({ api, clock, limitMs: options.outageMs ?? DEFAULT_OUTAGE_MS });
  const patience = new DaemonPatience({ api, daemon, ...host });
  const pulls = new ImagePulls({ api, clock, stallMs: options.pullStallMs ?? DEFAULT_PULL_STALL_MS[info.engine] });
  const images = new StepImages({ api, pulls, secrets: openSecretStore(dataDir), environment, ...host });
  const models = new ModelImages({ cache: new ModelCache({ api, dataDir, ...host }), patience, labels });
  const network = options.network ?? environment['PIPEWRIGHT_DOCKER_NETWORK'];
  const setting: PreparationOptions = {
    info,
    patience,
    dataDir,
    artifacts,
    images,
    models,
    hostEnv: hostEnv(environment),
    ourUser: options.user ?? ourUser(info),
    labels,
    ...(network ? { network } : {}),
  };
  const preparation = new ContainerPreparation(setting);
  const initContainers = new InitContainers({
    api,
    info,
    patience,
    preparation: new InitContainerPreparation(setting, preparation),
    images,
    sandbox: new PodSandbox(setting),
    killGraceMs,
    ...host,
  });
  const runner = new ContainerRunner({ api, info, daemon, patience, preparation, initContainers, images, killGraceMs, ...host });
  const handOver = new HandOver({ api, ...setting, ...host });
  return { api, info, daemon, preparation, runner, models, handOver, removal: new ContainerRemoval(api, clock) };
}

/** Files that root writes in a container belong to this machine's root; we have to be able to read and remove them. */
function ourUser(info: DockerInfo): string | undefined {
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0 || info.rootless || process.platform !== 'linux') return undefined;
  return `${uid}:${process.getgid!()}`;
}
