import { cpuText, memoryText } from '../engine/admission-words.ts';
import type { ResourceRequest } from '../executors/executor.ts';
import { parseCpuMillis, parseMemoryBytes } from '../ir/values.ts';
import type { SuggestedRequest } from './suggested-requests.ts';

/** A request so many times what is suggested keeps others waiting for nothing. */
const FAR_TOO_MUCH = 2;

/** Where what a step asks for is far from what it used: "asks 4 CPU, used at most 0.3". Empty where it is right, or asks for nothing. */
export function requestAdvice(asked: ResourceRequest, used: SuggestedRequest): readonly string[] {
  const { cpuMillis: cpu, memoryBytes: memory, memoryLimitBytes: limit } = asked;
  const { tooLittleBytes: tooLittle = 0, peakMemoryBytes: peak } = used;
  const suggested = { cpu: parseCpuMillis(used.request.cpu)!, memory: parseMemoryBytes(used.request.memory)! };
  const advice: string[] = [];
  if (cpu !== undefined && cpu >= suggested.cpu * FAR_TOO_MUCH)
    advice.push(`asks ${cpuText(cpu)} CPU, used at most ${usedCpu(used.mostCpuMillis)}`);
  if (cpu !== undefined && cpu < used.cpuMillis) advice.push(`asks ${cpuText(cpu)} CPU, used ${usedCpu(used.cpuMillis)}`);
  if (memory !== undefined && memory >= suggested.memory * FAR_TOO_MUCH)
    advice.push(`asks ${memoryText(memory)}, used at most ${usedMemory(peak)}`);
  if (tooLittle > 0 && (limit === undefined || limit < suggested.memory)) advice.push(`needs more than ${usedMemory(tooLittle)}`);
  else if (memory !== undefined && memory < peak) advice.push(`asks ${memoryText(memory)}, used ${usedMemory(peak)}`);
  return advice;
}

/** Of a core, to the hundredth: "0.3". */
export const usedCpu = (millis: number): string => cpuText(Math.ceil(millis / 10) * 10);

/** Whole MiB, and GiB to the hundredth. */
export const usedMemory = (bytes: number): string => memoryText(bytes < 2 ** 30 ? Math.ceil(bytes / 2 ** 20) * 2 ** 20 : bytes);
