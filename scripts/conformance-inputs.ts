/** Everything a pipeline of the corpus needs before it can run: arguments, secrets, config maps. */
import { isJsonObject, type JsonObject, type JsonValue } from '../src/base/json.ts';
import type { ParameterType, PipelineDocument } from '../src/ir/spec.ts';
import type { Entry } from './conformance-entries.ts';

/** The entry's arguments; without any, a value of the right type for each required input. */
export function argumentsFor(entry: Entry, document: PipelineDocument): JsonObject {
  if (entry.test_args) return entry.test_args;
  const required = Object.entries(document.spec.root.inputDefinitions.parameters).filter(
    ([name, { defaultValue, isOptional }]) => defaultValue === undefined && !isOptional && !(name in document.defaultArguments),
  );
  return Object.fromEntries(required.map(([name, { parameterType }]) => [name, VALUES[parameterType]]));
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

/** Secrets and config maps the platform spec names by constant, with the values the entry's note gives (`name{key:value}`). */
export function namedValuesFor(entry: Entry, document: PipelineDocument): NamedValues[] {
  const noted = new Map(
    [...(entry.note ?? '').matchAll(/([\w-]+)\{(\w+):(\w+)\}/g)].map(([, name, key, value]) => [`${name}/${key}`, value!]),
  );
  const found = new Map<string, { kind: NamedValues['kind']; name: string; values: Record<string, string> }>();
  for (const settings of Object.values(document.platform.executors)) {
    for (const [field, kind] of FIELDS) {
      for (const use of listOf(settings[field])) {
        const name = nameOf(use, kind);
        if (name === undefined || use['optional'] === true) continue;
        const entryOf = found.get(`${kind}/${name}`) ?? { kind, name, values: {} };
        found.set(`${kind}/${name}`, entryOf);
        for (const key of keysOf(use, kind)) entryOf.values[key] = noted.get(`${name}/${key}`) ?? 'value';
        for (const [place, value] of noted)
          if (place.startsWith(`${name}/`)) entryOf.values[place.slice(name.length + 1)] = value;
      }
    }
  }
  return [...found.values()].map((one) => (Object.keys(one.values).length > 0 ? one : { ...one, values: { username: 'user1' } }));
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
