/**
 * Reads a pipeline document of any form into one: YAML or JSON, a pipeline with its platform document, a job of Vertex AI or
 * TFX, a pair of Kubernetes manifests, an archive of one of these. Everything that is wrong is reported at once.
 */
import { type Problem, ProductError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { readYaml, type YamlDocument } from '../base/yaml.ts';
import { findProblems } from './check.ts';
import { decodePipelineJob, decodePipelineSpec, decodePlatformSpec, NO_PLATFORM } from './decode/pipeline-spec.ts';
import { formOf } from './document-form.ts';
import { type Path, ProblemList } from './problem-list.ts';
import type { PipelineDocument, PipelineSpec } from './spec.ts';
import { unpackDocument } from './unpack.ts';

export interface ReadResult {
  /** Present if the pipeline can be used: there are no errors, though there may be warnings. */
  readonly document?: PipelineDocument;
  readonly problems: readonly Problem[];
  /** What the document is. `argo` is an Argo Workflow manifest, which this reader leaves to another. */
  readonly kind: 'pipeline' | 'argo' | 'unknown';
}

/** `fileName` appears in messages only; what the content is, it says itself. */
export function readPipelineDocument(content: Uint8Array | string, options: { readonly fileName?: string } = {}): ReadResult {
  const unpacked = typeof content === 'string' ? { kind: 'text' as const, text: content } : unpackDocument(content, options);
  if (unpacked.kind === 'problem') return refuse(unpacked.problem);
  const yaml = readYaml(unpacked.text);
  if (yaml.kind === 'problem') return refuse(yaml.problem);
  const documents = yaml.documents.filter(({ value }) => value !== null);
  if (documents.some(({ value }) => formOf(value) === 'argo')) return refuseArgo();
  return readDocuments(documents);
}

/** Like readPipelineDocument, but throws INVALID_PIPELINE (or UNSUPPORTED for an Argo Workflow) with every problem found. */
export function readPipeline(content: Uint8Array | string, options: { readonly fileName?: string } = {}): PipelineDocument {
  const { document, problems, kind } = readPipelineDocument(content, options);
  if (document) return document;
  const subject = options.fileName ?? 'the document';
  if (kind === 'argo')
    throw new ProductError('UNSUPPORTED', `${subject} is an Argo Workflow, which is not read here`, { problems });
  throw new ProductError('INVALID_PIPELINE', `${subject} is not a pipeline that can be run`, { problems });
}

function refuse(problem: Problem): ReadResult {
  return { problems: [problem], kind: 'unknown' };
}

function refuseArgo(): ReadResult {
  const hint = 'Compile the pipeline with kfp 2.x, which writes the KFP format.';
  return { problems: [{ path: '', message: 'this is an Argo Workflow, which cannot be read yet', hint }], kind: 'argo' };
}

/** The pieces a document consists of, each with the place it was found at. */
interface Piece {
  readonly json: JsonValue;
  readonly path: Path;
  readonly problems: ProblemList;
}

interface Pieces {
  readonly pipelines: (Piece & {
    readonly defaultArguments?: JsonObject;
    readonly pipelineRoot?: string;
    readonly displayName?: string;
  })[];
  readonly platforms: Piece[];
}

function readDocuments(documents: readonly YamlDocument[]): ReadResult {
  const pieces: Pieces = { pipelines: [], platforms: [] };
  const lists: ProblemList[] = [];
  for (const { value, lineOf } of documents) {
    const problems = new ProblemList(lineOf);
    lists.push(problems);
    sortPiece({ json: value, path: [], problems }, pieces);
  }
  if (lists.length === 0) return refuse({ path: '', message: 'no pipeline spec is provided: the document is empty' });
  const document = decodePieces(pieces);
  const all = lists.flatMap(({ problems }) => problems);
  if (pieces.pipelines.length === 0) all.unshift(notAPipeline(documents));
  if (!document || all.some(({ severity }) => severity !== 'warning'))
    return { problems: all, kind: pieces.pipelines.length ? 'pipeline' : 'unknown' };
  return { document, problems: all, kind: 'pipeline' };
}

function notAPipeline(documents: readonly YamlDocument[]): Problem {
  const hasComponent = documents.some(({ value }) => formOf(value) === 'component');
  if (!hasComponent)
    return {
      path: '',
      message: 'no pipeline spec is provided',
      hint: 'A pipeline has at least pipelineInfo, root and schemaVersion.',
    };
  return {
    path: '',
    message: 'this is a component, not a pipeline',
    hint: 'Use the component in a pipeline and give the compiled pipeline.',
  };
}

/** Finds the pipeline and platform specs in one document, whichever form it has. */
function sortPiece(piece: Piece, pieces: Pieces): void {
  const { json, path, problems } = piece;
  const form = formOf(json);
  if (form === 'component' || form === 'argo') return;
  if (form === 'platform') {
    addPlatform(piece, pieces);
  } else if (form === 'pipeline') {
    addPipeline(piece, pieces);
  } else if (form === 'job') {
    const job = decodePipelineJob(json, problems);
    if (!job) return;
    addPipeline({ ...piece, ...job, json: job.pipelineSpec, path: [specKey(json)] }, pieces);
    if (job.platformSpec !== undefined) addPlatform({ json: job.platformSpec, path: ['platformSpec'], problems }, pieces);
  } else if (form === 'manifest') {
    sortManifest(piece, pieces);
  } else {
    problems.add(path, 'this is not a pipeline document', {
      hint: 'A pipeline has at least pipelineInfo, root and schemaVersion.',
    });
  }
}

function specKey(json: JsonValue): string {
  return isJsonObject(json) && Object.hasOwn(json, 'pipeline_spec') ? 'pipeline_spec' : 'pipelineSpec';
}

function addPipeline(piece: Pieces['pipelines'][number], pieces: Pieces): void {
  if (pieces.pipelines.length > 0) piece.problems.add(piece.path, 'there is more than one pipeline');
  else pieces.pipelines.push(piece);
}

function addPlatform(piece: Piece, pieces: Pieces): void {
  if (pieces.platforms.length > 0) piece.problems.add(piece.path, 'there is more than one platform document');
  else pieces.platforms.push(piece);
}

/** `kind: Pipeline` only names the pipeline; `kind: PipelineVersion` has the specs. */
function sortManifest({ json, problems }: Piece, pieces: Pieces): void {
  if (!isJsonObject(json) || json['kind'] !== 'PipelineVersion') return;
  const spec = json['spec'];
  if (!isJsonObject(spec) || !isJsonObject(spec['pipelineSpec'])) {
    problems.add(['spec', 'pipelineSpec'], 'the manifest has no pipeline spec');
    return;
  }
  addPipeline({ json: spec['pipelineSpec'], path: ['spec', 'pipelineSpec'], problems }, pieces);
  if (isJsonObject(spec['platformSpec']))
    addPlatform({ json: spec['platformSpec'], path: ['spec', 'platformSpec'], problems }, pieces);
}

function decodePieces({ pipelines: [pipeline], platforms: [platform] }: Pieces): PipelineDocument | undefined {
  if (!pipeline) return undefined;
  const { json, path, problems, defaultArguments = {}, pipelineRoot, displayName } = pipeline;
  const spec = decodePipelineSpec(json, path, problems);
  if (!spec) return undefined;
  const document: PipelineDocument = {
    spec: displayName && !spec.pipelineInfo.displayName ? withDisplayName(spec, displayName) : spec,
    platform: platform ? decodePlatformSpec(platform.json, platform.path, platform.problems) : NO_PLATFORM,
    defaultArguments,
    ...(pipelineRoot === undefined ? {} : { pipelineRoot }),
  };
  // What could not be decoded is missing from the spec; checking the rest would blame its users.
  if (!problems.hasErrors) {
    for (const found of findProblems(document)) {
      const list = found.where === 'platform' && platform ? platform : pipeline;
      list.problems.add([...list.path, ...found.path], found.message, found);
    }
  }
  return document;
}

function withDisplayName(spec: PipelineSpec, displayName: string): PipelineSpec {
  return { ...spec, pipelineInfo: { ...spec.pipelineInfo, displayName } };
}
