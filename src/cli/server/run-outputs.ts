import { ProductError } from '../../base/errors.ts';
import type { Message } from '../../api/message.ts';
import type { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import type { Style } from '../style.ts';
import type { Session } from './session.ts';

/** Longer values are cut; the whole is in `--output json` of the API. */
const MAX_VALUE_LENGTH = 200;

/** The outputs of a run's pipeline, one line each; none when the pipeline has none. */
export async function outputLines({ own }: Session, runId: string, style: Style): Promise<string[]> {
  const view = await own.call('Run_Get', { params: { run_id: runId } }).catch((error: unknown) => {
    // Another Kubeflow Pipelines does not tell them.
    if (error instanceof ProductError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  return renderOutputs(view?.outputs ?? {}, style);
}

export function renderOutputs(outputs: Message<typeof NATIVE_MESSAGES, 'TaskInputOutputs'>, style: Style): string[] {
  const parameters = (outputs.parameters ?? []).map(({ parameter_key = '', value }) => [
    parameter_key,
    short(JSON.stringify(value)),
  ]);
  const artifacts = (outputs.artifacts ?? []).flatMap(({ artifact_key = '', artifacts: list = [] }) =>
    list.map(({ uri = '', type_name = 'artifact' }) => [artifact_key, `${uri} ${style.dim(`(${type_name})`)}`]),
  );
  return [...parameters, ...artifacts].map(([name, value]) => `  ${style.dim(name!.padEnd(12))} ${value}`);
}

const short = (text = ''): string => (text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH)}…`);
