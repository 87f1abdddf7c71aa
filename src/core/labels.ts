/** A label of a class. */
export type Label = string | number | boolean;

/** The order of classes: numbers by value, text by code point (as NumPy sorts it), false before true. */
export function compareLabels(a: Label | bigint, b: Label | bigint): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `<` on strings compares UTF-16 units, which puts characters beyond U+FFFF before U+E000 to U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.codePointAt(i)! - b.codePointAt(i)!;
  }
  return a.length - b.length;
}

/** Distinct labels in order, and `rank[i]`, the place that `seen[i]` has among them. */
export function rankLabels<L extends Label | bigint>(
  seen: readonly L[],
): { readonly classes: L[]; readonly rank: Int32Array } {
  const order = Array.from(seen.keys()).sort((i, j) => compareLabels(seen[i]!, seen[j]!));
  const rank = new Int32Array(seen.length);
  for (const [place, i] of order.entries()) rank[i] = place;
  return { classes: order.map((i) => seen[i]!), rank };
}
