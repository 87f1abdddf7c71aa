import { type LeafRule, leafScore } from './leaf-rule.ts';
import type { NodeSums } from './split.ts';

/** How columns of categories are split. */
export interface CategoryLimits {
  /** Columns of at most so many categories have each tried against the others. */
  readonly maxCatToOnehot: number;
  /** Rows below which a category stays with the larger part, and what steadies the order of the others. */
  readonly catSmooth: number;
  /** Added to `l2` where several categories are set against the others. */
  readonly catL2: number;
  /** Most categories on the side that is named. */
  readonly maxCatThreshold: number;
  /** Fewest rows by which one candidate differs from the one before. */
  readonly minDataPerGroup: number;
}

export interface CategorySplit {
  readonly score: number;
  /** Codes that go left; without the missing values. */
  readonly categories: readonly number[];
  readonly missingLeft: boolean;
  readonly leftGradient: number;
  readonly leftHessian: number;
  /** Penalty of the leaves that come of it. */
  readonly l2: number;
}

export interface CategoryRule extends LeafRule {
  readonly minSamplesLeaf: number;
  readonly minHessian: number;
  readonly categories: CategoryLimits;
}

/**
 * The best split of a column of categories into two sets, by Σ G² / (H + l2) of both sides. For two sides and a convex loss the best is
 * among the cuts of the categories in the order of G / H (W. D. Fisher, "On grouping for maximum homogeneity", 1958);
 * here of G / (H + catSmooth), so that rare ones do not come first, cut from both ends as in G. Ke et al., "LightGBM" (2017).
 * Missing values are a category like the others.
 * @param pairs Σ gradient and Σ hessian of each category, from `at` on, those of the missing values last.
 * @param levels How many categories there are.
 */
export function bestCategorySplit(
  pairs: Float64Array,
  at: number,
  levels: number,
  node: NodeSums,
  rule: CategoryRule,
): CategorySplit | undefined {
  const { catSmooth, catL2, maxCatToOnehot } = rule.categories;
  const rowsPerHessian = node.hessian > 0 ? node.rows / node.hessian : 0;
  const present: Category[] = [];
  for (let code = 0; code <= levels; code++) {
    const [gradient, hessian] = [pairs[at + 2 * code]!, pairs[at + 2 * code + 1]!];
    const rows = Math.floor(hessian * rowsPerHessian + 0.5);
    if (hessian > 0) present.push({ code, gradient, hessian, rows, order: gradient / (hessian + catSmooth) });
  }
  const hasMissing = pairs[at + 2 * levels + 1]! > 0 ? 1 : 0;
  const total = { ...node, levels };
  if (levels + hasMissing <= maxCatToOnehot) {
    const search = new Search(total, rule, rule.l2);
    for (const category of present) search.tryAlone(category);
    return search.best;
  }
  const ordered = present
    .filter(({ rows }) => rows >= catSmooth)
    .sort((a, b) => a.order - b.order || a.code - b.code);
  const search = new Search(total, rule, rule.l2 + catL2);
  const most = Math.min(rule.categories.maxCatThreshold, (ordered.length + 1) >> 1);
  search.tryFirst(ordered, most);
  search.tryFirst(ordered.toReversed(), most);
  return search.best;
}

interface Category {
  readonly code: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
  readonly order: number;
}

class Search {
  #best: (Omit<CategorySplit, 'categories' | 'missingLeft'> & { chosen(): readonly Category[] }) | undefined;
  readonly #rule: CategoryRule;
  readonly #node: NodeSums & { readonly levels: number };

  constructor(node: NodeSums & { readonly levels: number }, rule: CategoryRule, l2: number) {
    this.#node = node;
    this.#rule = { ...rule, l2 };
  }

  get best(): CategorySplit | undefined {
    if (this.#best === undefined) return undefined;
    const { chosen, ...found } = this.#best;
    const codes = chosen().map(({ code }) => code);
    const { levels } = this.#node;
    return {
      ...found,
      categories: codes.filter((code) => code < levels).sort((a, b) => a - b),
      missingLeft: codes.includes(levels),
    };
  }

  /** One category against all others. */
  tryAlone(category: Category): void {
    if (this.#fits(category) === 'yes') this.#weigh(category, () => [category]);
  }

  /** The first, the first two, … `most` categories against the others. */
  tryFirst(ordered: readonly Category[], most: number): void {
    const { minDataPerGroup } = this.#rule.categories;
    const left = { gradient: 0, hessian: 0, rows: 0 };
    let added = 0;
    for (let i = 0; i < most; i++) {
      const { gradient, hessian, rows } = ordered[i]!;
      left.gradient += gradient;
      left.hessian += hessian;
      left.rows += rows;
      added += rows;
      const fit = this.#fits(left);
      if (fit === 'right too small' || this.#node.rows - left.rows < minDataPerGroup) return;
      if (fit !== 'yes' || added < minDataPerGroup) continue;
      added = 0;
      this.#weigh(left, () => ordered.slice(0, i + 1));
    }
  }

  #fits({ hessian, rows }: NodeSums): 'yes' | 'left too small' | 'right too small' {
    const { minSamplesLeaf, minHessian } = this.#rule;
    const rest = this.#node.hessian - hessian;
    if (this.#node.rows - rows < minSamplesLeaf || rest < minHessian || rest <= 0) return 'right too small';
    return rows < minSamplesLeaf || hessian < minHessian || hessian <= 0 ? 'left too small' : 'yes';
  }

  #weigh({ gradient, hessian }: NodeSums, chosen: () => readonly Category[]): void {
    const [node, rule] = [this.#node, this.#rule];
    const score =
      leafScore(gradient, hessian, rule) + leafScore(node.gradient - gradient, node.hessian - hessian, rule);
    if (this.#best !== undefined && !(score > this.#best.score)) return;
    this.#best = { score, l2: rule.l2, leftGradient: gradient, leftHessian: hessian, chosen };
  }
}
