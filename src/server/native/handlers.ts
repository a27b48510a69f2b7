import type { UploadHandler } from '../dialect.ts';
import { pipelineGraph } from '../../app/pipeline-graph.ts';
import { pipelineInputs } from '../../app/pipeline-inputs.ts';
import { unpackDocument } from '../../ir/unpack.ts';
import { readPipelineDocument } from '../../ir/read.ts';
import { artifactHandlers } from './artifact-handlers.ts';
import { catalogueHandlers } from './catalogue-handlers.ts';
import { graphMessage, inputsMessage, problemMessage } from './graph-messages.ts';
import type { NativeMessage } from './messages.ts';
import { type NativeHandlers, runHandlers, taskHandlers } from './run-handlers.ts';
import { useHandlers } from './use-handlers.ts';

export const nativeHandlers: NativeHandlers = {
  ...catalogueHandlers,
  ...runHandlers,
  ...taskHandlers,
  ...useHandlers,
  ...artifactHandlers,
};

export const nativeUploads: Readonly<Record<string, UploadHandler>> = {
  async Pipeline_Inspect({ file }): Promise<NativeMessage<'Inspection'>> {
    const unpacked = unpackDocument(file.content, { fileName: file.fileName });
    if (unpacked.kind === 'problem') return { kind: 'unknown', problems: [problemMessage(unpacked.problem)] };
    const { kind, document, problems } = readPipelineDocument(unpacked.text, { fileName: file.fileName });
    return {
      kind,
      problems: problems.map(problemMessage),
      ...(document ? { inputs: inputsMessage(pipelineInputs(document)), graph: graphMessage(pipelineGraph(document)) } : {}),
    };
  },
};
