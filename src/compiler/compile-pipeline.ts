import type { Problem } from '../base/errors.ts';
import { checkDocument } from '../ir/check.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';
import type { ScopeNode, TaskNode } from '../sdk/trace.ts';
import { buildExitTasks, buildTasks, dagOutputs, type PipelineBuild, wireTasks } from './build-scope.ts';
import { checkArguments } from './check-arguments.ts';
import { checkStructure } from './check-structure.ts';
import { PlacedProblems } from './placed-problems.ts';
import { inputDefinitions, outputDefinitions } from './port-definitions.ts';
import type { Port, Ports } from '../sdk/port-types.ts';
import { ScopeFlow, type ScopeOutput } from './scope-flow.ts';
import { type Fragment, SpecParts } from './spec-parts.ts';

export interface CompileOptions {
  /** Instead of the pipeline's own name. */
  readonly pipelineName?: string;
}

export interface CompileResult {
  /** Absent when there is an error among the problems. */
  readonly document?: PipelineDocument;
  /** With file and line of the user's code where they are known. */
  readonly problems: readonly Problem[];
}

/** What the IR says about who wrote it. */
export const SDK_VERSION = 'pipewright-0.1.0';

/** The IR of a pipeline. Pure: the same definition gives the same document. */
export function compilePipeline(definition: PipelineDefinition, options: CompileOptions = {}): CompileResult {
  const problems = new PlacedProblems();
  const fragment = compileFragment(definition, problems, new Map());
  if (problems.all.length > 0) return { problems: problems.all };
  const document = documentOf(definition, fragment, options);
  const found = checkDocument(document);
  return found.every(({ severity }) => severity === 'warning') ? { document, problems: found } : { problems: found };
}

function documentOf(definition: PipelineDefinition, fragment: Fragment, options: CompileOptions): PipelineDocument {
  const { displayName, description, pipelineRoot, config } = definition;
  const { root, components, executors, platform } = fragment;
  return {
    spec: {
      pipelineInfo: {
        name: options.pipelineName ?? definition.name,
        ...(displayName === undefined ? {} : { displayName }),
        ...(description === undefined ? {} : { description }),
      },
      schemaVersion: '2.1.0',
      sdkVersion: SDK_VERSION,
      ...(pipelineRoot === undefined ? {} : { defaultPipelineRoot: pipelineRoot }),
      root,
      components,
      executors,
    },
    platform: { executors: platform, pipelineConfig: config },
    defaultArguments: {},
  };
}

/** A pipeline with everything it is made of; nested ones are compiled once, however often they are used. */
function compileFragment(
  definition: PipelineDefinition,
  problems: PlacedProblems,
  done: Map<PipelineDefinition, Fragment>,
): Fragment {
  const known = done.get(definition);
  if (known !== undefined) return known;
  const { trace } = definition;
  const { root } = trace;
  problems.addTraced(trace.problems);
  checkStructure(definition, problems);
  for (const task of trace.tasks.values()) checkArguments(task, problems);
  const flow = new ScopeFlow(root, problems);
  const wirings = wireTasks(root, trace.tasks.values(), flow);
  const outputs = pipelineOutputs(definition, flow);
  const parts = new SpecParts();
  const compileNested = (nested: PipelineDefinition) => compileFragment(nested, problems, done);
  const build: PipelineBuild = { root, parts, flow, wirings, problems, compileNested };
  const tasks = buildTasks(build, root);
  const fragment: Fragment = {
    root: {
      inputDefinitions: inputDefinitions(definition.inputs),
      outputDefinitions: outputDefinitions(describedPorts(outputs, definition)),
      dag: { tasks: { ...tasks, ...buildExitTasks(build) }, outputs: dagOutputs(outputs) },
      taskConfigPassthroughs: [],
    },
    components: Object.fromEntries(parts.components),
    executors: Object.fromEntries(parts.executors),
    platform: Object.fromEntries(parts.platform),
  };
  done.set(definition, fragment);
  return fragment;
}

function describedPorts(outputs: ReadonlyMap<string, ScopeOutput>, { outputDescriptions }: PipelineDefinition): Ports {
  const ports = [...outputs].map(([name, { type }]): [string, Port] => {
    const description = outputDescriptions[name];
    return [name, { type, isOptional: false, ...(description === undefined ? {} : { description }) }];
  });
  return Object.fromEntries(ports);
}

/** Values the pipeline returns must be at its top, or come there by oneOf or collect. */
function pipelineOutputs({ outputs, trace }: PipelineDefinition, flow: ScopeFlow): Map<string, ScopeOutput> {
  const { root } = trace;
  const consumer: ScopeNode & Pick<TaskNode, 'name'> = { ...root, name: 'the pipeline' };
  return new Map(
    Object.entries(outputs).flatMap(([name, ref]): [string, ScopeOutput][] => {
      const source = flow.use(ref, root, consumer);
      if (source.kind !== 'taskOutput') return [];
      return [[name, { type: ref.type, isOneOf: false, selectors: [{ producerSubtask: source.producerTask, key: source.key }] }]];
    }),
  );
}
