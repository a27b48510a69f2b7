import type { JsonValue } from '../base/json.ts';
import type { Artifact } from '../model/artifact.ts';
import { isGoodTask } from '../model/states.ts';
import type { ScopeTemplate } from './plan.ts';
import { NO_VALUES, type TaskInstance, type Values } from './run-data.ts';

/**
 * Outputs of a scope by its selectors. Tolerant: an output whose producer was skipped is simply absent, so that a branch not
 * taken does not fail the pipeline; a consumer that needs it fails with a message of its own. Of several selectors (`OneOf`)
 * the first whose producer succeeded counts.
 */
export function scopeOutputs(task: TaskInstance): Values {
  const template = task.template as ScopeTemplate;
  const { scopeOutputs: selectors } = template;
  const parameters: Record<string, JsonValue> = {};
  for (const [name, output] of Object.entries(selectors.parameters)) {
    for (const selector of output.kind === 'oneof' ? output.selectors : [output.selector]) {
      const value = outputsOf(task, template, selector.producerSubtask)?.parameters[selector.outputParameterKey];
      if (value === undefined) continue;
      parameters[name] = value;
      break;
    }
  }
  const artifacts: Record<string, readonly Artifact[]> = {};
  for (const [name, { artifactSelectors }] of Object.entries(selectors.artifacts)) {
    for (const selector of artifactSelectors) {
      const found = outputsOf(task, template, selector.producerSubtask)?.artifacts[selector.outputArtifactKey];
      if (found === undefined) continue;
      artifacts[name] = found;
      break;
    }
  }
  return { parameters, artifacts };
}

/** What the named task of this scope has put out; undefined unless it succeeded. */
export function outputsOf(scope: TaskInstance, template: ScopeTemplate, key: string): Values | undefined {
  const index = template.indexOf.get(key);
  const producer = index === undefined ? undefined : scope.children[index];
  if (!producer || !isGoodTask(producer.state)) return undefined;
  return producer.outputs ?? NO_VALUES;
}
