import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingOf } from './container-stats.ts';
import { joinReading, type KnownUse, type UseReading } from './use-reading.ts';

const MIB = 2 ** 20;

/** Readings as `[usage, peak, files]` in MiB, in the order they are made. */
function peakOf(readings: readonly (readonly [usage: number, peak: number | undefined, files: number])[]): number {
  let known: KnownUse | undefined;
  for (const [usage, peak, files] of readings) {
    const now: UseReading = { cpuMs: 1, usageBytes: usage * MIB, reclaimableBytes: files * MIB };
    known = joinReading(known, peak === undefined ? now : { ...now, peakBytes: peak * MIB });
  }
  return known!.use.peakMemoryBytes / MIB;
}

const PEAKS: readonly (readonly [title: string, ...Parameters<typeof peakOf>, expected: number])[] = [
  ['a peak between readings is the one the kernel kept', [[10, 10, 0], [20, 300, 0]], 300], // prettier-ignore
  ['files that a step reads all the time are not counted', [[110, 110, 100], [1010, 1010, 1000], [5010, 5012, 5000]], 12], // prettier-ignore
  ['a peak that is over may have been before the files were read', [[110, 110, 100], [310, 400, 300]], 300], // prettier-ignore
  ['files that are gone again were there at neither', [[1000, 1000, 900], [90, 1100, 0]], 1100], // prettier-ignore
  ['where the kernel keeps no peak, it is that of the readings', [[50, undefined, 10], [80, undefined, 20], [30, undefined, 0]], 60], // prettier-ignore
  ['once the processes have ended, the peak is still known', [[200, 200, 50], [55, 260, 50]], 210], // prettier-ignore
];

for (const [title, readings, expected] of PEAKS) {
  test(`docker use: ${title}`, () => assert.equal(peakOf(readings), expected));
}

test('docker use: the processor time is the latest, and does not fall when a daemon answers late', () => {
  const reading = (cpuMs: number): UseReading => ({ cpuMs, usageBytes: 1, reclaimableBytes: 0 });
  const known = joinReading(joinReading(undefined, reading(20.4)), reading(10));
  assert.equal(known.use.cpuMs, 20);
});

test('docker use: a container that has just ended answers with zeros, which says nothing', () => {
  assert.equal(readingOf({ cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: { usage: 0 } }), undefined);
  assert.equal(readingOf(undefined), undefined);
  const stats = {
    cpu_stats: { cpu_usage: { total_usage: 3e6 } },
    memory_stats: { usage: 9, stats: { inactive_file: 4, active_file: 3, file_mapped: 1 } },
  };
  assert.deepEqual(readingOf(stats), { cpuMs: 3, usageBytes: 9, reclaimableBytes: 6 });
});
