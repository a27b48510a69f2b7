import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { delimiter, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ForkServer } from './fork-server.ts';
import type { ForkServerProgram } from './fork-server.ts';
import type { JournalRecord } from './journal-records.ts';

export type ForkServerKind = 'python' | 'node';

const HERE = dirname(fileURLToPath(import.meta.url));
/** A fork-server that ends at once, again and again, is not started for ever … */
const MAX_RESTARTS = 20;
/** … and a python3 that is too old for it is left alone. */
const MAX_PYTHON_RESTARTS = 6;

export interface ServerPoolOptions {
  /** Folder of the journals. */
  readonly folder: string;
  /** Servers started first thing; each starts one process at a time. */
  readonly size: number;
  readonly kind: ForkServerKind;
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly killGraceMs: number;
  /** Makes journal names unique in the folder, also across restarts. */
  readonly journalPrefix: string;
  readonly onRecord: (record: JournalRecord) => void;
  /** One of ours ended though it was not told to; `journal` tells what it had started. */
  readonly onLost: (journal: string) => void;
}

/** The fork-servers of this engine: a few for programs, and one per Python environment that is in use. */
export class ServerPool {
  readonly #options: ServerPoolOptions;
  readonly #plain: ForkServer[] = [];
  readonly #warm = new Map<string, ForkServer>();
  #next = 0;
  #count = 0;
  #restarts = 0;
  #closing = false;

  constructor(options: ServerPoolOptions) {
    this.#options = options;
    for (let index = 0; index < options.size; index++)
      this.#plain.push(this.#start(forkServerProgram({ kind: options.kind, path: options.baseEnv['PATH']! })));
  }

  /** Journals of the servers that are alive and ours. */
  get journals(): ReadonlySet<string> {
    return new Set([...this.#plain, ...this.#warm.values()].map((server) => server.journal));
  }

  /** The server for the next program; undefined if none can be started any more. */
  next(): ForkServer | undefined {
    this.#next = (this.#next + 1) % Math.max(1, this.#plain.length);
    return this.#plain[this.#next];
  }

  /** The warm server of a Python environment, started on first use. */
  warm(key: string, program: ForkServerProgram): ForkServer {
    let server = this.#warm.get(key);
    if (!server) this.#warm.set(key, (server = this.#start(program)));
    return server;
  }

  /** False if it still runs steps: it has to be there to end them. */
  closeWarm(key: string): boolean {
    const server = this.#warm.get(key);
    if (server && server.running > 0) return false;
    this.#warm.delete(key);
    server?.close();
    server?.unref();
    return true;
  }

  /** Continues journals that have grown beyond `maxBytes` in new files. */
  rotate(maxBytes: number): void {
    for (const server of [...this.#plain, ...this.#warm.values()]) {
      if ((statSync(server.journal, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) server.rotate(this.#newJournal());
    }
  }

  close(): void {
    this.#closing = true;
    for (const server of [...this.#plain, ...this.#warm.values()]) {
      server.close();
      server.unref();
    }
  }

  #start(program: ForkServerProgram): ForkServer {
    const journal = this.#newJournal();
    const server = new ForkServer(program, {
      journal,
      errorLog: join(this.#options.folder, 'forkserver.log'),
      onRecord: this.#options.onRecord,
      onEnd: (ended) => this.#onEnd(ended),
    });
    server.setBase(this.#options.baseEnv, this.#options.killGraceMs);
    return server;
  }

  /** Made here, so that no two servers write the same one. */
  #newJournal(): string {
    for (;;) {
      const journal = join(this.#options.folder, `${this.#options.journalPrefix}-${this.#count++}.journal`);
      try {
        closeSync(openSync(journal, 'ax', 0o600));
        return journal;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  #onEnd(server: ForkServer): void {
    for (const [key, warm] of this.#warm) if (warm === server) this.#warm.delete(key);
    const position = this.#plain.indexOf(server);
    if (this.#closing) return;
    if (position >= 0) {
      const kind = this.#restarts >= MAX_PYTHON_RESTARTS ? 'node' : this.#options.kind;
      if (this.#restarts++ < MAX_RESTARTS)
        this.#plain[position] = this.#start(forkServerProgram({ kind, path: this.#options.baseEnv['PATH']! }));
      else this.#plain.splice(position, 1);
    }
    this.#options.onLost(server.journal);
  }
}

/** python3 on PATH is several times as fast and measures memory; Node is always there. `forced` is for tests. */
export function chooseForkServer(path: string, forced?: string): ForkServerKind {
  if (forced === 'node' || forced === 'python') return forced;
  return findPython(path) ? 'python' : 'node';
}

/** The system's interpreter is preferred: shims of version managers take long to start and may change under us. */
export function findPython(path: string): string | undefined {
  return ['/usr/bin', ...path.split(delimiter)].map((folder) => join(folder, 'python3')).find((file) => existsSync(file));
}

/** How a fork-server for programs is started; `path`: where python3 is looked for. */
export function forkServerProgram({ kind, path }: { readonly kind: ForkServerKind; readonly path: string }): ForkServerProgram {
  const env = { PATH: path, LANG: 'C.UTF-8' };
  if (kind === 'python') return { command: [findPython(path) ?? 'python3', '-S', '-E', forkServerScript()], env };
  return { command: [process.execPath, join(HERE, `node-forkserver${extname(fileURLToPath(import.meta.url))}`)], env };
}

export function forkServerScript(): string {
  return join(HERE, 'forkserver.py');
}
