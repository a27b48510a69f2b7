/** Everything a pipeline of the corpus needs before it can run: arguments, secrets, config maps. */
import { isJsonObject, type JsonObject, type JsonValue } from '../src/base/json.ts';
import type { ParameterType, PipelineDocument } from '../src/ir/spec.ts';
import type { Entry } from './conformance-entries.ts';

/**
 * The entry's arguments; without any, a value of the right type for each required input. Files that an argument names below
 * /tmp are in `scratch` instead, so that no run finds what an earlier one left.
 */
export function argumentsFor(entry: Entry, document: PipelineDocument, scratch: string): JsonObject {
  if (entry.test_args) {
    const moved = (value: JsonValue) => (typeof value === 'string' ? value.replace(/^\/tmp\//, `${scratch}/`) : value);
    return Object.fromEntries(Object.entries(entry.test_args).map(([name, value]) => [name, moved(value)]));
  }
  const required = Object.entries(document.spec.root.inputDefinitions.parameters).filter(
    ([name, { defaultValue, isOptional }]) => defaultValue === undefined && !isOptional && !(name in document.defaultArguments),
  );
  return Object.fromEntries(
    required.map(([name, { parameterType, literals }]) => [name, literals?.[0] ?? VALUES[parameterType]]),
  );
}

const VALUES: Record<ParameterType, JsonValue> = {
  STRING: 'abc',
  NUMBER_INTEGER: 7,
  NUMBER_DOUBLE: 0.5,
  BOOLEAN: true,
  LIST: ['a', 'b'],
  STRUCT: { A: 'a', B: 'b' },
  TASK_FINAL_STATUS: {},
  TASK_CONFIG: {},
};

export interface NamedValues {
  readonly kind: 'secret' | 'configmap';
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Secrets the notes of the corpus describe: `test-secret-1{username:user1}`. A pipeline may know their names only at run time. */
export function notedSecrets(entries: readonly Entry[]): NamedValues[] {
  const found = new Map<string, Record<string, string>>();
  for (const { note } of entries) {
    for (const [, name, key, value] of (note ?? '').matchAll(/([\w-]+)\{(\w+):(\w+)\}/g)) {
      found.set(name!, { ...found.get(name!), [key!]: value! });
    }
  }
  return [...found].map(([name, values]) => ({ kind: 'secret', name, values }));
}

/** Secrets and config maps the platform spec names by constant, with made-up values; those in `known` are there already. */
export function namedValuesFor(document: PipelineDocument, known: ReadonlySet<string>): NamedValues[] {
  const found = new Map<string, { kind: NamedValues['kind']; name: string; values: Record<string, string> }>();
  for (const settings of Object.values(document.platform.executors)) {
    for (const [field, kind] of FIELDS) {
      for (const use of listOf(settings[field])) {
        const name = nameOf(use, kind);
        if (name === undefined || use['optional'] === true || known.has(name)) continue;
        const values = found.get(`${kind}/${name}`)?.values ?? {};
        found.set(`${kind}/${name}`, { kind, name, values });
        for (const key of keysOf(use, kind)) values[key] = 'value';
      }
    }
  }
  return [...found.values()].map((one) => (Object.keys(one.values).length > 0 ? one : { ...one, values: { key: 'value' } }));
}

const FIELDS: readonly (readonly [string, NamedValues['kind']])[] = [
  ['secretAsEnv', 'secret'],
  ['secretAsVolume', 'secret'],
  ['configMapAsEnv', 'configmap'],
  ['configMapAsVolume', 'configmap'],
];

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The name as older compilers wrote it, or as the constant of a newer one. A name that is an input is not known yet. */
function nameOf(use: JsonObject, kind: NamedValues['kind']): string | undefined {
  const [plain, parameter] =
    kind === 'secret' ? ['secretName', 'secretNameParameter'] : ['configMapName', 'configMapNameParameter'];
  if (typeof use[plain!] === 'string' && use[plain!] !== '') return use[plain!] as string;
  const source = use[parameter!];
  const constant = isJsonObject(source) && isJsonObject(source['runtimeValue']) ? source['runtimeValue']['constant'] : undefined;
  return typeof constant === 'string' ? constant : undefined;
}

function keysOf(use: JsonObject, kind: NamedValues['kind']): string[] {
  const field = kind === 'secret' ? 'secretKey' : 'configMapKey';
  return listOf(use['keyToEnv']).flatMap((pair) => (typeof pair[field] === 'string' ? [pair[field]] : []));
}
