/**
 * Everything a container needs before it can be created: its image, its files, its folders, what the daemon is told about it.
 * All of it can be done again.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { ArtifactStore } from '../../artifacts/artifact-store.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ImageFacts } from '../../docker/images.ts';
import { downloadInputs } from '../../launcher/remote-artifacts.ts';
import { spillArguments } from '../../launcher/spill-arguments.ts';
import { stageStep, type StagedStep } from '../../launcher/stage-step.ts';
import type { TaskError } from '../../model/outcome.ts';
import { openSecretStore } from '../local-secrets.ts';
import { nulCharacterError } from '../nul-character.ts';
import { platformEnv } from '../platform-env.ts';
import { containerConfig, SHELL } from './container-config.ts';
import { labelsOf } from './container-labels.ts';
import { prepareMounts } from './container-mounts.ts';
import { chooseUser, isForeign, isRoot } from './container-user.ts';
import type { DaemonPatience } from './daemon-patience.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import type { HostEnv } from './host-env.ts';
import type { ModelImages } from './model-images.ts';
import { forOldSdk, isOldSdk, mountsForOldSdk } from './old-sdk.ts';
import { stepImage, type FoundImage, type StepImages, type WantedImage } from './step-images.ts';
import type { Turn } from './turns.ts';

export interface PreparationOptions {
  readonly info: DockerInfo;
  readonly patience: DaemonPatience;
  readonly dataDir: string;
  readonly artifacts: ArtifactStore;
  readonly images: StepImages;
  readonly models: ModelImages;
  readonly hostEnv: HostEnv;
  /** `uid:gid` that steps run as instead of root; undefined where root does no harm. */
  readonly ourUser: string | undefined;
  readonly network?: string;
  /** On all our containers. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface Waiting {
  readonly turn: Turn;
  /** Ends the waits before the step is started: it is cancelled, or the executor is stopped. */
  readonly signal: AbortSignal;
}

export type Prepared =
  | { readonly kind: 'ready'; readonly body: unknown; readonly image: ImageFacts; readonly isKnownImage: boolean }
  | { readonly kind: 'failed'; readonly error: TaskError };

/** Of an image, when the connection breaks each time: a daemon that went away in between deserves another one. */
const MAX_PULL_TRIES = 3;

export class ContainerPreparation {
  readonly #options: PreparationOptions;

  constructor(options: PreparationOptions) {
    this.#options = options;
  }

  /** What a step is started with; the same whenever it is asked. */
  stage(attempt: DockerAttempt): StagedStep {
    const { artifacts } = this.#options;
    if (attempt.staged) return attempt.staged;
    const { launch, paths } = attempt;
    const staged = stageStep(launch, { paths, artifacts, baseEnv: {}, isRemoteMounted: true });
    return (attempt.staged = isOldSdk(launch) ? { ...staged, args: forOldSdk(staged.args) } : staged);
  }

  /** Waits for a daemon that is away, and for its turn after what takes long. */
  async findImage(attempt: DockerAttempt, wanted: WantedImage, { turn, signal }: Waiting): Promise<FoundImage> {
    const { images, patience } = this.#options;
    let tries = 0;
    const find = () => images.find(wanted, { turn, signal, isLastTry: ++tries === MAX_PULL_TRIES });
    return patience.insist(attempt, find, signal);
  }

  /** `useInit`: see ContainerSetting. */
  async prepare(attempt: DockerAttempt, waiting: Waiting, { useInit }: { readonly useInit: boolean }): Promise<Prepared> {
    const { images, patience, models, artifacts, dataDir, hostEnv, info, ourUser, network, labels } = this.#options;
    const { launch, paths } = attempt;
    const secrets = openSecretStore(dataDir);
    const staged = this.stage(attempt);
    const found = await this.findImage(attempt, stepImage(launch), waiting);
    if (found.kind === 'failed') return found;
    const variables = await platformEnv(launch, secrets);
    if (variables.kind === 'failed') return variables;
    const stepEnv = { ...staged.env, ...variables.env };
    const unfit = nulCharacterError({ argv: [...staged.command, ...staged.args], env: stepEnv });
    if (unfit) return { kind: 'failed', error: unfit };
    const chosen = chooseUser(launch, found.image, ourUser);
    if (chosen.kind === 'failed') return chosen;
    const isForeignUser = isForeign(chosen.user ?? found.image.user, ourUser);
    const { memoryVolumes, network: sharedNetwork = network } = attempt.pod?.sandbox ?? {};
    const shown = await models.find(attempt, (wanted) => this.findImage(attempt, wanted, waiting), waiting);
    if (shown.kind === 'failed') return shown;
    if (launch.attempt > 0 && paths.taskRoot.endsWith(`/${launch.taskUuid}`))
      await rm(paths.taskRoot, { recursive: true, force: true });
    const error = await downloadInputs(launch, { artifacts, remote: paths.remote });
    if (error) return { kind: 'failed', error };
    const mounts = await prepareMounts(attempt, {
      dataDir,
      artifacts,
      secrets,
      isForeignUser,
      ...(memoryVolumes ? { memoryVolumes } : {}),
    });
    if (mounts.kind === 'failed') return mounts;
    const words = await spill(staged, paths.aside);
    const env = { ...hostEnv.env, ...(chosen.user === undefined || isRoot(chosen.user) ? {} : { HOME: paths.home }) };
    const files = hostEnv.files.map((file) => ({ ...file, readOnly: true }));
    attempt.staged = { ...staged, env: stepEnv };
    const body = containerConfig(attempt, words, {
      info,
      image: found.image,
      env,
      mounts: [...(isOldSdk(launch) ? mountsForOldSdk(mounts.mounts) : mounts.mounts), ...shown.mounts, ...files],
      user: chosen.user,
      hasShell: await patience.insist(attempt, () => images.has(found.image, SHELL), waiting.signal),
      labels: { ...labels, ...labelsOf(launch), ...shown.labels },
      useInit,
      isShellInit: !useInit,
      ...(sharedNetwork === undefined ? {} : { network: sharedNetwork }),
    });
    return { kind: 'ready', body, image: found.image, isKnownImage: found.isRemembered };
  }
}

/** Arguments that are too long for the system are put into files the step sees. */
async function spill(staged: { readonly command: readonly string[]; readonly args: readonly string[] }, folder: string) {
  const argv = [...staged.command, ...staged.args];
  const spilled = spillArguments(argv, folder);
  if (spilled.argv === argv) return staged;
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(spilled.files)) await writeFile(file, content);
  return { command: spilled.argv, args: [] };
}
