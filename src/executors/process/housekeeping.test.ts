import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { ForkServer } from './fork-server.ts';
import { bootId } from './host-process.ts';
import { SWEEP_MS, sweep } from './housekeeping.ts';
import type { JournalRecord } from './journal-records.ts';
import { Journals } from './journals.ts';
import { forkServerProgram } from './server-pool.ts';

test('old journals of dead servers and old work folders go; what is young, running or another engine’s stays.', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-sweep-'));
  try {
    const old = (path: string, content?: string) => {
      const file = join(dataDir, path);
      mkdirSync(content === undefined ? file : join(file, '..'), { recursive: true });
      if (content !== undefined) writeFileSync(file, content);
      const seconds = (systemClock.now() - 2 * SWEEP_MS) / 1000;
      utimesSync(file, seconds, seconds);
    };
    const header = (pid: number) => `${JSON.stringify(['h', pid, bootId(), 0])}\n`;
    const DEAD = 2 ** 22 + 1;
    old('process/dead.journal', header(DEAD));
    old('process/empty.journal', '');
    old('process/own.journal', header(process.pid));
    old('process/continued.journal', header(process.pid));
    old('process/1-1.spare', '');
    writeFileSync(join(dataDir, 'process/young.journal'), header(DEAD));
    for (const name of ['run.1.0', 'run.1.0.aside', 'run.out', 'run.2.0.mounts', 'run.3.0']) old(`work/${name}`);
    mkdirSync(join(dataDir, 'work/run.4.0'));
    const there = (names: string, folder: string) =>
      names
        .split(' ')
        .filter((name) => existsSync(join(dataDir, folder, name)))
        .join(' ');
    const run = (own: string) =>
      sweep({
        dataDir,
        clock: systemClock,
        ownJournals: () => new Set([join(dataDir, own)]),
        isRunning: (attemptId) => attemptId === 'run.3.0',
      });
    run('process/young.journal');
    assert.equal(
      there('run.1.0 run.1.0.aside run.out run.2.0.mounts run.3.0', 'work'),
      'run.1.0 run.1.0.aside run.out run.2.0.mounts run.3.0',
    );
    run('process/own.journal');
    assert.equal(
      there('dead.journal empty.journal own.journal continued.journal young.journal', 'process'),
      'own.journal young.journal',
    );
    assert.equal(there('run.1.0 run.1.0.aside run.out run.2.0.mounts run.3.0 run.4.0', 'work'), 'run.3.0 run.4.0');
    assert.equal(there('1-1.spare', 'process'), '');
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

for (const kind of ['python', 'node'] as const) {
  test(`a journal is continued in another file, and both together tell what ran (${kind}).`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipewright-rotate-'));
    const records: JournalRecord[] = [];
    let wake = () => {};
    const ended = new Promise<void>((resolve) => {
      const server = new ForkServer(forkServerProgram({ kind, path: process.env['PATH']! }), {
        journal: join(folder, 'a.journal'),
        errorLog: join(folder, 'errors'),
        onRecord: (record) => {
          records.push(record);
          wake();
        },
        onEnd: () => resolve(),
      });
      const run = (id: string, script: string) =>
        server.run(id, {
          argv: ['/bin/sh', '-c', script],
          env: {},
          log: join(folder, `${id}.log`),
          cwd: join(folder, `${id}.work`),
        });
      run('long', `until [ -e ${folder}/go ]; do sleep 0.02; done`);
      run('short', 'true');
      wake = () => {
        wake = () => {};
        server.rotate(join(folder, 'b.journal'));
        run('late', `touch ${folder}/go`);
        server.close();
      };
    });
    await ended;
    assert.deepEqual(records.map((record) => (record.kind === 'exited' ? record.attemptId : record.kind)).sort(), [
      'late',
      'long',
      'short',
    ]);
    assert.match(readFileSync(join(folder, 'b.journal'), 'utf8'), /^\["h".*\n\["s","long",/);
    const journals = new Journals(folder);
    journals.load(new Set());
    for (const id of ['long', 'short', 'late']) assert.equal(journals.lookup(id)?.kind, 'ended');
    rmSync(folder, { recursive: true });
  });
}
