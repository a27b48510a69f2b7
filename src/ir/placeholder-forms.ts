/** The forms a placeholder can have, and what each stands for (KFP: sdk dsl/placeholders.py, backend driver and launcher). */
import { isJsonObject, type JsonValue } from '../base/json.ts';
import { executorInput, runtimeArtifact, type StepArtifact } from './executor-input.ts';
import type { PlaceholderContext, PlaceholderFacts } from './placeholders.ts';
import { valueToText } from './values.ts';

const STEP = /\.([A-Za-z_]\w*)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]/y;

/**
 * What stands behind `{{$<expression>}}`, or undefined if there is no such form (or it is about outputs that are not known yet).
 * A last step `.json_escape[n]` escapes the result n times for use inside JSON strings.
 */
export function findPlaceholder(expression: string, context: PlaceholderContext): string | undefined {
  const steps = splitSteps(expression);
  if (!steps) return undefined;
  const levels = steps.at(-2) === 'json_escape' ? Number(steps.at(-1)) : Number.NaN;
  if (Number.isNaN(levels)) return findSteps(steps, context);
  const text = findSteps(steps.slice(0, -2), context);
  return text === undefined ? undefined : jsonEscape(text, Math.min(levels, MAX_ESCAPES));
}

/** Each level may double the text's backslashes; nobody nests JSON deeper. */
const MAX_ESCAPES = 8;

/** `.inputs.parameters['x']` → inputs, parameters, x. */
function splitSteps(expression: string): string[] | undefined {
  const text = expression.trim();
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return undefined;
    steps.push(match[1] ?? match[2] ?? match[3] ?? match[4]!);
  }
  return steps;
}

function jsonEscape(text: string, levels: number): string {
  let escaped = text;
  for (let level = 0; level < levels; level += 1) escaped = JSON.stringify(escaped).slice(1, -1);
  return escaped;
}

function findSteps(steps: readonly string[], context: PlaceholderContext): string | undefined {
  const { inputs, outputs } = context;
  const [head, group, name, ...rest] = steps;
  if (head === undefined) return outputs && JSON.stringify(executorInput(inputs, outputs));
  if (steps.length === 1) {
    return head === 'outputMetadataUri' ? outputs?.outputFile : (runFact(head, context.run) ?? undefined);
  }
  if (head === 'inputs' && name !== undefined) {
    if (group === 'parameters') return rest.length === 0 ? inputParameter(inputs.parameters, name) : undefined;
    if (group === 'artifacts') return artifactText(own(inputs.artifacts, name) ?? [], rest, context);
  }
  if (head === 'outputs' && outputs) {
    if (group === 'output_file' && steps.length === 2) return outputs.outputFile;
    if (name === undefined) return undefined;
    if (group === 'parameters') return rest.length === 1 && rest[0] === 'output_file' ? own(outputs.parameters, name) : undefined;
    const planned = group === 'artifacts' ? own(outputs.artifacts, name) : undefined;
    return planned && artifactText([planned], rest, context);
  }
  return undefined;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function inputParameter(parameters: Readonly<Record<string, JsonValue>>, name: string): string {
  return valueToText(own(parameters, name) ?? null);
}

/** An artifact as a whole is a JSON list, which is how a container reads a list of artifacts; `.uri` and the like take the first. */
function artifactText(list: readonly StepArtifact[], steps: readonly string[], context: PlaceholderContext): string | undefined {
  if (steps.length === 0) return list.length === 0 ? '' : JSON.stringify(list.map(runtimeArtifact));
  const [member, ...keys] = steps;
  const artifact = list[0];
  switch (member) {
    case 'uri':
      return keys.length === 0 ? (artifact?.uri ?? '') : undefined;
    case 'path':
      return keys.length === 0 ? pathText(artifact, context) : undefined;
    case 'name':
      return keys.length === 0 ? (artifact?.name ?? '') : undefined;
    case 'metadata':
    case 'properties':
    case 'custom_properties':
      return valueToText(walk(artifact?.metadata ?? null, keys));
    default:
      return undefined;
  }
}

function pathText(artifact: StepArtifact | undefined, context: PlaceholderContext): string {
  return artifact ? context.pathOf(artifact.uri, artifact) : '';
}

function walk(value: JsonValue, keys: readonly string[]): JsonValue {
  let found: JsonValue = value;
  for (const key of keys) {
    if (Array.isArray(found)) found = (found as readonly JsonValue[])[Number(key)] ?? null;
    else found = isJsonObject(found) ? (own(found, key) ?? null) : null;
  }
  return found;
}

const DEFAULT_WORKSPACE_PATH = '/kfp-workspace';

function runFact(name: string, facts: PlaceholderFacts): string | undefined {
  switch (name) {
    case 'pipeline_job_name':
      return facts.jobName;
    case 'pipeline_job_resource_name':
      return facts.jobResourceName;
    case 'pipeline_job_uuid':
      return facts.jobUuid;
    case 'pipeline_task_name':
      return facts.taskName;
    case 'pipeline_task_uuid':
      return facts.taskUuid;
    case 'pipeline_root':
      return facts.pipelineRoot;
    case 'pipeline_job_create_time_utc':
      return utcSeconds(facts.createdAtMs);
    case 'pipeline_job_schedule_time_utc':
      return utcSeconds(facts.scheduledAtMs);
    case 'workspace_path':
      return facts.workspacePath ?? DEFAULT_WORKSPACE_PATH;
    case 'pipeline_google_cloud_location':
      return facts.googleCloudLocation ?? '';
    case 'pipeline_google_cloud_project_id':
      return facts.googleCloudProjectId ?? '';
    default:
      return undefined;
  }
}

/** RFC 3339 without fractions: `2026-08-22T02:40:03Z`. */
function utcSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
