import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK` of every Linux that Node runs on. */
const TICK_MS = 10;

/** Processor time of this process and of all it has started, those that have ended included, in milliseconds. Linux only. */
export function ownCpuMs(): number {
  const processes = new Map(readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [[Number(name), statOf(name)]] : [])));
  const isOwn = (pid: number): boolean => {
    if (pid === process.pid) return true;
    const parent = processes.get(pid)?.parent ?? 0;
    return parent > 1 && isOwn(parent);
  };
  let ticks = 0;
  for (const [pid, stat] of processes) if (stat && isOwn(pid)) ticks += stat.ticks;
  return ticks * TICK_MS;
}

/** Undefined if it has ended meanwhile. Fields: proc_pid_stat(5), counted from what follows the name in brackets. */
function statOf(pid: string): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number];
    return { parent: Number(fields[1]), ticks: user + system + childrenUser + childrenSystem };
  } catch {
    return undefined;
  }
}
