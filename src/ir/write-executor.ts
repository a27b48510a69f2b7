/** The proto-JSON of an executor. */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ExecutorSpec, ResourceSpec } from './spec.ts';
import { parseQuantity } from './values.ts';
import { compact, ifTrue, mapObject, nonEmpty, wireType, type WireStyle } from './wire-members.ts';

export function wireExecutor(executor: ExecutorSpec, style: WireStyle): JsonObject {
  switch (executor.kind) {
    case 'container': {
      const { args, command, env, image, resources } = executor.container;
      return {
        container: compact({
          args: nonEmpty(args),
          command: nonEmpty(command),
          env: nonEmpty(env.map((variable) => ({ ...variable }))),
          image,
          resources: resources && wireResources(resources, style),
        }),
      };
    }
    case 'importer': {
      const { artifactUri, typeSchema, metadata, reimport, downloadToWorkspace } = executor.importer;
      const uri: JsonObject =
        artifactUri.kind === 'constant' ? { constant: artifactUri.value } : { runtimeParameter: artifactUri.name };
      return {
        importer: compact({
          artifactUri: uri,
          downloadToWorkspace: ifTrue(downloadToWorkspace),
          metadata: nonEmpty(metadata) && style.value(metadata),
          reimport: ifTrue(reimport),
          typeSchema: wireType(typeSchema),
        }),
      };
    }
    case 'resolver':
      return {
        resolver: { outputArtifactQueries: mapObject(executor.resolver.outputArtifactQueries, (query) => ({ ...query })) },
      };
    case 'customJob':
      return { customJob: { customJob: executor.customJob } };
  }
}

const GIGABYTE = 1e9;

/** Both spellings, as the SDK writes them: the texts, and for older back ends the numbers where there are any. */
function wireResources(resources: ResourceSpec, { value }: WireStyle): JsonObject {
  const { accelerator, cpuLimit, cpuRequest, memoryLimit, memoryRequest } = resources;
  const amount = (text: string | undefined, unit: number): JsonValue | undefined => {
    const quantity = text === undefined ? undefined : parseQuantity(text);
    return quantity ? value(quantity / unit) : undefined;
  };
  const digits = accelerator && /^\d+$/.test(accelerator.count);
  return compact({
    accelerator:
      accelerator &&
      compact({
        count: digits ? accelerator.count : undefined,
        resourceCount: accelerator.count,
        resourceType: accelerator.type,
        type: digits ? accelerator.type : undefined,
      }),
    cpuLimit: amount(cpuLimit, 1),
    cpuRequest: amount(cpuRequest, 1),
    memoryLimit: amount(memoryLimit, GIGABYTE),
    memoryRequest: amount(memoryRequest, GIGABYTE),
    resourceCpuLimit: cpuLimit,
    resourceCpuRequest: cpuRequest,
    resourceMemoryLimit: memoryLimit,
    resourceMemoryRequest: memoryRequest,
  });
}
