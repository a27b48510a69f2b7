import { ProductError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { readYaml } from '../base/yaml.ts';
import { formOf } from '../ir/document-form.ts';
import { readPipelineDocument } from '../ir/read.ts';
import { unpackDocument } from '../ir/unpack.ts';
import { writeDocument } from '../ir/write.ts';
import { checkSpecName } from './name-limits.ts';

/** A pipeline as it was handed in, and as it is kept. */
export interface PipelineFile {
  readonly kind: 'pipeline' | 'argo';
  /** The document as one line of JSON: what the engine writes of it, or the Argo Workflow. */
  readonly spec: string;
  /** The text that was in the file. */
  readonly template: string;
}

/**
 * Reads an uploaded pipeline: YAML or JSON, plain or in an archive. An Argo Workflow is kept as it is. Throws INVALID_PIPELINE with
 * every problem found.
 */
export function readPipelineFile(content: Uint8Array, fileName: string): PipelineFile {
  const unpacked = unpackDocument(content, { fileName });
  if (unpacked.kind === 'problem') {
    throw new ProductError('INVALID_PIPELINE', `unknown template format: ${unpacked.problem.message}`, {
      problems: [unpacked.problem],
    });
  }
  const template = unpacked.text;
  const { document, problems, kind } = readPipelineDocument(template, { fileName });
  if (document) {
    checkSpecName(document);
    return { kind: 'pipeline', spec: writeDocument(document), template };
  }
  if (kind === 'argo') return { kind: 'argo', spec: JSON.stringify(argoWorkflow(template)), template };
  const what = kind === 'unknown' ? 'unknown template format' : `${fileName || 'the file'} is not a pipeline that can be run`;
  throw new ProductError('INVALID_PIPELINE', what, { problems });
}

function argoWorkflow(template: string): JsonObject {
  const yaml = readYaml(template);
  const values: readonly JsonValue[] = yaml.kind === 'documents' ? yaml.documents.map(({ value }) => value) : [];
  const workflow = values.find((value) => formOf(value) === 'argo');
  if (!isJsonObject(workflow) || workflow['kind'] !== 'Workflow') {
    throw new ProductError('INVALID_PIPELINE', 'unknown template format: of Argo, only a Workflow is a pipeline');
  }
  return workflow;
}

/** Parameters of an Argo Workflow with their defaults, as v1beta1 shows them. */
export function argoParameters(workflow: JsonObject): readonly { readonly name: string; readonly value: string }[] {
  const spec = isJsonObject(workflow['spec']) ? workflow['spec'] : {};
  const list = isJsonObject(spec['arguments']) ? spec['arguments']['parameters'] : undefined;
  if (!Array.isArray(list)) return [];
  return list
    .filter(isJsonObject)
    .map(({ name, value }) => ({ name: textOf(name), value: textOf(value) }))
    .filter(({ name }) => name !== '');
}

const textOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
