import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceRequest } from '../executors/executor.ts';
import { requestAdvice } from './request-advice.ts';
import type { SuggestedRequest } from './suggested-requests.ts';

const MIB = 2 ** 20;
const USED: SuggestedRequest = {
  path: '/train',
  attempts: 9,
  isOlder: false,
  peakMemoryBytes: 200 * MIB,
  cpuMillis: 250,
  mostCpuMillis: 297,
  request: { cpu: '350m', memory: '256Mi' },
};
const KILLED: SuggestedRequest = { ...USED, tooLittleBytes: 300 * MIB, request: { cpu: '350m', memory: '464Mi' } };

const ROWS: readonly (readonly [title: string, ResourceRequest, SuggestedRequest, expected: readonly string[]])[] = [
  ['nothing asked for', {}, USED, []],
  ['what is right', { cpuMillis: 300, memoryBytes: 300 * MIB }, USED, []],
  ['far too many cores', { cpuMillis: 4000 }, USED, ['asks 4 CPU, used at most 0.3']],
  ['too few cores', { cpuMillis: 100 }, USED, ['asks 0.1 CPU, used 0.25']],
  ['far too much memory', { memoryBytes: 8192 * MIB }, USED, ['asks 8 GiB, used at most 200 MiB']],
  ['too little memory', { memoryBytes: 100 * MIB }, USED, ['asks 100 MiB, used 200 MiB']],
  ['a limit that was too little', { memoryBytes: 300 * MIB, memoryLimitBytes: 300 * MIB }, KILLED, ['needs more than 300 MiB']],
  ['a limit that was raised since', { memoryBytes: 464 * MIB, memoryLimitBytes: 512 * MIB }, KILLED, []],
];

for (const [title, asked, used, expected] of ROWS) {
  test(`advice about requests: ${title}`, () => assert.deepEqual(requestAdvice(asked, used), expected));
}
