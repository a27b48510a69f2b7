/**
 * The `kubernetes` platform settings of a step, with every name resolved. Shapes: kubernetes_platform/proto
 * kubernetes_executor_config.proto, camelCase JSON names; older SDKs wrote the plain name beside today's `…Parameter` field.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { LaunchMount, LaunchPlatform } from '../executors/executor.ts';
import { parseQuantity } from '../ir/values.ts';
import { initContainersOf } from './init-containers.ts';
import { listOf, objectOf, stringsOf, textOf } from './json-fields.ts';
import { dynamicValue } from './dynamic-value.ts';
import { nodeSettingsOf } from './node-settings.ts';
import type { RunData, TaskInstance } from './run-data.ts';

const NOTHING: LaunchPlatform = {
  mounts: [],
  secretEnv: [],
  fieldPathEnv: [],
  labels: {},
  annotations: {},
  nodeSelector: {},
  tolerations: [],
  imagePullSecrets: [],
  initContainers: [],
  workspace: false,
};

export function resolvePlatform(run: RunData, task: TaskInstance): LaunchPlatform {
  const config = platformConfig(task);
  const workspace = run.plan.hasWorkspace && usesWorkspace(task);
  if (!config) return workspace ? { ...NOTHING, workspace } : NOTHING;
  const name = (spec: JsonObject, plain: string, dynamic: string) => nameOf(run, task, spec, plain, dynamic);
  const metadata = objectOf(config['podMetadata']);
  const pullPolicy = config['imagePullPolicy'];
  return {
    mounts: mountsOf(run, task, config),
    secretEnv: [
      ...envOf(listOf(config['secretAsEnv']), 'secret', (spec) => name(spec, 'secretName', 'secretNameParameter')),
      ...envOf(listOf(config['configMapAsEnv']), 'configMap', (spec) => name(spec, 'configMapName', 'configMapNameParameter')),
    ],
    fieldPathEnv: listOf(config['fieldPathAsEnv']).map((spec) => ({
      name: textOf(spec['name']),
      fieldPath: textOf(spec['fieldPath']),
    })),
    labels: stringsOf(metadata['labels']),
    annotations: stringsOf(metadata['annotations']),
    ...nodeSettingsOf(config, (spec) => dynamicValue(run, task, spec)),
    imagePullSecrets: listOf(config['imagePullSecret']).flatMap((spec) => name(spec, 'secretName', 'secretNameParameter') ?? []),
    initContainers: initContainersOf(config),
    workspace,
    ...(pullPolicy === 'Always' || pullPolicy === 'Never' || pullPolicy === 'IfNotPresent'
      ? { imagePullPolicy: pullPolicy }
      : {}),
    ...securityOf(config['securityContext']),
    ...sharedMemoryOf(config['enabledSharedMemory']),
  };
}

/** Milliseconds after which the step is killed, from `activeDeadlineSeconds`. */
export function stepTimeoutMs(task: TaskInstance): number | undefined {
  const seconds = Number(platformConfig(task)?.['activeDeadlineSeconds'] ?? 0);
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** Names of the volumes a step mounts, sorted: part of its fingerprint. */
export function mountedVolumes(run: RunData, task: TaskInstance): readonly string[] | undefined {
  const config = platformConfig(task);
  if (!config?.['pvcMount']) return undefined;
  const names = mountsOf(run, task, config).flatMap((mount) => (mount.kind === 'pvc' ? [mount.name] : []));
  return [...new Set(names)].sort();
}

export function platformConfig(task: TaskInstance): JsonObject | undefined {
  if (task.template.kind !== 'container') return undefined;
  const { platform } = task.template;
  return Object.keys(platform).length > 0 ? platform : undefined;
}

const WORKSPACE_MARKS = ['/kfp-workspace', '{{$.workspace_path}}'];

export function usesWorkspace(task: TaskInstance): boolean {
  const { parameters, artifacts } = task.inputs!;
  const container =
    task.template.kind === 'container' ? [...task.template.container.command, ...task.template.container.args] : [];
  const text = JSON.stringify([parameters, container]);
  if (WORKSPACE_MARKS.some((mark) => text.includes(mark))) return true;
  return Object.values(artifacts).some((list) => list[0]?.metadata['_kfp_workspace'] === true);
}

function mountsOf(run: RunData, task: TaskInstance, config: JsonObject): readonly LaunchMount[] {
  const mounts: LaunchMount[] = [];
  for (const spec of listOf(config['pvcMount'])) {
    const name = nameOf(run, task, spec, 'constant', 'pvcNameParameter');
    const subPath = textOf(spec['subPath']);
    if (name) mounts.push({ kind: 'pvc', name, mountPath: textOf(spec['mountPath']), ...(subPath ? { subPath } : {}) });
  }
  for (const kind of ['secret', 'configMap'] as const) {
    for (const spec of listOf(config[`${kind}AsVolume`])) {
      const name = nameOf(run, task, spec, `${kind}Name`, `${kind}NameParameter`);
      if (name) mounts.push({ kind, name, mountPath: textOf(spec['mountPath']), optional: spec['optional'] === true });
    }
  }
  for (const spec of listOf(config['emptyDirMounts'])) {
    const size = parseQuantity(textOf(spec['sizeLimit']));
    mounts.push({
      kind: 'emptyDir',
      name: textOf(spec['volumeName']),
      mountPath: textOf(spec['mountPath']),
      ...(spec['medium'] === 'Memory' ? { medium: 'Memory' as const } : {}),
      ...(size === undefined ? {} : { sizeBytes: size }),
    });
  }
  for (const spec of listOf(config['genericEphemeralVolume'])) {
    mounts.push({ kind: 'ephemeral', name: textOf(spec['volumeName']), mountPath: textOf(spec['mountPath']) });
  }
  return mounts;
}

function envOf(
  specs: readonly JsonObject[],
  source: 'secret' | 'configMap',
  nameOfSpec: (spec: JsonObject) => string | undefined,
): LaunchPlatform['secretEnv'] {
  return specs.flatMap((spec) => {
    const name = nameOfSpec(spec);
    if (name === undefined) return [];
    return listOf(spec['keyToEnv']).map((entry) => ({
      source,
      name,
      key: textOf(entry[`${source}Key`]),
      envVar: textOf(entry['envVar']),
      optional: spec['optional'] === true,
    }));
  });
}

/** Undefined where the name resolves to nothing: the feature is then left out, as the reference back end does. */
function nameOf(run: RunData, task: TaskInstance, spec: JsonObject, plain: string, dynamic: string): string | undefined {
  const value = dynamicValue(run, task, isJsonObject(spec[dynamic]) ? spec[dynamic] : spec) ?? spec[plain];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function securityOf(value: JsonValue | undefined): Pick<LaunchPlatform, 'securityContext'> {
  if (!isJsonObject(value)) return {};
  const { runAsUser, runAsGroup, runAsNonRoot } = value;
  return {
    securityContext: {
      ...(runAsUser === undefined ? {} : { runAsUser: Number(runAsUser) }),
      ...(runAsGroup === undefined ? {} : { runAsGroup: Number(runAsGroup) }),
      ...(runAsNonRoot === true ? { runAsNonRoot } : {}),
    },
  };
}

function sharedMemoryOf(value: JsonValue | undefined): Pick<LaunchPlatform, 'sharedMemoryBytes'> {
  const size = isJsonObject(value) ? parseQuantity(textOf(value['size'])) : undefined;
  return size === undefined ? {} : { sharedMemoryBytes: size };
}
