/** Which rows a tree of a forest sees. Plain data. */
export interface ForestDraws {
  /** Whether rows are drawn, with replacement; else each tree sees all. */
  readonly isBootstrap: boolean;
  /** Rows drawn. */
  readonly size: number;
  /** Whether the classes of each sample are made to weigh the same. */
  readonly isBalanced: boolean;
}

/** Words of the random state of each tree: of xoshiro128++, in the kernels. */
export const SEED_WORDS = 4;

/** Bytes of the bits that say which rows are in the sample of a tree. */
export function bagBytes(rows: number): number {
  return Math.ceil(rows / 8);
}
