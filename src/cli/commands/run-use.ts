import { encodeMessage } from '../../api/encode-message.ts';
import type { Message } from '../../api/message.ts';
import { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import { usedCpu, usedMemory } from '../../app/request-advice.ts';
import { requestText } from '../../engine/admission-words.ts';
import { EXIT, writeJson } from '../command-error.ts';
import { findId } from '../server/find-object.ts';
import { printLines } from '../server/print-objects.ts';
import { openSession, type ServerOptions } from '../server/session.ts';
import { renderTable } from '../server/table.ts';
import { styleFor } from '../style.ts';

const HEADER = ['STEP', 'ASKS', 'USED AT MOST', 'ATTEMPTS', 'SUGGESTED REQUEST'];

/** `run use RUN`: what the steps of its pipeline used in the latest runs, beside what they ask for and what they should. */
export async function showUse(run: string, options: ServerOptions): Promise<number> {
  const session = openSession(options);
  const runId = await findId(session, 'run', run);
  const use = await session.own.call('Use_GetOfRun', { params: { run_id: runId } });
  if (session.output === 'json') writeJson(encodeMessage(NATIVE_MESSAGES, 'PipelineUse', use));
  else if (!use.steps?.length) process.stderr.write('no step has been measured yet\n');
  else printLines(renderTable(HEADER, use.steps.map(cells), styleFor(process.stdout, process.env)));
  return EXIT.ok;
}

function cells(step: Message<typeof NATIVE_MESSAGES, 'StepUse'>): readonly string[] {
  const { asked, most_cpu_millis = 0, peak_memory_bytes = 0, attempts = 0 } = step;
  const request = { cpuMillis: asked?.cpu_millis ?? 0, memoryBytes: asked?.memory_bytes ?? 0 };
  return [
    step.path ?? '',
    asked === undefined ? 'by parameters' : requestText(request) || '-',
    `${usedCpu(most_cpu_millis)} CPU, ${usedMemory(peak_memory_bytes)}${step.too_little_bytes ? ' (too little)' : ''}`,
    `${attempts}${step.is_older ? ' (older version)' : ''}`,
    `cpu ${step.suggested_cpu}, memory ${step.suggested_memory}`,
  ];
}
