import type { Native } from '../api/operations.ts';
import type { LayoutGraph } from '../graph/layout/layout-graph.ts';

export type Lineage = Native<'Lineage'>;

export const ARTIFACT_SIZE = { width: 200, height: 52 } as const;
export const EXECUTION_SIZE = { width: 220, height: 64 } as const;

export const artifactNode = (id: string): string => `artifact:${id}`;
export const executionNode = (id: string): string => `execution:${id}`;

/** A lineage as a graph: from what was read to the execution, from the execution to what it wrote. */
export function lineageGraph({ artifacts = [], executions = [], edges = [] }: Lineage): LayoutGraph {
  const nodes = [
    ...artifacts.map(({ artifact_id = '' }) => ({ id: artifactNode(artifact_id), ...ARTIFACT_SIZE })),
    ...executions.map(({ task_id = '' }) => ({ id: executionNode(task_id), ...EXECUTION_SIZE })),
  ];
  const index = new Map(nodes.map(({ id }, at) => [id, at]));
  const pairs = edges.flatMap(({ artifact_id = '', task_id = '', direction }): (readonly [number, number])[] => {
    const artifact = index.get(artifactNode(artifact_id));
    const execution = index.get(executionNode(task_id));
    if (artifact === undefined || execution === undefined) return [];
    return [direction === 'input' ? [artifact, execution] : [execution, artifact]];
  });
  return { nodes, edges: pairs };
}

/** The same as sentences: what made an artifact and what used it, for those who do not see the graph. */
export function neighboursOf({ executions = [], edges = [] }: Lineage, artifactId: string) {
  const of = (direction: string) => {
    const ids = new Set(
      edges.filter((edge) => edge.artifact_id === artifactId && edge.direction === direction).map(({ task_id }) => task_id),
    );
    return executions.filter(({ task_id }) => ids.has(task_id));
  };
  return { madeBy: of('output'), usedBy: of('input') };
}
