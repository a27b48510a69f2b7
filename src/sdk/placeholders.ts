/**
 * What stands in the command line of a container component for values that are known when the step starts. They are texts
 * (`{{$.inputs.parameters['n']}}`), so they can be put into any text with a template literal.
 */
export type ValuePlaceholder = string;

/** An artifact that comes in or goes out. */
export interface ArtifactPlaceholder {
  /** Path of the file or folder on the step's machine. */
  readonly path: string;
  readonly uri: string;
  /** The metadata as JSON. */
  readonly metadata: string;
  readonly name: string;
  /** JSON of a list of artifacts, each with its name, uri, type and metadata: for inputs that are lists. */
  readonly json: string;
  /** One entry of the artifact's metadata. */
  metadataOf(key: string): string;
}

/** An output parameter: the step writes the value to the file at `path`. */
export interface OutputPlaceholder {
  readonly path: string;
}

export const valuePlaceholder = (name: string): ValuePlaceholder => `{{$.inputs.parameters['${name}']}}`;

export const outputPlaceholder = (name: string): OutputPlaceholder => ({
  path: `{{$.outputs.parameters['${name}'].output_file}}`,
});

export function artifactPlaceholder(direction: 'inputs' | 'outputs', name: string): ArtifactPlaceholder {
  const base = `$.${direction}.artifacts['${name}']`;
  return {
    path: `{{${base}.path}}`,
    uri: `{{${base}.uri}}`,
    metadata: `{{${base}.metadata}}`,
    name: `{{${base}.name}}`,
    json: `{{${base}}}`,
    metadataOf: (key) => `{{${base}.metadata['${key}']}}`,
  };
}

/** One element of a command line that is put together or left out when the step starts. */
export class Structure {
  readonly json: unknown;

  constructor(json: unknown) {
    this.json = json;
  }
}

export type CommandElement = string | number | Structure;

/** One element made of several parts; parts that are absent contribute nothing. */
export function concat(...parts: readonly CommandElement[]): Structure {
  return new Structure({ Concat: parts.map(elementJson) });
}

/** `then` when the input was given (or has a default), else `otherwise`, else nothing at all. */
export function ifPresent(
  input: ValuePlaceholder | ArtifactPlaceholder,
  then: CommandElement | readonly CommandElement[],
  otherwise?: CommandElement | readonly CommandElement[],
): Structure {
  const text = typeof input === 'string' ? input : input.json;
  const name = /^\{\{\$\.inputs\.(?:parameters|artifacts)\['(.*)'\]\}\}$/.exec(text)?.[1] ?? text;
  const branch = (side: CommandElement | readonly CommandElement[]) =>
    Array.isArray(side) ? side.map(elementJson) : elementJson(side as CommandElement);
  return new Structure({
    IfPresent: { InputName: name, Then: branch(then), ...(otherwise === undefined ? {} : { Else: branch(otherwise) }) },
  });
}

/** An element as the IR has it; KFP recognises structures by the spacing of Python's JSON. */
export function elementText(element: CommandElement): string {
  return element instanceof Structure ? pythonSpacedJson(element.json) : String(element);
}

function elementJson(element: CommandElement): unknown {
  return element instanceof Structure ? element.json : String(element);
}

function pythonSpacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonSpacedJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${pythonSpacedJson(item)}`)
    .join(', ')}}`;
}

/** Facts about the run, for arguments and command lines. */
export const run = {
  /** Display name of the run. */
  name: '{{$.pipeline_job_name}}',
  resourceName: '{{$.pipeline_job_resource_name}}',
  id: '{{$.pipeline_job_uuid}}',
  taskName: '{{$.pipeline_task_name}}',
  taskId: '{{$.pipeline_task_uuid}}',
  createdAt: '{{$.pipeline_job_create_time_utc}}',
  scheduledAt: '{{$.pipeline_job_schedule_time_utc}}',
  pipelineRoot: '{{$.pipeline_root}}',
  /** Folder that all steps of the run share; the pipeline needs `workspace`. */
  workspace: '{{$.workspace_path}}',
  /** Everything about the step's inputs and outputs, as JSON. */
  executorInput: '{{$}}',
  /** The file a step may write its outputs to. */
  executorOutputPath: '{{$.outputs.output_file}}',
} as const;
