/** When categories count as rare, to be taken together; scikit-learn's rules. */
export interface RareRules {
  /** Least number of rows (1 or more) or least share of the rows (below 1) of a category of its own. */
  readonly minFrequency?: number | undefined;
  /** Most categories, the one of the rare ones included; the rarest go first, among equals the first. */
  readonly maxCategories?: number | undefined;
}

/**
 * The places of rare categories, ascending.
 * @param counts Rows of each category.
 */
export function rareCategories(
  counts: Int32Array,
  rows: number,
  { minFrequency, maxCategories }: RareRules,
): Int32Array {
  const least = minFrequency === undefined ? 0 : minFrequency < 1 ? minFrequency * rows : minFrequency;
  const isRare = Array.from(counts, (count) => count < least);
  const common = isRare.filter((rare) => !rare).length;
  if (maxCategories !== undefined && maxCategories < common + 1) {
    const byCount = Array.from(counts.keys()).sort((a, b) => counts[a]! - counts[b]! || a - b);
    for (const place of byCount.slice(0, counts.length - (maxCategories - 1))) isRare[place] = true;
  }
  return Int32Array.from(counts.keys().filter((place) => isRare[place]!));
}

/** The place of each category once the rare ones share the last: common ones keep their order. */
export function groupRare(categories: number, rare: Int32Array): Int32Array {
  const grouped = new Int32Array(categories);
  let next = 0;
  for (let place = 0; place < categories; place++) if (!rare.includes(place)) grouped[place] = next++;
  for (const place of rare) grouped[place] = next;
  return grouped;
}
