import { readFileSync } from 'node:fs';

/** A start time that is recorded after a spawn may be this much later than the real one. */
const SAME_START_SECONDS = 2;
/** USER_HZ: fixed at 100 on every Linux architecture Node runs on. */
const TICKS_A_SECOND = 100;

/** Whether the process with this pid still is the one that started `startedBoot` seconds after boot (0: unknown). */
export function isProcessAlive(pid: number, startedBoot: number): boolean {
  const started = startOf(pid);
  if (started === 'gone') return false;
  if (started !== 'unknown') return startedBoot === 0 || Math.abs(started - startedBoot) < SAME_START_SECONDS;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Changes with every boot; "" where the system does not say. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** Seconds since boot; zombies count as gone. */
function startOf(pid: number): number | 'gone' | 'unknown' {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : Number(fields[19]) / TICKS_A_SECOND;
  } catch {
    return process.platform === 'linux' ? 'gone' : 'unknown';
  }
}
