/**
 * The fork-server for machines without python3: same requests, answers and journal as forkserver.py (described there), but
 * slower, without warm interpreters and without measuring what a step uses. Started as `node node-forkserver.ts JOURNAL`.
 *
 * I1. Creating an attempt's log file is the claim to run it.
 * I2. Every start and end is in the journal before it is answered; on a full disk it comes later, in the same order.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { mountCommand } from './can-mount.ts';
import type { StepRequest } from './fork-server.ts';
import { bootId, isProcessAlive } from './host-process.ts';
import { findMembers, signalAll, STEP_MARK } from './process-tree.ts';
import type { Leader } from './process-tree.ts';

interface Step {
  readonly pid: number;
  readonly startedBoot: number;
  readonly startedMs: number;
  readonly cwd: string;
  readonly log: string;
  reason: '' | 'kill' | 'timeout';
}

const GONE_POLL_MS = 50;
const FULL_POLL_MS = 500;
/** So long a server whose engine is gone stays for a disk to have space again. */
const MAX_FULL_MS = 3_600_000;

const steps = new Map<string, Step>();
/** Steps other servers started, which this one was told to end. */
const foreign = new Map<string, Leader>();
let base: Readonly<Record<string, string>> = {};
let graceMs = 5000;
let inputOpen = true;

let journal: number | undefined;
/** Lines for the journal that there was no space for, and the bytes of the first that are in it. */
const unwritten: Buffer[] = [];
let written = 0;
let fullForMs = 0;
let fullTimer: NodeJS.Timeout | undefined;

function handle(line: string): void {
  const [kind, first, second, third, fourth] = JSON.parse(line) as [string, ...unknown[]];
  if (kind === 'run') launch(String(first), second as StepRequest);
  else if (kind === 'kill') end(String(first), 'kill');
  else if (kind === 'end') endForeign(String(first), { pid: Number(second), startedBoot: Number(third), log: String(fourth) });
  else if (kind === 'rotate') openJournal(String(first));
  else if (kind === 'base') [base, graceMs] = [first as Readonly<Record<string, string>>, Number(second)];
}

function launch(attemptId: string, request: StepRequest): void {
  let log: number;
  try {
    mkdirSync(dirname(request.log), { recursive: true });
    log = openSync(request.log, 'ax', 0o640);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return answer(['c', attemptId]);
    return refuse(attemptId, error, 'cannot create the log file: ');
  }
  try {
    mkdirSync(request.cwd, { recursive: true, mode: 0o700 });
  } catch (error) {
    closeSync(log);
    return refuse(attemptId, error, 'cannot enter the work folder: ');
  }
  try {
    start(attemptId, request, log);
  } catch (error) {
    refuse(attemptId, error);
  } finally {
    closeSync(log);
  }
}

function start(attemptId: string, request: StepRequest, log: number): void {
  const env: Record<string, string> = { ...base, ...request.env, [STEP_MARK]: request.log };
  const wrapper =
    request.mounts === undefined ? [] : [...(mountCommand(env['PATH'] ?? '') ?? []), JSON.stringify(request.mounts)];
  const [program, ...args] = [...wrapper, ...request.argv];
  const startedMs = systemClock.now();
  const child = spawn(program!, args, { cwd: request.cwd, env, detached: true, stdio: ['ignore', log, log] });
  child.once('error', (error) => {
    removeIfEmpty(request.cwd);
    if (child.pid === undefined) refuse(attemptId, error);
  });
  if (child.pid === undefined) return;
  const step: Step = { pid: child.pid, startedBoot: bootSeconds(), startedMs, cwd: request.cwd, log: request.log, reason: '' };
  steps.set(attemptId, step);
  noteStart(attemptId, step);
  const timer = request.timeoutMs === undefined ? undefined : setTimeout(() => end(attemptId, 'timeout'), request.timeoutMs);
  child.once('exit', (code, signal) => {
    clearTimeout(timer);
    ended(attemptId, step, { code: code ?? 0, signal: signal === null ? 0 : (SIGNAL_NUMBERS[signal] ?? 15) });
  });
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGXCPU: 24,
  SIGXFSZ: 25,
};

function ended(attemptId: string, step: Step, exit: { readonly code: number; readonly signal: number }): void {
  const members = step.reason === '' ? [] : (findMembers(new Map([[attemptId, step]])).get(attemptId) ?? []);
  // What the step left running in its group ends with it, as it would with its pod.
  signalAll(step.pid, members, 'SIGKILL');
  steps.delete(attemptId);
  const leftFiles = !removeIfEmpty(step.cwd);
  answer(note(['x', attemptId, exit.code, exit.signal, step.reason, step.startedMs, systemClock.now(), 0, 0, leftFiles]));
  closeIfDone();
}

function end(attemptId: string, reason: 'kill' | 'timeout'): void {
  const step = steps.get(attemptId);
  if (!step) return;
  step.reason ||= reason;
  terminate(attemptId, step, () => steps.has(attemptId));
}

function endForeign(attemptId: string, step: Leader & { readonly startedBoot: number }): void {
  const isThere = step.pid !== 0 && isProcessAlive(step.pid, step.startedBoot);
  const leader: Leader = { pid: isThere ? step.pid : 0, log: step.log };
  foreign.set(attemptId, leader);
  terminate(attemptId, leader, () => foreign.has(attemptId));
  awaitGone(attemptId, leader);
}

function awaitGone(attemptId: string, leader: Leader): void {
  if (findMembers(new Map([[attemptId, leader]])).get(attemptId)!.size > 0) {
    setTimeout(() => awaitGone(attemptId, leader), GONE_POLL_MS);
    return;
  }
  foreign.delete(attemptId);
  answer(['g', attemptId]);
  closeIfDone();
}

function terminate(attemptId: string, leader: Leader, isThere: () => boolean): void {
  const signal = (name: NodeJS.Signals) =>
    signalAll(leader.pid, findMembers(new Map([[attemptId, leader]])).get(attemptId)!, name);
  signal('SIGTERM');
  setTimeout(() => isThere() && signal('SIGKILL'), graceMs).unref();
}

function refuse(attemptId: string, error: unknown, doing = ''): void {
  const { code, message } = error as NodeJS.ErrnoException;
  answer(note(['f', attemptId, code ?? 'EINVAL', doing + message, systemClock.now()]));
  closeIfDone();
}

function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function bootSeconds(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  } catch {
    return 0;
  }
}

function openJournal(file: string): void {
  const old = journal;
  journal = openSync(file, 'a', 0o600);
  const waiting = unwritten.splice(0);
  written = 0;
  note(['h', process.pid, bootId(), startedBoot]);
  for (const [attemptId, step] of steps) noteStart(attemptId, step);
  unwritten.push(...waiting);
  if (old !== undefined) closeSync(old);
}

function noteStart(attemptId: string, { pid, startedBoot: started, startedMs }: Step): void {
  note(['s', attemptId, pid, started, startedMs]);
}

function note(record: readonly unknown[]): readonly unknown[] {
  unwritten.push(Buffer.from(`${JSON.stringify(record)}\n`));
  writeJournal();
  return record;
}

/**
 * A full disk must not take the running steps with it: a living engine gets the answers, and the journal its lines as soon as there
 * is space. A line may be written in parts.
 */
function writeJournal(): void {
  try {
    while (unwritten.length > 0) {
      written += writeSync(journal!, unwritten[0]!, written);
      if (written < unwritten[0]!.length) continue;
      unwritten.shift();
      written = 0;
    }
    fullForMs = 0;
  } catch (error) {
    if (fullForMs === 0) console.error('cannot write the journal:', error);
    fullForMs += FULL_POLL_MS;
    fullTimer ??= setTimeout(() => {
      fullTimer = undefined;
      writeJournal();
      closeIfDone();
    }, FULL_POLL_MS);
  }
}

function answer(record: readonly unknown[]): void {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}

function closeIfDone(): void {
  const isWaitingForSpace = unwritten.length > 0 && fullForMs < MAX_FULL_MS;
  if (!inputOpen && steps.size === 0 && foreign.size === 0 && !isWaitingForSpace) process.exit(0);
}

const startedBoot = bootSeconds();
openJournal(process.argv[2]!);
// The engine is gone: the journal has it all.
process.stdout.on('error', () => {});
let partial = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  const lines = (partial + text).split('\n');
  partial = lines.pop()!;
  for (const line of lines) handle(line);
});
process.stdin.on('end', () => {
  inputOpen = false;
  closeIfDone();
});
