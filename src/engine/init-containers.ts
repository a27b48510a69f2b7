import type { JsonObject } from '../base/json.ts';
import type { LaunchInitContainer, ResourceRequest } from '../executors/executor.ts';
import { parseCpuMillis, parseMemoryBytes } from '../ir/values.ts';
import { listOf, objectOf, stringsOf, textOf, textsOf } from './json-fields.ts';

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
    resources: resourcesOf(objectOf(spec['resources'])),
  }));
}

/** What is no quantity counts as not asked for. */
function resourcesOf(spec: JsonObject): ResourceRequest {
  const [requests, limits] = [stringsOf(spec['requests']), stringsOf(spec['limits'])];
  const read = (parse: (text: string) => number | undefined, texts: Readonly<Record<string, string>>, key: string) =>
    texts[key] === undefined ? undefined : parse(texts[key]);
  const [cpuLimit, memoryLimit] = [read(parseCpuMillis, limits, 'cpu'), read(parseMemoryBytes, limits, 'memory')];
  // Limits stand in for requests that are not given, as on Kubernetes.
  const cpu = read(parseCpuMillis, requests, 'cpu') ?? cpuLimit;
  const memory = read(parseMemoryBytes, requests, 'memory') ?? memoryLimit;
  return {
    ...(cpu === undefined ? {} : { cpuMillis: cpu }),
    ...(cpuLimit === undefined ? {} : { cpuLimitMillis: cpuLimit }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(memoryLimit === undefined ? {} : { memoryLimitBytes: memoryLimit }),
  };
}
