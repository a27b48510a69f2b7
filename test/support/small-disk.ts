import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why a small disk cannot be had here; false if it can. */
export function noSmallDisk(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk';
  try {
    new SmallDisk(4)[Symbol.dispose]();
    return false;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A file system of its own in a file (ext4, `mebibytes` large), to be filled and emptied; gone at the end. */
export class SmallDisk implements Disposable {
  readonly #home = mkdtempSync(join(tmpdir(), 'pipewright-disk-'));
  /** Where it is mounted. */
  readonly folder = join(this.#home, 'disk');
  readonly #ballast = join(this.folder, 'ballast');

  constructor(mebibytes: number) {
    const image = join(this.#home, 'image');
    mkdirSync(this.folder);
    try {
      run('truncate', ['--size', `${mebibytes}M`, image]);
      run('mkfs.ext4', ['-q', '-m', '0', image]);
      run('mount', ['-o', 'loop', image, this.folder]);
    } catch (error) {
      rmSync(this.#home, { recursive: true, force: true });
      throw error;
    }
  }

  /** Takes all the space there is, to the last byte. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    // In ever smaller pieces: a large one that does not fit may be refused as a whole.
    for (const bytes of [2 ** 20, 4096, 512, 1]) while (fits(file, Buffer.alloc(bytes)));
    closeSync(file);
  }

  /** Gives back what `fill` took. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  [Symbol.dispose](): void {
    // Processes that were killed may still be on their way out.
    if (spawnSync('umount', [this.folder]).status !== 0) spawnSync('umount', ['--lazy', this.folder]);
    rmSync(this.#home, { recursive: true, force: true });
  }
}

function fits(file: number, bytes: Buffer): boolean {
  try {
    return writeSync(file, bytes) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`);
}
