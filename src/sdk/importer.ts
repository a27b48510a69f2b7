import type { JsonObject, JsonValue } from '../base/json.ts';
import { Channel, type Embedded } from './channel.ts';
import { addTask } from './component.ts';
import type { ChannelRef } from './channel-ref.ts';
import { fullName } from './channel-ref.ts';
import type { Port } from './port-types.ts';
import { Task } from './task.ts';
import { Template } from './template.ts';
import type { ArtifactToken } from './types.ts';

export interface ImporterOptions<Title extends string> {
  readonly uri: string | Channel<string>;
  readonly type: ArtifactToken<Title>;
  /** Always makes a new record of the artifact. Default: one with equal type, uri and metadata is used again. */
  readonly reimport?: boolean;
  readonly metadata?: { readonly [key: string]: Embedded } | ReadonlyMap<string | Channel<string> | Template, Embedded>;
  /** Copies the artifact to the run's workspace. */
  readonly downloadToWorkspace?: boolean;
}

/** Brings something that exists already into the pipeline as an artifact; its output is called `artifact`. */
export function importer<Title extends string>(
  options: ImporterOptions<Title>,
): Task<{ readonly artifact: ArtifactToken<Title> }> {
  const { uri, type, reimport = false, metadata = {}, downloadToWorkspace = false } = options;
  const inputs = new MetadataInputs();
  const entries = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  const filled = Object.fromEntries(entries.map(([key, value]) => [inputs.filledKey(key), inputs.filled(value)]));
  const { artifactType } = type.port.type as { readonly artifactType: { readonly schemaTitle: string } };
  const definition = {
    name: 'importer',
    inputs: { uri: { type: { kind: 'parameter', parameterType: 'STRING' }, isOptional: false } as Port, ...inputs.ports },
    outputs: { artifact: { type: type.port.type, isOptional: false } },
    passthroughs: [],
    implementation: {
      kind: 'importer' as const,
      ...(uri instanceof Channel ? {} : { uri }),
      artifactType,
      metadata: filled as JsonObject,
      reimport,
      downloadToWorkspace,
    },
  };
  return new Task(addTask(definition, { uri, ...inputs.arguments }));
}

/** Channels in the metadata become inputs `metadata`, `metadata-2`, …, one for each different value. */
class MetadataInputs {
  readonly ports: Record<string, Port> = {};
  readonly arguments: Record<string, Channel<unknown>> = {};
  readonly #names = new Map<string, string>();

  filledKey(key: string | Channel<string> | Template): string {
    return this.filled(key) as string;
  }

  filled(value: Embedded): JsonValue {
    if (value instanceof Channel) return this.#placeholder(value);
    if (value instanceof Template)
      return value.parts.map((part) => (typeof part === 'string' ? part : this.#placeholder(part))).join('');
    if (Array.isArray(value)) return value.map((item) => this.filled(item as Embedded));
    if (typeof value !== 'object' || value === null) return value as JsonValue;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.filled(item as Embedded)]));
  }

  #placeholder(channel: Channel<unknown>): string {
    const { ref } = channel as { readonly ref: ChannelRef };
    const known = this.#names.get(fullName(ref));
    const count = this.#names.size + 1;
    const name = known ?? (count === 1 ? 'metadata' : `metadata-${count}`);
    this.#names.set(fullName(ref), name);
    this.ports[name] = { type: ref.type, isOptional: false };
    this.arguments[name] = channel;
    return `{{$.inputs.parameters['${name}']}}`;
  }
}
