import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { RunEvent } from '../../src/model/events.ts';
import type { RunRow } from '../../src/model/run.ts';
import { artifact, attempt, batch, cached, run, SCOPE, task, tick } from './store-fixtures.ts';
import type { OpenStore } from './store.contract.ts';

const TEXTS = [
  '',
  ' ',
  "it's",
  '"quoted"',
  '\\back\\slash\\',
  "'; drop table runs; --",
  '%_?$1:name@p',
  'line\nbreak\r\n\ttab',
  'é ñ 語 😀 \u{1f469}\u200d\u{1f680} \u202e right to left',
  '\u0001\u001f\u007f\u2028\u2029\ufeff',
  'null',
  '123',
  'x'.repeat(100_000),
];
const NUMBERS = [0, -1, 0.1 + 0.2, 1e308, -1e308, 5e-324, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 60, 1e21];

const VALUES: JsonObject = {
  nothing: null,
  yes: true,
  numbers: NUMBERS,
  texts: TEXTS,
  empty: { list: [], object: {} },
  '': 'empty key',
  'a "key" with \\ and \u0000': ['\u0000', [[null]]],
};

export function roundTripContract(name: string, open: OpenStore): void {
  test(`${name}: a thousand rows with odd characters and numbers come back as they were.`, async () => {
    await using store = await open();
    const rows = Array.from({ length: 1_000 }, (_, index) => {
      const text = TEXTS[index % TEXTS.length]!.slice(0, 1_000);
      const values = { parameters: { index, number: NUMBERS[index % NUMBERS.length]!, text }, artifacts: {} };
      const error = { code: index, message: text, cause: 'step' as const, ...(index % 2 ? { hint: text } : {}) };
      const nullable = index % 3 === 0 ? {} : { stateReason: text, error, cacheKey: text, iteration: index, inputs: values };
      return task('r1', index, { key: text, displayName: text, path: `/${text}`, ...nullable });
    });
    await store.commit(batch({ tasks: rows }));
    assert.deepEqual(await store.listTasks('r1'), rows);
  });

  for (const text of TEXTS) {
    test(`${name}: ids, names and documents may be ${JSON.stringify(text.slice(0, 40))}.`, async () => {
      await using store = await open();
      const rows = { runs: [run(text, { displayName: text })], artifacts: [artifact(text, { uri: text, name: text })] };
      await store.commit(batch({ ...rows, cache: [cached(text, { taskId: text })], events: [tick(text, 0)] }));
      await store.saveDocument(text, text);
      assert.deepEqual(await store.getRun(text), rows.runs[0]);
      assert.deepEqual(await store.findArtifacts({ ...SCOPE, uri: text, name: text, limit: 1 }), rows.artifacts);
      assert.deepEqual((await store.lookupCache(SCOPE, [text])).get(text), cached(text, { taskId: text }).entry);
      assert.deepEqual(await store.loadEvents(text), [tick(text, 0)]);
      assert.equal(await store.loadDocument(text), text);
    });
  }

  test(`${name}: every JSON value survives wherever a row carries one.`, async () => {
    await using store = await open();
    const values = { parameters: VALUES, artifacts: { out: [{ id: 'a', name: 'n', uri: 'u', type: {}, metadata: VALUES }] } };
    const rows = {
      runs: [run('r1', { arguments: VALUES, outputs: values })],
      tasks: [task('r1', 1, { inputs: values, outputs: values })],
      artifacts: [artifact('a', { metadata: VALUES, type: { schemaTitle: 't', instanceSchema: 'title: x' } })],
      cache: [cached('k', { parameters: VALUES, artifacts: { out: [{ ...values.artifacts.out[0]!, written: true }] } })],
    };
    await store.commit(batch(rows));
    assert.deepEqual(await store.getRun('r1'), rows.runs[0]);
    assert.deepEqual(await store.listTasks('r1'), rows.tasks);
    assert.deepEqual(await store.getArtifact('a'), rows.artifacts[0]);
    assert.deepEqual((await store.lookupCache(SCOPE, ['k'])).get('k'), rows.cache[0]!.entry);
  });

  test(`${name}: optional fields of a run come back as absent when they were absent, and as given otherwise.`, async () => {
    await using store = await open();
    const bare = run('bare');
    const full: RunRow = {
      ...run('full'),
      settings: { useCache: false, finalStatusWords: 'documented', inputArtifacts: { data: { uri: '/d' } } },
      clonedFromRunId: 'bare',
      startedAtMs: 0,
      endedAtMs: 1_790_000_000_000,
      error: { code: 137, message: 'killed', hint: 'ask for more memory', cause: 'system' },
      outputs: { parameters: {}, artifacts: {} },
    };
    await store.commit(batch({ runs: [bare, full] }));
    assert.deepEqual(await store.getRun('bare'), bare);
    assert.deepEqual(await store.getRun('full'), full);
    assert.equal('error' in (await store.getRun('bare'))!, false);
  });

  test(`${name}: the measurements of an attempt come back as numbers, or null where nothing was measured.`, async () => {
    await using store = await open();
    const measured = attempt('r1', 1, { startedAtMs: 0, endedAtMs: 9, cpuMs: 0.25, peakMemoryBytes: 2 ** 40, state: 'FAILED' });
    await store.commit(batch({ attempts: [measured, attempt('r1', 2)] }));
    assert.deepEqual(await store.listAttempts('r1'), [measured, attempt('r1', 2)]);
  });

  test(`${name}: events of every kind come back as they were.`, async () => {
    await using store = await open();
    const artifacts = {
      model: [
        { id: 'a', uri: '/m', metadata: VALUES, sizeBytes: 0 },
        { id: 'b', uri: '/n', metadata: {} },
      ],
    };
    const outputs = { parameters: VALUES, artifacts: { model: [{ uri: '/m', metadata: VALUES }] } };
    const ended = { task: 1, attempt: 0, startedAtMs: 1, endedAtMs: 2 };
    const events: readonly RunEvent[] = [
      { kind: 'launched', task: 1, attempt: 0 },
      { kind: 'launched', task: 1, attempt: 0, cacheMiss: TEXTS[8]! },
      { kind: 'not-found', task: 1, message: TEXTS[2]! },
      { kind: 'finished', ...ended, outcome: { kind: 'succeeded', outputs, use: { cpuMs: 1.5, peakMemoryBytes: 1 } } },
      { kind: 'finished', ...ended, outcome: { kind: 'failed', error: { code: 1, message: TEXTS[5]!, cause: 'timeout' } } },
      { kind: 'finished', ...ended, outcome: { kind: 'canceled' } },
      { kind: 'cache-hit', task: 1, fromTaskId: 'r0.1', parameters: VALUES, artifacts },
      { kind: 'artifacts-found', task: 2, artifacts: { found: [{ uri: '/x', metadata: {} }] } },
      { kind: 'retry-due', task: 1, attempt: 1 },
      { kind: 'approved', task: 1, by: TEXTS[8]! },
      { kind: 'cancel-requested', reason: '' },
      { kind: 'deadline-passed' },
      { kind: 'resumed' },
      { kind: 'resumed', fromTask: 3 },
    ];
    const ticks = [
      tick('r1', 0, { events: events.map((event, index) => ({ atMs: index, event })) }),
      tick('r1', 1, { events: [] }),
    ];
    await store.commit(batch({ events: ticks }));
    assert.deepEqual(await store.loadEvents('r1'), ticks);
  });
}
