/**
 * One measurement in a process of its own, so that memory and time are its alone. Argument: a JSON object {workload, …}; answer:
 * one JSON object on standard output. Second argument: the folder for everything it makes.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import assert from 'node:assert/strict';
import type { PipelineDocument } from '../../src/ir/spec.ts';
import { openPlatform, type Platform } from '../../src/start.ts';
import { logFile } from '../../src/launcher/log-file.ts';
import { chain, fanOut } from './pipelines.ts';
import { ownCpuMs } from './own-cpu.ts';
import { mixedRequests, promisedMillis } from './mixed-requests.ts';
import { bigArtifact, pythonSteps } from './more-pipelines.ts';

export type Workload =
  | { readonly workload: 'fan-out' | 'chain' | 'cached-fan-out' | 'cached-chain'; readonly size: number; readonly noop: string }
  | { readonly workload: 'python'; readonly size: number }
  | { readonly workload: 'mixed'; readonly size: number; readonly burn: string }
  | { readonly workload: 'hand-off'; readonly bytes: number }
  | { readonly workload: 'idle' };

const request = JSON.parse(process.argv[2]!) as Workload;
// Left for the caller to remove when all is measured: ext4 is slow for minutes in folders where thousands of files were removed.
const dataDir = await mkdtemp(join(process.argv[3]!, 'data-'));
try {
  const bootStarted = performance.now();
  await using platform = await openPlatform({ dataDir });
  const bootMs = performance.now() - bootStarted;
  console.log(JSON.stringify({ bootMs, ...(await measure(platform, request)) }));
  await platform.close({ cancelRunning: true });
} finally {
  if (request.workload === 'hand-off') await rm(dataDir, { recursive: true, force: true });
}

async function measure(platform: Platform, wanted: Workload): Promise<Record<string, number>> {
  switch (wanted.workload) {
    case 'fan-out':
      return timed(platform, fanOut(wanted.size, wanted.noop), wanted.size + 1);
    case 'chain':
      return timed(platform, chain(wanted.size, wanted.noop), wanted.size);
    case 'cached-fan-out':
      return cached(platform, fanOut(wanted.size, wanted.noop, { cached: true }), wanted.size + 1);
    case 'cached-chain':
      return cached(platform, chain(wanted.size, wanted.noop, { cached: true }), wanted.size);
    case 'python': {
      await timed(platform, pythonSteps(3), 3);
      return timed(platform, pythonSteps(wanted.size), wanted.size);
    }
    case 'mixed':
      return mixed(platform, wanted.size, wanted.burn);
    case 'hand-off':
      return handOff(platform, wanted.bytes);
    case 'idle': {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      globalThis.gc?.();
      return { rssBytes: rss() };
    }
  }
}

/** From handing the pipeline in to its recorded end; checks that every step left its record and its log. */
async function timed(platform: Platform, document: PipelineDocument, steps: number): Promise<Record<string, number>> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, rss())), 50);
  const started = performance.now();
  const { runId } = await platform.engine.submit({ document });
  const run = await platform.engine.wait(runId);
  const ms = performance.now() - started;
  clearInterval(watch);
  assert.equal(run.state, 'SUCCEEDED', run.error?.message);
  const attempts = await platform.store.listAttempts(runId);
  assert.equal(attempts.length, steps, 'every step has its attempt recorded');
  for (const { task, attempt } of attempts.slice(0, 20)) await stat(logFile(platform.dataDir, `${runId}.${task}.${attempt}`));
  return { ms, peakRssBytes: Math.max(peak, rss()) };
}

async function cached(platform: Platform, document: PipelineDocument, steps: number): Promise<Record<string, number>> {
  await timed(platform, document, steps);
  const started = performance.now();
  const { runId } = await platform.engine.submit({ document });
  await platform.engine.wait(runId);
  const ms = performance.now() - started;
  const tasks = await platform.store.listTasks(runId);
  assert.equal(tasks.filter(({ state }) => state === 'CACHED').length, steps, 'every step came from the cache');
  return { ms };
}

/** How busy the cores are while steps of different sizes run, how much of it is steps, and what steps were promised. */
async function mixed(platform: Platform, size: number, burn: string): Promise<Record<string, number>> {
  const cores = availableParallelism();
  const before = { ...coreTimes(), ownMs: ownCpuMs() };
  const { runId } = await platform.engine.submit({ document: mixedRequests(size, burn, cores) });
  const run = await platform.engine.wait(runId);
  const after = { ...coreTimes(), ownMs: ownCpuMs() };
  assert.equal(run.state, 'SUCCEEDED', run.error?.message);
  const [attempts, tasks] = [await platform.store.listAttempts(runId), await platform.store.listTasks(runId)];
  assert.equal(attempts.length, size, 'every step has its attempt recorded');
  const keys = new Map(tasks.map(({ task, key }) => [task, key]));
  const ms =
    Math.max(...attempts.map(({ endedAtMs }) => endedAtMs!)) - Math.min(...attempts.map(({ startedAtMs }) => startedAtMs!));
  const usedMs = attempts.reduce((sum, { cpuMs }) => sum + (cpuMs ?? 0), 0);
  const promised = promisedMillis(attempts, cores, (task) => keys.get(task)!);
  const there = cores * 1000;
  const ownMs = after.ownMs - before.ownMs;
  // Other programs of the machine are no merit of ours, nor what they take a fault: it is about the time they left.
  const leftMs = ownMs + after.idleMs - before.idleMs;
  return {
    ms,
    busy: ownMs / leftMs,
    usedBySteps: usedMs / leftMs,
    promised: promised.most / there,
    held: promised.average / there,
  };
}

/** Of all cores since the machine was started. */
function coreTimes(): { readonly idleMs: number; readonly allMs: number } {
  const times = cpus().map(({ times: of }) => ({ idleMs: of.idle, allMs: of.user + of.nice + of.sys + of.irq + of.idle }));
  return times.reduce((sum, core) => ({ idleMs: sum.idleMs + core.idleMs, allMs: sum.allMs + core.allMs }));
}

async function handOff(platform: Platform, bytes: number): Promise<Record<string, number>> {
  const { runId } = await platform.engine.submit({ document: bigArtifact(bytes) });
  const run = await platform.engine.wait(runId);
  assert.equal(run.state, 'SUCCEEDED', run.error?.message);
  const attempts = await platform.store.listAttempts(runId);
  const [producer, consumer] = [...attempts].sort((a, b) => a.task - b.task);
  const ended = producer!.endedAtMs!;
  return { ms: consumer!.startedAtMs! - ended, diskBytes: await diskUse(platform.dataDir) };
}

/** Bytes allocated on disk below a folder: a file with two names counts once. */
async function diskUse(folder: string): Promise<number> {
  const seen = new Map<number, number>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, blocks } = await stat(join(entry.parentPath, entry.name));
    seen.set(ino, blocks * 512);
  }
  return [...seen.values()].reduce((sum, size) => sum + size, 0);
}

function rss(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
}
