/**
 * The inputs of a task, from its sources. Facts about order and messages: the reference back end's driver
 * (kubeflow/pipelines backend/src/v2/driver/resolve.go); differences are decided in docs/decisions.
 */
import type { JsonValue } from '../base/json.ts';
import { evaluateSelector } from '../ir/conditions.ts';
import { resolveNested } from '../ir/placeholders.ts';
import type { ArtifactSource, ParameterDefinition, ParameterSource } from '../ir/spec.ts';
import { convertInput } from '../ir/values.ts';
import type { Artifact } from '../model/artifact.ts';
import { finalStatusOf } from './final-status.ts';
import { taskPlaceholders } from './task-placeholders.ts';
import type { ScopeTemplate } from './plan.ts';
import type { RunData, TaskInstance, Values } from './run-data.ts';
import { outputsOf } from './scope-outputs.ts';

export type Resolved =
  | { readonly kind: 'values'; readonly values: Values }
  | { readonly kind: 'error'; readonly message: string };

type Found =
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** Nothing there: the component's default applies, or the optional input stays away. */
  | { readonly kind: 'absent'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

export function resolveInputs(run: RunData, task: TaskInstance): Resolved {
  const artifacts = resolveArtifacts(task);
  if (artifacts.kind === 'error') return artifacts;
  const raw = findParameters(run, task);
  if (raw.kind === 'error') return raw;
  const filled = fillScopeDefaults(
    task,
    resolveConstants(run, task, { parameters: raw.parameters, artifacts: artifacts.artifacts }),
  );
  const converted = convertParameters(task, filled);
  if (converted.kind === 'error') return converted;
  return { kind: 'values', values: { parameters: converted.parameters, artifacts: artifacts.artifacts } };
}

type Parameters =
  | { readonly kind: 'parameters'; readonly parameters: Record<string, JsonValue> }
  | { readonly kind: 'error'; readonly message: string };

function findParameters(run: RunData, task: TaskInstance): Parameters {
  const parameters: Record<string, JsonValue> = {};
  for (const [name, source] of Object.entries(task.planTask!.inputs.parameters)) {
    const definition = task.template.inputs.parameters[name];
    const found = select(source, findParameter(run, task.parent!, source));
    if (found.kind === 'error') return { kind: 'error', message: `resolving parameter "${name}": ${found.message}` };
    if (found.kind === 'value') parameters[name] = found.value;
    else if (!mayBeAbsent(definition)) return { kind: 'error', message: `resolving input parameter "${name}": ${found.message}` };
  }
  return { kind: 'parameters', parameters };
}

function mayBeAbsent(definition: ParameterDefinition | undefined): boolean {
  return definition !== undefined && (definition.isOptional || definition.defaultValue !== undefined);
}

/** Looks a source up in the scope the task lives in. */
export function findParameter(run: RunData, scope: TaskInstance, source: ParameterSource): Found {
  switch (source.kind) {
    case 'constant':
      return { kind: 'value', value: source.value };
    case 'componentInput':
    case 'runtimeParameter': {
      const value = scope.inputs?.parameters[source.name];
      if (value === undefined) return { kind: 'absent', message: `parent DAG does not have input parameter ${source.name}` };
      if (value === null) return { kind: 'absent', message: `the resolved input parameter is null: ${source.name}` };
      return { kind: 'value', value };
    }
    case 'taskOutput': {
      const outputs = outputsOf(scope, scope.template as ScopeTemplate, source.producerTask);
      const value = outputs?.parameters[source.outputParameterKey];
      if (value !== undefined && value !== null) return { kind: 'value', value };
      if (value === null)
        return { kind: 'absent', message: `the resolved input parameter is null: ${source.outputParameterKey}` };
      return {
        kind: 'absent',
        message: missingOutput('parameter', source.outputParameterKey, source.producerTask, outputs !== undefined),
      };
    }
    case 'finalStatus':
      return { kind: 'value', value: finalStatusOf(run, scope, source.producerTask) };
  }
}

function missingOutput(what: string, key: string, producer: string, succeeded: boolean): string {
  return succeeded
    ? `cannot find output ${what} key "${key}" in producer task "${producer}"`
    : `producer task "${producer}" did not succeed, so its output ${what} "${key}" does not exist`;
}

function select(source: ParameterSource, found: Found): Found {
  if (found.kind !== 'value' || source.selector === undefined) return found;
  const selected = evaluateSelector(source.selector, found.value);
  if (selected.kind === 'value') return selected;
  return {
    kind: 'error',
    message: `evaluation of parameter expression selector "${source.selector}" failed: ${selected.message}`,
  };
}

/** Constants may embed placeholders (f-strings); they see the task's other inputs, component defaults included. */
function resolveConstants(run: RunData, task: TaskInstance, values: Values): Record<string, JsonValue> {
  const resolved: Record<string, JsonValue> = { ...values.parameters };
  let context: ReturnType<typeof taskPlaceholders> | undefined;
  for (const [name, source] of Object.entries(task.planTask!.inputs.parameters)) {
    if (source.kind !== 'constant' || !mayHoldPlaceholder(source.value)) continue;
    context ??= taskPlaceholders(run, task, { ...values, parameters: withDefaults(task, values.parameters) });
    resolved[name] = restoreKind(task.template.inputs.parameters[name], resolveNested(source.value, context));
  }
  return resolved;
}

function mayHoldPlaceholder(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes('{{$');
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('{{$');
}

/** A placeholder always becomes text; where the input is declared as something else the text is read back. */
function restoreKind(definition: ParameterDefinition | undefined, value: JsonValue): JsonValue {
  if (!definition || definition.parameterType === 'STRING' || typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

/** Defaults of the component for inputs that have no value. */
export function withDefaults(task: TaskInstance, parameters: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const filled: Record<string, JsonValue> = { ...parameters };
  for (const [name, definition] of Object.entries(task.template.inputs.parameters)) {
    if (filled[name] === undefined && definition.defaultValue !== undefined) filled[name] = definition.defaultValue;
  }
  return filled;
}

/** A sub-pipeline's inputs that were not given get their default, optional ones without a default become null. */
function fillScopeDefaults(task: TaskInstance, parameters: Record<string, JsonValue>): Record<string, JsonValue> {
  if (task.template.kind !== 'scope') return parameters;
  const filled = withDefaults(task, parameters);
  for (const [name, definition] of Object.entries(task.template.inputs.parameters)) {
    if (filled[name] === undefined && definition.isOptional) filled[name] = null;
  }
  return filled;
}

function convertParameters(task: TaskInstance, parameters: Readonly<Record<string, JsonValue>>): Parameters {
  const converted: Record<string, JsonValue> = { ...parameters };
  const itemInput = task.isLoop ? task.planTask!.loop!.itemInput : undefined;
  for (const [name, definition] of Object.entries(task.template.inputs.parameters)) {
    const value = parameters[name];
    if (name === itemInput) continue; // Each iteration brings its own.
    if (value === null) continue; // Set by us for an optional input of a sub-pipeline.
    if (value === undefined) {
      if (mayBeAbsent(definition) || definition.parameterType === 'TASK_CONFIG') continue;
      return { kind: 'error', message: `neither value nor default value provided for non-optional parameter "${name}"` };
    }
    const result = convertInput(name, definition, value);
    if (result.kind === 'error') return result;
    converted[name] = result.value;
  }
  return { kind: 'parameters', parameters: converted };
}

type Artifacts =
  | { readonly kind: 'artifacts'; readonly artifacts: Record<string, readonly Artifact[]> }
  | { readonly kind: 'error'; readonly message: string };

function resolveArtifacts(task: TaskInstance): Artifacts {
  const artifacts: Record<string, readonly Artifact[]> = {};
  for (const [name, source] of Object.entries(task.planTask!.inputs.artifacts)) {
    const found = findArtifact(task.parent!, source);
    if (typeof found !== 'string') artifacts[name] = found;
    else if (!task.template.inputs.artifacts[name]?.isOptional) {
      return { kind: 'error', message: `failed to resolve input artifact ${name}: ${found}` };
    }
  }
  const itemInput = task.isLoop && task.planTask!.loop!.kind === 'artifact' ? task.planTask!.loop!.itemInput : undefined;
  for (const [name, definition] of Object.entries(task.template.inputs.artifacts)) {
    if (artifacts[name] === undefined && !definition.isOptional && name !== itemInput) {
      return { kind: 'error', message: `no artifact is given for the non-optional input "${name}"` };
    }
  }
  return { kind: 'artifacts', artifacts };
}

/** The artifacts, or why there are none. */
function findArtifact(scope: TaskInstance, source: ArtifactSource): readonly Artifact[] | string {
  if (source.kind === 'componentInput') {
    return scope.inputs?.artifacts[source.name] ?? `parent DAG does not have input artifact ${source.name}`;
  }
  const outputs = outputsOf(scope, scope.template as ScopeTemplate, source.producerTask);
  return (
    outputs?.artifacts[source.outputArtifactKey] ??
    missingOutput('artifact', source.outputArtifactKey, source.producerTask, outputs !== undefined)
  );
}
