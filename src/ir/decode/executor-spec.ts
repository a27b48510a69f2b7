/** ExecutorSpec from its wire form. */
import type { Path, ProblemList } from '../problem-list.ts';
import type { ContainerSpec, ExecutorSpec, ImporterSpec, ResourceSpec } from '../spec.ts';
import { valueToText } from '../values.ts';
import type { WireExecutor } from './pipeline-messages.ts';
import { artifactTypeOf, mapRecord, mergedMetadata, optional, valueOrName } from './wire-values.ts';

type WireContainer = NonNullable<WireExecutor['container']>;
type WireResources = NonNullable<WireContainer['resources']>;
type WireImporter = NonNullable<WireExecutor['importer']>;

export function executorSpec(wire: WireExecutor, path: Path, problems: ProblemList): ExecutorSpec | undefined {
  if (wire.container) return { kind: 'container', container: containerSpec(wire.container) };
  if (wire.importer) {
    const importer = importerSpec(wire.importer, [...path, 'importer'], problems);
    return importer && { kind: 'importer', importer };
  }
  if (wire.resolver) {
    const queries = mapRecord(wire.resolver.outputArtifactQueries, ({ filter = '', limit = 1 }) => ({
      filter,
      limit: limit > 0 ? limit : 1,
    }));
    return { kind: 'resolver', resolver: { outputArtifactQueries: queries } };
  }
  if (wire.customJob) return { kind: 'customJob', customJob: wire.customJob.customJob ?? {} };
  problems.add(path, 'it does not say what to run', { hint: 'Give container or importer.' });
  return undefined;
}

function containerSpec(wire: WireContainer): ContainerSpec {
  const resources = wire.resources && resourceSpec(wire.resources);
  return {
    image: wire.image ?? '',
    command: wire.command ?? [],
    args: wire.args ?? [],
    env: (wire.env ?? []).map(({ name = '', value = '' }) => ({ name, value })),
    ...optional('resources', resources && Object.keys(resources).length > 0 ? resources : undefined),
  };
}

/** The text fields win over the numbers of older SDKs, which count cores and gigabytes of 10^9 bytes; 0 means not set. */
function resourceSpec(wire: WireResources): ResourceSpec {
  const cores = (number: number | undefined) => (number ? valueToText(number) : undefined);
  const gigabytes = (number: number | undefined) => (number ? `${valueToText(number)}G` : undefined);
  const { accelerator = {} } = wire;
  const type = accelerator.resourceType || accelerator.type;
  const count = accelerator.resourceCount || (accelerator.count ? String(accelerator.count) : undefined);
  return {
    ...optional('cpuLimit', wire.resourceCpuLimit || cores(wire.cpuLimit)),
    ...optional('cpuRequest', wire.resourceCpuRequest || cores(wire.cpuRequest)),
    ...optional('memoryLimit', wire.resourceMemoryLimit || gigabytes(wire.memoryLimit)),
    ...optional('memoryRequest', wire.resourceMemoryRequest || gigabytes(wire.memoryRequest)),
    ...(type && count ? { accelerator: { type, count } } : {}),
  };
}

function importerSpec(wire: WireImporter, path: Path, problems: ProblemList): ImporterSpec | undefined {
  const uri = wire.artifactUri && valueOrName(wire.artifactUri);
  if (!uri) {
    problems.add([...path, 'artifactUri'], 'there is no URI to import', {
      hint: 'Give artifactUri.constant or artifactUri.runtimeParameter.',
    });
    return undefined;
  }
  return {
    artifactUri: uri.kind === 'constant' ? { kind: 'constant', value: valueToText(uri.value) } : uri,
    typeSchema: artifactTypeOf(wire.typeSchema),
    metadata: mergedMetadata(wire),
    reimport: wire.reimport ?? false,
    downloadToWorkspace: wire.downloadToWorkspace ?? false,
  };
}
