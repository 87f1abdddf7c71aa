import type { Specification } from '../../define/specification.ts';
import type { Spent } from './budget.ts';
import type { Ranking, Trial } from './trial.ts';

/** What a search found, before a last fit. */
export interface Findings<Spec extends Specification = Specification> {
  readonly bestSpecification: Spec;
  /** By option path. */
  readonly bestParams: Trial['params'];
  /** Mean of the ranking metric over the folds. */
  readonly bestScore: number;
  readonly bestTrial: Trial;
  /** All of them, by number. */
  readonly trials: readonly Trial[];
  readonly ranking: Ranking;
  readonly spent: Spent;
}

export interface SearchResult<Spec extends Specification, Model> extends Findings<Spec> {
  /** The best specification fitted on all rows; undefined with `refit: false`. */
  readonly model: Model;
}
