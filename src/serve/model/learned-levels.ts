import type { Label } from '../../core/labels.ts';

/** Nodes of a state that are looked at: encoders come early, and the trees of a forest are many. */
const MOST_NODES = 20_000;

/**
 * The categories that the encoders inside a fitted state have learned, by the name of their column: every encoder keeps them
 * as `{ name, kind, levels }`.
 */
export function learnedLevels(state: object): ReadonlyMap<string, readonly Label[]> {
  const found = new Map<string, readonly Label[]>();
  const open: object[] = [state];
  for (let looked = 0; open.length > 0 && looked < MOST_NODES; looked++) {
    const node = open.pop()!;
    if (ArrayBuffer.isView(node)) continue;
    const { name, kind, levels } = node as { name?: unknown; kind?: unknown; levels?: unknown };
    const isEncoded = kind === 'string' || kind === 'number' || kind === 'boolean';
    if (typeof name === 'string' && isEncoded && (Array.isArray(levels) || levels instanceof Float64Array)) {
      found.set(name, Array.from(levels as ArrayLike<Label>));
      continue;
    }
    for (const part of Object.values(node)) if (typeof part === 'object' && part !== null) open.push(part);
  }
  return found;
}
