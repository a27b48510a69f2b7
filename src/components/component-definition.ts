/**
 * A version 1 component (`component.yaml`) in normal form: lists and maps that may be absent in the file are always present,
 * Python's `None` is absence, the one-key maps of a command line are tagged unions. Names are the author's, unchanged.
 * The schema is the one the 1.8 SDK enforces.
 */
import type { JsonObject, JsonValue } from '../base/json.ts';

export interface ComponentDefinition {
  readonly name?: string;
  readonly description?: string;
  readonly version: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly inputs: readonly ComponentInput[];
  readonly outputs: readonly ComponentOutput[];
  /** A file without an implementation loads, but cannot be resolved or run. */
  readonly implementation?: Implementation;
}

/** A type name ("Integer", "GCSPath"), or a name with properties, or a list of names. */
export type PortType = string | JsonObject | readonly JsonValue[];

export interface ComponentInput {
  readonly name: string;
  readonly type?: PortType;
  readonly description?: string;
  readonly default?: Constant;
  readonly optional: boolean;
  readonly annotations: JsonObject;
}

export interface ComponentOutput {
  readonly name: string;
  readonly type?: PortType;
  readonly description?: string;
  readonly annotations: JsonObject;
}

/** A scalar together with the kind Python gives it: 5 and 5.0 are one number here and two different texts for a step. */
export interface Constant {
  readonly kind: 'string' | 'integer' | 'float' | 'boolean';
  readonly value: string | number | boolean;
  /** What Python's `str()` makes of it. */
  readonly text: string;
}

export type Implementation =
  | { readonly kind: 'container'; readonly container: ContainerDefinition }
  | { readonly kind: 'graph'; readonly graph: GraphDefinition };

export interface ContainerDefinition {
  readonly image: string;
  /** Absent when the file leaves it out, so that the image's own entry point runs. */
  readonly command?: readonly CommandPart[];
  readonly args: readonly CommandPart[];
  readonly env: Readonly<Record<string, string>>;
  /** Output name → fixed path inside the container. */
  readonly fileOutputs: Readonly<Record<string, string>>;
}

export const INPUT_PLACEHOLDERS = ['inputValue', 'inputPath', 'inputUri', 'inputMetadata', 'inputOutputPortName'] as const;
export const OUTPUT_PLACEHOLDERS = ['outputPath', 'outputUri'] as const;

export type CommandPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: (typeof INPUT_PLACEHOLDERS)[number]; readonly input: string }
  | { readonly kind: (typeof OUTPUT_PLACEHOLDERS)[number]; readonly output: string }
  | { readonly kind: 'outputMetadata' }
  | { readonly kind: 'executorInput' }
  | { readonly kind: 'concat'; readonly items: readonly CommandPart[] }
  | { readonly kind: 'if'; readonly condition: Condition; readonly whenTrue: Branch; readonly whenFalse?: Branch };

/** A list is spliced into the command line, a single part stays one element. */
export type Branch = CommandPart | readonly CommandPart[];

export type Condition =
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'isPresent'; readonly input: string }
  | { readonly kind: 'inputValue'; readonly input: string };

export interface GraphDefinition {
  readonly tasks: Readonly<Record<string, GraphTask>>;
  readonly outputValues: Readonly<Record<string, GraphArgument>>;
}

export interface GraphTask {
  readonly componentRef: ComponentReference;
  readonly arguments: Readonly<Record<string, GraphArgument>>;
  readonly isEnabled?: Predicate;
  readonly maxRetries?: number;
  /** ISO 8601 duration. */
  readonly maxCacheStaleness?: string;
  readonly annotations: JsonObject;
}

/** Says where a component is to be found; at least one member is present. */
export interface ComponentReference {
  readonly name?: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly url?: string;
  readonly spec?: ComponentDefinition;
}

export type GraphArgument =
  | { readonly kind: 'constant'; readonly constant: Constant }
  | { readonly kind: 'graphInput'; readonly input: string; readonly type?: PortType }
  | { readonly kind: 'taskOutput'; readonly task: string; readonly output: string; readonly type?: PortType };

export const COMPARISONS = ['==', '!=', '>', '>=', '<', '<='] as const;

export type Predicate =
  | GraphArgument
  | {
      readonly kind: 'comparison';
      readonly operator: (typeof COMPARISONS)[number];
      readonly left: GraphArgument;
      readonly right: GraphArgument;
    }
  | { readonly kind: 'not'; readonly operand: Predicate }
  | { readonly kind: 'and' | 'or'; readonly left: Predicate; readonly right: Predicate };
