/** PipelineSpec, PlatformSpec and a job's arguments from their wire forms; all schema versions become 2.1.0. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { Path, ProblemList } from '../problem-list.ts';
import type { PipelineSpec, PlatformSpec } from '../spec.ts';
import { componentSpec } from './component-spec.ts';
import { executorSpec } from './executor-spec.ts';
import { pipelineJob, pipelineSpec, platformSpec } from './pipeline-messages.ts';
import { mapRecord, optional, plainValue } from './wire-values.ts';

const SCHEMA_VERSIONS = ['2.1.0', '2.0.0'];
export const SCHEMA_VERSION = '2.1.0';

/** Undefined only if there is no root to speak of; otherwise as much as could be read, with the problems reported. */
export function decodePipelineSpec(json: JsonValue, path: Path, problems: ProblemList): PipelineSpec | undefined {
  const wire = pipelineSpec.decode(json, path, { problems, lenient: false });
  if (!wire) return undefined;
  const version = wire.schemaVersion ?? '';
  if (!SCHEMA_VERSIONS.includes(version)) {
    problems.add(
      [...path, 'schemaVersion'],
      `KFP only supports schema version 2.1.0, but the pipeline spec has version ${version || '(none)'}`,
    );
  }
  if (!wire.pipelineInfo?.name) {
    problems.add([...path, 'pipelineInfo', 'name'], 'the pipeline has no name', { hint: 'Give pipelineInfo.name.' });
  }
  if (!wire.root) problems.add([...path, 'root'], 'the pipeline has no root', { hint: 'Give root.dag with the tasks to run.' });
  const { displayName, description } = wire.pipelineInfo ?? {};
  return {
    pipelineInfo: {
      name: wire.pipelineInfo?.name ?? '',
      ...optional('displayName', displayName),
      ...optional('description', description),
    },
    schemaVersion: SCHEMA_VERSION,
    ...optional('sdkVersion', wire.sdkVersion),
    ...optional('defaultPipelineRoot', wire.defaultPipelineRoot || undefined),
    root: componentSpec(wire.root ?? {}, [...path, 'root'], problems),
    components: mapRecord(wire.components, (component, name) =>
      componentSpec(component, [...path, 'components', name], problems),
    ),
    executors: mapRecord(wire.deploymentSpec?.executors, (executor, label) =>
      executorSpec(executor, [...path, 'deploymentSpec', 'executors', label], problems),
    ),
  };
}

export interface DecodedJob {
  readonly pipelineSpec: JsonValue;
  readonly platformSpec?: JsonValue;
  readonly defaultArguments: JsonObject;
  readonly pipelineRoot?: string;
  readonly displayName?: string;
}

export function decodePipelineJob(json: JsonValue, problems: ProblemList): DecodedJob | undefined {
  const wire = pipelineJob.decode(json, [], { problems, lenient: false });
  if (!wire?.pipelineSpec) return undefined;
  const { parameters, parameterValues, gcsOutputDirectory } = wire.runtimeConfig ?? {};
  return {
    pipelineSpec: wire.pipelineSpec,
    ...optional('platformSpec', wire.platformSpec),
    defaultArguments: { ...mapRecord<object, JsonValue>(parameters, plainValue), ...parameterValues },
    ...optional('pipelineRoot', gcsOutputDirectory || undefined),
    ...optional('displayName', wire.displayName || undefined),
  };
}

export const NO_PLATFORM: PlatformSpec = { executors: {}, pipelineConfig: {} };

export function decodePlatformSpec(json: JsonValue, path: Path, problems: ProblemList): PlatformSpec {
  const wire = platformSpec.decode(json, path, { problems, lenient: false });
  for (const name of Object.keys(wire?.platforms ?? {})) {
    if (name !== 'kubernetes') {
      problems.add([...path, 'platforms', name], `settings for the platform "${name}" are ignored`, { severity: 'warning' });
    }
  }
  const kubernetes = wire?.platforms?.['kubernetes'];
  if (!kubernetes) return NO_PLATFORM;
  return {
    executors: mapRecord(kubernetes.deploymentSpec?.executors, camelKeys),
    pipelineConfig: camelKeys(kubernetes.pipelineConfig ?? {}),
  };
}

/** Keys below these are names of the user's, not of fields. */
const USER_KEYS = new Set(['labels', 'annotations', 'constant', 'matchLabels', 'nodeSelector']);

/** The settings' field names in lowerCamel, as proto-JSON allows both spellings. */
function camelKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const camel = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return [camel, USER_KEYS.has(camel) ? value : camelValue(value)];
    }),
  );
}

function camelValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(camelValue);
  return isJsonObject(value) ? camelKeys(value) : value;
}
