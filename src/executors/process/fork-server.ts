import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { JsonValue } from '../../base/json.ts';
import { parseRecord } from './journal-records.ts';
import type { JournalRecord } from './journal-records.ts';

/** How a fork-server is started: `command` gets the journal's file name and `extraArguments` appended. */
export interface ForkServerProgram {
  readonly command: readonly string[];
  readonly extraArguments?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface StepRequest {
  readonly argv: readonly string[];
  /** Added to the base environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** The step's work folder; made if it is not there. */
  readonly cwd: string;
  readonly timeoutMs?: number;
  readonly mounts?: JsonValue;
}

/** A step run inside a warm interpreter: `request` is handed to python_step.run. */
export interface PythonStepRequest extends Omit<StepRequest, 'argv'> {
  readonly request: JsonValue;
}

/**
 * One running fork-server (forkserver.py or its Node twin): requests of one tick are written at once, answers are handed to
 * `onRecord`. It has a session of its own and goes on without us; `onEnd` is called when it ends, expected or not.
 */
export class ForkServer {
  #journal: string;
  readonly #process: ChildProcess;
  readonly #onRecord: (record: JournalRecord) => void;
  #outgoing: string[] = [];
  #partial = '';
  #ended = false;
  #running = 0;

  constructor(
    program: ForkServerProgram,
    options: {
      readonly journal: string;
      /** File for what the fork-server itself complains about. */
      readonly errorLog: string;
      readonly onRecord: (record: JournalRecord) => void;
      readonly onEnd: (server: ForkServer) => void;
    },
  ) {
    this.#journal = options.journal;
    this.#onRecord = options.onRecord;
    const errorLog = openSync(options.errorLog, 'a', 0o600);
    const [file, ...before] = program.command;
    this.#process = spawn(file!, [...before, options.journal, ...(program.extraArguments ?? [])], {
      cwd: '/',
      detached: true,
      env: program.env,
      stdio: ['pipe', 'pipe', errorLog],
    });
    closeSync(errorLog);
    const end = () => {
      if (this.#ended) return;
      this.#ended = true;
      options.onEnd(this);
    };
    this.#process.on('error', end);
    // `close` comes after the last answer was read.
    this.#process.on('close', end);
    this.#process.stdin!.on('error', () => {});
    this.#process.stdout!.setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  /** The file it writes now. */
  get journal(): string {
    return this.#journal;
  }

  /** Steps it was asked to run and has not answered yet. */
  get running(): number {
    return this.#running;
  }

  get ended(): boolean {
    return this.#ended;
  }

  setBase(env: Readonly<Record<string, string>>, killGraceMs: number): void {
    this.#send(['base', env, killGraceMs]);
  }

  run(attemptId: string, request: StepRequest): void {
    this.#running++;
    this.#send(['run', attemptId, request]);
  }

  runPython(attemptId: string, request: PythonStepRequest): void {
    this.#running++;
    this.#send(['python', attemptId, request]);
  }

  kill(attemptId: string): void {
    this.#send(['kill', attemptId]);
  }

  /** Ends a step another fork-server started; answered by `gone` when nothing of it is left. */
  end(attemptId: string, process: { readonly pid: number; readonly startedBoot: number; readonly log: string }): void {
    this.#send(['end', attemptId, process.pid, process.startedBoot, process.log]);
  }

  /** Goes on in a new journal; the old one stays where it is. */
  rotate(journal: string): void {
    this.#journal = journal;
    this.#send(['rotate', journal]);
  }

  /** No more requests: it ends as soon as its last step has. Must not be followed by requests. */
  close(): void {
    this.#flush();
    this.#process.stdin!.end();
  }

  /** Lets our process exit while it goes on. */
  unref(): void {
    this.#process.unref();
    for (const stream of [this.#process.stdin, this.#process.stdout]) {
      if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
    }
  }

  #send(request: readonly unknown[]): void {
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush());
    this.#outgoing.push(`${JSON.stringify(request)}\n`);
  }

  #flush(): void {
    if (this.#outgoing.length > 0 && !this.#ended) this.#process.stdin!.write(this.#outgoing.join(''));
    this.#outgoing = [];
  }

  #read(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop()!;
    for (const line of lines) {
      const record = parseRecord(line);
      if (!record) continue;
      if (record.kind === 'exited' || record.kind === 'refused' || record.kind === 'claimed') this.#running--;
      this.#onRecord(record);
    }
  }
}
