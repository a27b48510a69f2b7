/**
 * What a step says about nodes: selector, tolerations, affinity. Each may be written out or be JSON that is only known when the
 * pipeline runs (`nodeSelectorJson`, `tolerationJson`, `nodeAffinityJson`); null leaves the setting out.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { LaunchPlatform } from '../executors/executor.ts';
import { valueToText } from '../ir/values.ts';
import type { Refusal } from './admission-words.ts';
import { listOf } from './json-fields.ts';

type NodeSettings = Pick<LaunchPlatform, 'nodeSelector' | 'tolerations' | 'nodeAffinity'>;
type Resolve = (spec: JsonObject) => JsonValue | undefined;

/** What is of no use is left out here; nodeSettingsProblem tells it. */
export function nodeSettingsOf(config: JsonObject, resolve: Resolve): NodeSettings {
  const selector = isJsonObject(config['nodeSelector']) ? config['nodeSelector'] : {};
  const labels = dynamicOf(selector, 'nodeSelectorJson', resolve) ?? selector['labels'];
  const affinity = config['nodeAffinity'];
  return {
    nodeSelector: isJsonObject(labels)
      ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, valueToText(value)]))
      : {},
    tolerations: listOf(config['tolerations']).flatMap((spec) => settingOf(spec, 'tolerationJson', resolve)),
    ...(affinity === undefined
      ? {}
      : { nodeAffinity: listOf(affinity).flatMap((spec) => settingOf(spec, 'nodeAffinityJson', resolve)) }),
  };
}

/** A parameter that is no selector, toleration or affinity: the step would run where it was not to. */
export function nodeSettingsProblem(config: JsonObject, resolve: Resolve): Refusal | undefined {
  const selector = listOf([config['nodeSelector'] ?? null]);
  return (
    problemOf(selector, { key: 'nodeSelectorJson', word: 'node selector', allowsList: false, resolve }) ??
    problemOf(listOf(config['tolerations']), { key: 'tolerationJson', word: 'toleration', allowsList: true, resolve }) ??
    problemOf(listOf(config['nodeAffinity']), { key: 'nodeAffinityJson', word: 'node affinity', allowsList: false, resolve })
  );
}

interface Kind {
  readonly key: string;
  readonly word: string;
  readonly allowsList: boolean;
  readonly resolve: Resolve;
}

function problemOf(specs: readonly JsonObject[], { key, word, allowsList, resolve }: Kind): Refusal | undefined {
  for (const spec of specs) {
    const value = dynamicOf(spec, key, resolve);
    if (value === undefined || value === null || isJsonObject(value)) continue;
    if (allowsList && Array.isArray(value) && value.every(isJsonObject)) continue;
    return {
      message: `is given ${JSON.stringify(value).slice(0, 100)} as its ${word}`,
      hint: `the parameter must hold a JSON object as Kubernetes has it${allowsList ? ', or a list of them' : ''}`,
    };
  }
  return undefined;
}

function settingOf(spec: JsonObject, key: string, resolve: Resolve): readonly JsonObject[] {
  if (!isJsonObject(spec[key])) return [spec];
  const value = dynamicOf(spec, key, resolve);
  return listOf(Array.isArray(value) ? value : [value ?? null]);
}

/** Undefined where the setting is written out. JSON in a text counts as what it is. */
function dynamicOf(spec: JsonObject, key: string, resolve: Resolve): JsonValue | undefined {
  const dynamic = spec[key];
  const value = isJsonObject(dynamic) ? resolve(dynamic) : undefined;
  if (typeof value !== 'string') return value;
  try {
    return value.trim() === '' ? null : (JSON.parse(value) as JsonValue);
  } catch {
    return value;
  }
}
