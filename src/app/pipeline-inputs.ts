import { canonicalJson, type JsonObject, type JsonValue } from '../base/json.ts';
import type { ParameterType, PipelineDocument } from '../ir/spec.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type { Predicate } from '../store/catalogue-store.ts';
import type { App } from './app.ts';

/** What a run of a pipeline can be given. */
export interface PipelineInputs {
  readonly pipelineName: string;
  readonly description: string;
  readonly parameters: readonly InputParameter[];
  readonly artifacts: readonly InputArtifact[];
  /** Arguments of recent runs of the pipeline, the newest first, each set once. */
  readonly recent: readonly JsonObject[];
}

export interface InputParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  readonly isOptional: boolean;
  readonly default?: JsonValue;
  readonly literals: readonly JsonValue[];
}

export interface InputArtifact {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly isOptional: boolean;
  readonly isList: boolean;
}

export function pipelineInputs({ spec, defaultArguments }: PipelineDocument, recent: readonly JsonObject[] = []): PipelineInputs {
  const { parameters, artifacts } = spec.root.inputDefinitions;
  return {
    pipelineName: spec.pipelineInfo.name,
    description: spec.pipelineInfo.description ?? '',
    parameters: Object.entries(parameters).map(([name, definition]): InputParameter => {
      const value = Object.hasOwn(defaultArguments, name) ? defaultArguments[name] : definition.defaultValue;
      return {
        name,
        type: definition.parameterType,
        description: definition.description ?? '',
        isOptional: definition.isOptional || value !== undefined,
        ...(value === undefined ? {} : { default: value }),
        literals: definition.literals ?? [],
      };
    }),
    artifacts: Object.entries(artifacts).map(([name, definition]): InputArtifact => ({
      name,
      type: artifactTypeName(definition.artifactType),
      description: definition.description ?? '',
      isOptional: definition.isOptional,
      isList: definition.isArtifactList,
    })),
    recent,
  };
}

const RECENT_RUNS = 20;
const RECENT_SETS = 5;

/** What the newest of some runs were given: different sets of arguments, without the empty one. */
export async function recentArguments({ catalogue }: App, predicates: readonly Predicate[]): Promise<readonly JsonObject[]> {
  const { rows } = await catalogue.listCataloguedRuns({
    predicates,
    sort: { field: 'created_at_ms', descending: true },
    limit: RECENT_RUNS,
  });
  const sets = new Map(rows.map(({ details }) => [canonicalJson(details.parameters), details.parameters]));
  return [...sets.values()].filter((set) => Object.keys(set).length > 0).slice(0, RECENT_SETS);
}
