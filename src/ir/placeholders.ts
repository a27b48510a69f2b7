/**
 * Placeholders (`{{$…}}`) in commands, arguments, environment, resources and constants. Text is read once, left to right, and
 * what is put in is never read again: a value that looks like a placeholder stays what it is.
 */
import { isJsonObject, type JsonValue } from '../base/json.ts';
import type { StepArtifact, StepInputs, StepOutputs } from './executor-input.ts';
import { findPlaceholder } from './placeholder-forms.ts';

/** What placeholders can stand for. */
export interface PlaceholderContext {
  /** Inputs, component defaults included. An absent or null one resolves to nothing. */
  readonly inputs: StepInputs;
  /** Absent while a step is not prepared yet: placeholders about outputs, and `{{$}}`, are then left as they are. */
  readonly outputs?: StepOutputs;
  readonly run: PlaceholderFacts;
  /** The path at which the step finds, or must write, the artifact with this URI. */
  pathOf(uri: string, artifact: StepArtifact): string;
}

export interface PlaceholderFacts {
  /** Display name of the run: `{{$.pipeline_job_name}}`. */
  readonly jobName: string;
  readonly jobResourceName: string;
  /** Run id. */
  readonly jobUuid: string;
  /** Key of the task in its DAG. */
  readonly taskName: string;
  readonly taskUuid: string;
  readonly pipelineRoot: string;
  readonly createdAtMs: number;
  /** When a recurring run was due; else the creation time. */
  readonly scheduledAtMs: number;
  /** Default: `/kfp-workspace`. */
  readonly workspacePath?: string;
  /** Default: "". */
  readonly googleCloudLocation?: string;
  /** Default: "". */
  readonly googleCloudProjectId?: string;
}

const PLACEHOLDER = /\{\{\$(.*?)\}\}/g;

/** The text with every known placeholder replaced; unknown ones are left as they are, absent inputs become "". */
export function resolvePlaceholders(text: string, context: PlaceholderContext): string {
  if (!text.includes('{{$')) return text;
  return text.replace(PLACEHOLDER, (whole, expression: string) => findPlaceholder(expression, context) ?? whole);
}

/** Resolves the placeholders in a constant: in a text, or deep inside a list or struct, keys included. */
export function resolveNested(value: JsonValue, context: PlaceholderContext): JsonValue {
  if (typeof value === 'string') return resolvePlaceholders(value, context);
  if (Array.isArray(value)) return value.map((item: JsonValue) => resolveNested(item, context));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [resolvePlaceholders(key, context), resolveNested(item, context)]);
  return Object.fromEntries(entries) as JsonValue;
}

/**
 * The argument vector of a step from its templates (command or args). An element that is the JSON of an `IfPresent` or `Concat`
 * is expanded first: the former to none, one or several elements, the latter to one.
 */
export function renderArguments(elements: readonly string[], context: PlaceholderContext): string[] {
  return elements.flatMap((element) => {
    const structure = parseStructure(element);
    return structure === undefined ? [resolvePlaceholders(element, context)] : expand(structure, context);
  });
}

type Structure =
  | string
  | { readonly Concat: readonly Structure[] }
  | {
      readonly IfPresent: {
        readonly InputName: string;
        readonly Then: Structure | readonly Structure[];
        readonly Else?: Structure | readonly Structure[];
      };
    };

function parseStructure(element: string): Structure | undefined {
  if (!/^\s*\{\s*"(IfPresent|Concat)"\s*:/.test(element)) return undefined;
  try {
    const value: unknown = JSON.parse(element);
    return isStructure(value) ? value : undefined;
  } catch {
    return undefined; // A text that only looks like one.
  }
}

function isStructure(value: unknown): value is Structure {
  if (typeof value === 'string') return true;
  if (!isJsonObject(value)) return false;
  const { Concat: concat, IfPresent: ifPresent } = value;
  if (concat !== undefined) return Array.isArray(concat) && concat.every(isStructure);
  if (!isJsonObject(ifPresent) || typeof ifPresent['InputName'] !== 'string') return false;
  const isBranch = (branch: unknown) => (Array.isArray(branch) ? branch.every(isStructure) : isStructure(branch));
  return (
    isBranch(ifPresent['Then']) && (ifPresent['Else'] === undefined || ifPresent['Else'] === null || isBranch(ifPresent['Else']))
  );
}

function expand(structure: Structure, context: PlaceholderContext): string[] {
  if (typeof structure === 'string') return [resolvePlaceholders(structure, context)];
  if ('Concat' in structure) return [structure.Concat.flatMap((part) => expand(part, context)).join('')];
  const { InputName: name, Then: then, Else: otherwise } = structure.IfPresent;
  const branch = isPresent(name, context) ? then : (otherwise ?? []);
  return (Array.isArray(branch) ? (branch as readonly Structure[]) : [branch as Structure]).flatMap((part) =>
    expand(part, context),
  );
}

function isPresent(name: string, { inputs }: PlaceholderContext): boolean {
  if (Object.hasOwn(inputs.parameters, name)) return inputs.parameters[name] !== null && inputs.parameters[name] !== undefined;
  return Object.hasOwn(inputs.artifacts, name) && inputs.artifacts[name]!.length > 0;
}
