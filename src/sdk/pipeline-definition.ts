import type { JsonObject } from '../base/json.ts';
import type { ChannelRef } from './channel-ref.ts';
import type { Ports } from './port-types.ts';
import type { Trace } from './trace.ts';

/** A pipeline whose function has run: plain data for the compiler. */
export interface PipelineDefinition {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly pipelineRoot?: string;
  readonly inputs: Ports;
  readonly outputs: Readonly<Record<string, ChannelRef>>;
  readonly outputDescriptions: Readonly<Record<string, string>>;
  /** `pipelineConfig` of the platform document. */
  readonly config: JsonObject;
  readonly trace: Trace;
}
