import type { JsonObject } from '../base/json.ts';
import type { LaunchInitContainer, ResourceRequest } from '../executors/executor.ts';
import type { ResourceSpec } from '../ir/spec.ts';
import { listOf, objectOf, stringsOf, textOf, textsOf } from './json-fields.ts';
import { readNeed } from './read-need.ts';

/** `initContainers` of the platform settings (kubernetes_executor_config.proto, InitContainer), as they are written. */
export function initContainersOf(config: JsonObject): readonly LaunchInitContainer[] {
  return listOf(config['initContainers']).map((spec) => ({
    name: textOf(spec['name']),
    image: textOf(spec['image']),
    command: textsOf(spec['command']),
    args: textsOf(spec['args']),
    env: listOf(spec['env']).map((entry) => ({ name: textOf(entry['name']), value: textOf(entry['value']) })),
    volumeMounts: listOf(spec['volumeMounts']).map((mount) => ({
      volumeName: textOf(mount['volumeName']),
      mountPath: textOf(mount['mountPath']),
    })),
    restartPolicy: textOf(spec['restartPolicy']),
    resources: requestOf(spec),
  }));
}

/** What is no quantity counts as not asked for: a step that has one is not admitted (pod-need.ts). */
function requestOf(spec: JsonObject): ResourceRequest {
  const need = readNeed(resourceSpecOf(spec));
  return 'message' in need ? {} : need.request;
}

/** `resources` of an init container, in the fields of a step's; they have no placeholders. */
export function resourceSpecOf(spec: JsonObject): ResourceSpec {
  const resources = objectOf(spec['resources']);
  const [requests, limits] = [stringsOf(resources['requests']), stringsOf(resources['limits'])];
  const [accelerator] = Object.entries({ ...requests, ...limits }).filter(([name]) => name.includes('/'));
  const given = (field: string, text: string | undefined) => (text === undefined ? {} : { [field]: text });
  return {
    ...given('cpuRequest', requests['cpu']),
    ...given('cpuLimit', limits['cpu']),
    ...given('memoryRequest', requests['memory']),
    ...given('memoryLimit', limits['memory']),
    // Kubernetes' extended resources have a domain in their name.
    ...(accelerator === undefined ? {} : { accelerator: { type: accelerator[0], count: accelerator[1] } }),
  };
}
