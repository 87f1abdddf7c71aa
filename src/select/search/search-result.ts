import type { Matrix } from '../../core/matrix.ts';
import type { ClassifierSpecification, FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor, RegressorSpecification } from '../../define/define-regressor.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { Specification } from '../../define/specification.ts';
import type { LabelOf, NumericTargets } from '../../define/targets.ts';
import type { Spent } from './budget.ts';
import type { Ranking, Trial } from './trial.ts';

/** What a specification becomes when it is fitted on a target of type `Y`. */
export type FittedBy<Spec, Y> =
  Spec extends RegressorSpecification<infer A, infer M>
    ? Y extends NumericTargets
      ? FittedRegressor<M, Matrix>
      : FittedRegressor<A>
    : Spec extends ClassifierSpecification<infer A>
      ? FittedClassifier<LabelOf<Y>, A>
      : FittedModel;

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
