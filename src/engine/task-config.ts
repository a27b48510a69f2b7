import type { JsonObject, JsonValue } from '../base/json.ts';
import type { LaunchPlatform, ResourceRequest } from '../executors/executor.ts';
import type { ContainerTemplate } from './plan.ts';

/**
 * The value of a TASK_CONFIG input: the settings of the step that its component passes through, so that the program can apply
 * them itself (to a training job it starts, say). Only the fields the component lists are in it; absent: the component has no
 * such input. Shape: kfp.dsl.TaskConfig.
 */
export function taskConfigOf(
  template: ContainerTemplate,
  resources: () => ResourceRequest,
  platform: LaunchPlatform,
): { readonly input: string; readonly value: JsonObject } | undefined {
  const input = Object.entries(template.inputs.parameters).find(([, { parameterType }]) => parameterType === 'TASK_CONFIG')?.[0];
  if (input === undefined) return undefined;
  const listed = new Set(template.taskConfigPassthroughs.map(({ field }) => field));
  const value: Record<string, JsonValue> = {};
  if (listed.has('RESOURCES')) value['resources'] = kubernetesResources(resources());
  if (listed.has('ENV')) value['env'] = template.container.env.map(({ name, value: text }) => ({ name, value: text }));
  if (listed.has('KUBERNETES_AFFINITY') && template.platform['nodeAffinity'])
    value['affinity'] = { nodeAffinity: template.platform['nodeAffinity'] };
  if (listed.has('KUBERNETES_TOLERATIONS') && platform.tolerations.length > 0) value['tolerations'] = platform.tolerations;
  if (listed.has('KUBERNETES_NODE_SELECTOR') && Object.keys(platform.nodeSelector).length > 0)
    value['nodeSelector'] = platform.nodeSelector;
  if (listed.has('KUBERNETES_VOLUMES')) Object.assign(value, kubernetesVolumes(platform));
  return { input, value };
}

/** What is left for the step itself: fields that are only passed through are taken away from it. */
export function appliedToStep(template: ContainerTemplate, platform: LaunchPlatform): LaunchPlatform {
  const withheld = passedThroughOnly(template);
  if (withheld.size === 0) return platform;
  return {
    ...platform,
    ...(withheld.has('KUBERNETES_TOLERATIONS') ? { tolerations: [] } : {}),
    ...(withheld.has('KUBERNETES_NODE_SELECTOR') ? { nodeSelector: {} } : {}),
    ...(withheld.has('KUBERNETES_AFFINITY') ? { nodeAffinity: [] } : {}),
    ...(withheld.has('KUBERNETES_VOLUMES') ? { mounts: [] } : {}),
    ...(withheld.has('ENV') ? { secretEnv: [], fieldPathEnv: [] } : {}),
  };
}

/** Fields that are passed through but not applied to the step itself. */
export function passedThroughOnly(template: ContainerTemplate): ReadonlySet<string> {
  return new Set(template.taskConfigPassthroughs.filter(({ applyToTask }) => !applyToTask).map(({ field }) => field));
}

function kubernetesResources(resources: ResourceRequest): JsonObject {
  const limits: Record<string, string> = {};
  const requests: Record<string, string> = {};
  if (resources.cpuLimitMillis !== undefined) limits['cpu'] = `${resources.cpuLimitMillis}m`;
  if (resources.memoryLimitBytes !== undefined) limits['memory'] = String(resources.memoryLimitBytes);
  if (resources.cpuMillis !== undefined) requests['cpu'] = `${resources.cpuMillis}m`;
  if (resources.memoryBytes !== undefined) requests['memory'] = String(resources.memoryBytes);
  if (resources.accelerator) limits[resources.accelerator.type] = String(resources.accelerator.count);
  return { limits, requests };
}

function kubernetesVolumes(platform: LaunchPlatform): JsonObject {
  const claims = platform.mounts.flatMap((mount) => (mount.kind === 'pvc' ? [mount] : []));
  if (claims.length === 0) return {};
  return {
    volumes: claims.map(({ name }) => ({ name, persistentVolumeClaim: { claimName: name } })),
    volumeMounts: claims.map(({ name, mountPath, subPath }) => ({
      name,
      mountPath,
      ...(subPath === undefined ? {} : { subPath }),
    })),
  };
}
