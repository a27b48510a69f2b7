/**
 * The first cycle in a directed graph, as the nodes along it with the first one repeated at the end; undefined if there is none.
 * Edges to nodes that are not in `nodes` are ignored. Does not recurse: a chain may be thousands of tasks long.
 */
export function findCycle(nodes: readonly string[], edgesOf: (node: string) => readonly string[]): string[] | undefined {
  const known = new Set(nodes);
  const finished = new Set<string>();
  for (const start of nodes) {
    const path: { readonly node: string; readonly edges: Iterator<string> }[] = [];
    const onPath = new Set<string>();
    const enter = (node: string) => {
      path.push({ node, edges: edgesOf(node)[Symbol.iterator]() });
      onPath.add(node);
    };
    if (!finished.has(start)) enter(start);
    while (path.length > 0) {
      const { node, edges } = path.at(-1)!;
      const { value: next, done } = edges.next();
      if (done) {
        path.pop();
        onPath.delete(node);
        finished.add(node);
      } else if (onPath.has(next)) {
        const names = path.map((entry) => entry.node);
        return [...names.slice(names.indexOf(next)), next];
      } else if (known.has(next) && !finished.has(next)) {
        enter(next);
      }
    }
  }
  return undefined;
}
