import type { IrFragment } from '../components/loaded-component.ts';
import type { JsonObject } from '../base/json.ts';
import type { TaskConfigField } from '../ir/spec.ts';
import type { ArtifactType } from '../model/artifact.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import type { Ports } from './port-types.ts';
import type { InProcess } from './run-function.ts';

/** What a task runs, and what goes in and out of it. */
export interface ComponentDefinition {
  /** As written; task and component keys are made from it. */
  readonly name: string;
  readonly inputs: Ports;
  readonly outputs: Ports;
  readonly passthroughs: readonly { readonly field: TaskConfigField; readonly applyToTask: boolean }[];
  readonly implementation: Implementation;
}

export type Implementation =
  | ContainerImplementation
  | {
      readonly kind: 'importer';
      /** A text when the URI is known; else it is the argument `uri`. */
      readonly uri?: string;
      readonly artifactType: ArtifactType;
      readonly metadata: JsonObject;
      readonly reimport: boolean;
      readonly downloadToWorkspace: boolean;
    }
  | { readonly kind: 'pipeline'; readonly pipeline: PipelineDefinition }
  | { readonly kind: 'loaded'; readonly fragment: IrFragment };

export interface ContainerImplementation {
  readonly kind: 'container';
  readonly image: string;
  /** Elements with placeholders; Concat and IfPresent as JSON text. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the step does, when it is a function of ours: tests run it without starting a program. */
  readonly inProcess?: InProcess;
}
