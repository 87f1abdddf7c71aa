/**
 * One cycle of each strongly connected component of a directed graph, as `[a, b, …, a]`: empty when there is none.
 * Components by Tarjan, "Depth-first search and linear graph algorithms" (1972); within one, the shortest cycle through
 * its first node, by breadth-first search.
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  return components(edges)
    .map((component) => cycleWithin(edges, component))
    .filter((cycle) => cycle !== undefined);
}

function components(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    const order = index.size;
    index.set(node, order);
    low.set(node, order);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) === order) found.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}

function cycleWithin(
  edges: ReadonlyMap<string, readonly string[]>,
  component: string[],
): string[] | undefined {
  const start = component.toSorted()[0]!;
  const inside = new Set(component);
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of edges.get(path.at(-1)!) ?? []) {
      if (next === start) return [...path, start];
      if (!inside.has(next) || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}
