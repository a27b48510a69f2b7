import { readdirSync, readFileSync } from 'node:fs';

interface ProcessFacts {
  readonly parent: number;
  readonly session: number;
}

/** The variable every step carries, with its log file as value: unique also when several installations run on one machine. */
export const STEP_MARK = 'PIPEWRIGHT_STEP';

/** A step's first process, and its log file. */
export interface Leader {
  readonly pid: number;
  readonly log: string;
}

/**
 * The processes that belong to each step (`leaders` by attempt id): its session, its descendants, and orphans that carry its mark. A pid of 0 stands for a first process that is not known. One pass over /proc; where there is none, nothing is found. The Node twin of process_tree.py.
 */
export function findMembers(leaders: ReadonlyMap<string, Leader>): Map<string, Set<number>> {
  const found = new Map([...leaders.keys()].map((attemptId) => [attemptId, new Set<number>()]));
  const owners = new Map([...leaders].flatMap(([attemptId, { pid }]) => (pid > 1 ? [[pid, attemptId] as const] : [])));
  const marks = new Map([...leaders].map(([attemptId, { log }]) => [log, attemptId]));
  const processes = readProcesses();
  for (const [pid, facts] of processes) {
    const owner = owners.get(pid) ?? owners.get(facts.session) ?? ownerOfAncestor(pid, processes, owners) ?? marked(pid, marks);
    if (owner !== undefined && pid !== process.pid) found.get(owner)?.add(pid);
  }
  return found;
}

export function signalAll(leader: number, members: Iterable<number>, signal: NodeJS.Signals): void {
  // -1 and 0 would reach every process there is, or our own group.
  if (leader > 1) signalOne(-leader, signal);
  for (const pid of members) if (pid > 1) signalOne(pid, signal);
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, or is not ours any more.
  }
}

function readProcesses(): Map<number, ProcessFacts> {
  const processes = new Map<number, ProcessFacts>();
  for (const name of process.platform === 'linux' ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat !== '' && fields[0] !== 'Z') processes.set(Number(name), { parent: Number(fields[1]), session: Number(fields[3]) });
  }
  return processes;
}

function ownerOfAncestor(
  pid: number,
  processes: ReadonlyMap<number, ProcessFacts>,
  owners: ReadonlyMap<number, string>,
): string | undefined {
  let ancestor = processes.get(pid)?.parent;
  for (let depth = 0; ancestor !== undefined && depth < 100; depth++) {
    const owner = owners.get(ancestor);
    if (owner !== undefined) return owner;
    ancestor = processes.get(ancestor)?.parent;
  }
  return undefined;
}

function marked(pid: number, marks: ReadonlyMap<string, string>): string | undefined {
  const variable = read(`/proc/${pid}/environ`)
    .split('\0')
    .find((entry) => entry.startsWith(`${STEP_MARK}=`));
  return variable === undefined ? undefined : marks.get(Buffer.from(variable.slice(STEP_MARK.length + 1), 'latin1').toString());
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
