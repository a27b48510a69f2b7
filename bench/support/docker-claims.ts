/** Steps in containers against the Docker daemon itself: what the engine adds to creating, starting, waiting and removing. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { openDockerApi, type DockerApi } from '../../src/docker/docker-api.ts';
import { dockerAvailability } from '../../src/docker/docker-info.ts';
import { findDocker } from '../../src/docker/find-docker.ts';
import { inspectImage } from '../../src/docker/images.ts';
import type { TaskSpec } from '../../src/ir/spec.ts';
import { openPlatform } from '../../src/start.ts';
import { dag, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import type { Claim, Measured, Measuring } from './claims.ts';
import { median, paired, type Sample } from './paired.ts';

const IMAGE = 'alpine';
/** What saturates the daemon on a few cores; more at once is no faster. */
const AT_ONCE = 16;

export const DOCKER_CLAIMS: readonly Claim[] = [
  {
    name: 'chain of steps in containers against create, start, wait and remove through the API',
    target: '≤ 1.15 ×',
    measure: (context) =>
      whereDockerIs(async (api) => {
        const size = context.quick ? 8 : 20;
        const { ours, reference, ratio } = await paired(
          context.repetitions,
          () => containers(context, { size, atOnce: 1 }),
          () => bare(api, { size, atOnce: 1 }),
        );
        return {
          result: `${ratio.toFixed(2)} × (${perStep(ours, size)} ms a step, bare ${perStep(reference, size)} ms)`,
          met: ratio <= 1.15,
        };
      }),
  },
  {
    name: 'fan-out of steps in containers against the daemon’s own ceiling',
    target: '≥ 0.9 of its containers/s',
    measure: (context) =>
      whereDockerIs(async (api) => {
        const size = context.quick ? 20 : 100;
        const { ours, reference, ratio } = await paired(
          context.repetitions,
          () => containers(context, { size, atOnce: AT_ONCE }),
          () => bare(api, { size, atOnce: AT_ONCE }),
        );
        const rate = (samples: readonly Sample[]) => ((size / median(samples)) * 1000).toFixed(1);
        return {
          result: `${(1 / ratio).toFixed(2)} (${rate(ours)} containers/s, bare ${rate(reference)})`,
          met: 1 / ratio >= 0.9,
        };
      }),
  },
];

const perStep = (samples: readonly Sample[], size: number): string => (median(samples) / size).toFixed(0);

async function whereDockerIs(measure: (api: DockerApi) => Promise<Measured>): Promise<Measured> {
  const api = openDockerApi(findDocker(process.env));
  const docker = await dockerAvailability(api);
  const missing =
    docker.kind === 'missing' ? docker.reason : (await inspectImage(api, IMAGE)) ? undefined : `there is no image ${IMAGE}`;
  if (missing !== undefined) return { result: `not measured: ${missing}`, met: false };
  return measure(api);
}

/** Through the engine, until every step is recorded and every container removed. */
async function containers(
  { folder }: Measuring,
  { size, atOnce }: { readonly size: number; readonly atOnce: number },
): Promise<Sample> {
  const dataDir = await mkdtemp(join(folder, 'docker-'));
  const platform = await openPlatform({ dataDir, executor: 'docker', slots: atOnce });
  // The first step of an image has it looked into.
  const first = await platform.engine.submit({ document: steps(1, { isChain: true }) });
  await platform.engine.wait(first.runId);
  const started = performance.now();
  const { runId } = await platform.engine.submit({ document: steps(size, { isChain: atOnce === 1 }) });
  const { state } = await platform.engine.wait(runId);
  await platform.close();
  if (state !== 'SUCCEEDED') throw new Error(`the run of containers is ${state}`);
  return { ms: performance.now() - started };
}

function steps(size: number, { isChain }: { readonly isChain: boolean }) {
  const tasks: Record<string, TaskSpec> = {};
  for (let index = 0; index < size; index += 1) {
    tasks[`step-${index}`] = task('comp-true', {
      caching: { enabled: false },
      dependentTasks: isChain && index > 0 ? [`step-${index - 1}`] : [],
    });
  }
  const executor = { kind: 'container', container: { image: IMAGE, command: ['true'], args: [], env: [] } } as const;
  return pipelineDocument(dag(tasks), { 'comp-true': step('exec-true', {}) }, { 'exec-true': executor }, `bench-docker-${size}`);
}

/** The same containers without us; a thread of control for each that may run at once. */
async function bare(api: DockerApi, { size, atOnce }: { readonly size: number; readonly atOnce: number }): Promise<Sample> {
  const started = performance.now();
  let next = 0;
  const worker = async () => {
    while (next++ < size) {
      const { Id } = (await api.call('POST', '/containers/create', { body: { Image: IMAGE, Entrypoint: ['true'] } })) as {
        readonly Id: string;
      };
      const ended = await api.open('POST', `/containers/${Id}/wait`, { query: { condition: 'next-exit' } });
      await api.call('POST', `/containers/${Id}/start`);
      for await (const _chunk of ended);
      await api.call('DELETE', `/containers/${Id}`, { query: { v: true } });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { ms: performance.now() - started };
}
