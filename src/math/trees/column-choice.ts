import type { RandomState } from '../../core/random.ts';

/** Which columns trees, levels of a tree and nodes may ask for. */
export interface ColumnLimits {
  /** Share of the columns that each node considers, drawn anew, of those that its level may. */
  readonly maxFeatures: number;
  /** Share of the columns that each tree may ask for. Default 1. */
  readonly maxFeaturesByTree?: number | undefined;
  /** Share of a tree's columns that its nodes of one depth may ask for. Default 1. */
  readonly maxFeaturesByLevel?: number | undefined;
  readonly interactions?: Interactions | undefined;
}

/** Sets of columns: a way from root to leaf asks for columns of one set only; or how many columns it asks for at most. */
export type Interactions = readonly (readonly number[])[] | { readonly most: number };

/** Draws the columns that nodes consider, and keeps ways within one set of columns. */
export class ColumnChoice {
  readonly #columns: number;
  readonly #limits: ColumnLimits;
  #tree: readonly number[];
  readonly #levels: (readonly number[])[] = [];

  constructor(columns: number, limits: ColumnLimits) {
    this.#columns = columns;
    this.#limits = limits;
    this.#tree = Array.from({ length: columns }, (_, j) => j);
  }

  /** Draws the columns of the next tree. */
  startTree(random: RandomState): void {
    this.#levels.length = 0;
    const { maxFeaturesByTree: share = 1 } = this.#limits;
    if (share >= 1) return;
    this.#tree = drawShare(
      Array.from({ length: this.#columns }, (_, j) => j),
      share,
      random,
    );
  }

  /**
   * A 1 for each column that a node may ask for; undefined when it may ask for all.
   * @param asked Columns asked for above it.
   */
  draw(depth: number, asked: readonly number[], random: RandomState): Uint8Array | undefined {
    const { maxFeatures, maxFeaturesByLevel = 1 } = this.#limits;
    if (maxFeaturesByLevel < 1) this.#levels[depth] ??= drawShare(this.#tree, maxFeaturesByLevel, random);
    const possible = this.#compatible(this.#levels[depth] ?? this.#tree, asked);
    const drawn = maxFeatures < 1 ? drawShare(possible, maxFeatures, random) : possible;
    if (drawn.length === this.#columns) return undefined;
    const allowed = new Uint8Array(this.#columns);
    for (const j of drawn) allowed[j] = 1;
    return allowed;
  }

  #compatible(columns: readonly number[], asked: readonly number[]): readonly number[] {
    const { interactions } = this.#limits;
    if (interactions === undefined) return columns;
    if ('most' in interactions) {
      if (asked.length < interactions.most) return columns;
      return columns.filter((column) => asked.includes(column));
    }
    const sets = interactions.filter((set) => asked.every((column) => set.includes(column)));
    const union = new Set(sets.flat());
    return columns.filter((column) => union.has(column));
  }
}

/** At least one, as long as there are any. */
function drawShare(columns: readonly number[], share: number, random: RandomState): readonly number[] {
  const count = Math.max(1, Math.round(share * columns.length));
  if (count >= columns.length) return columns;
  return Array.from(random.choice(columns.length, { size: count, replace: false }), (i) => columns[i]!);
}
