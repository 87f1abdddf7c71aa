import type { Matrix } from '../../core/matrix.ts';
import type { ClassifierSpecification, FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor, RegressorSpecification } from '../../define/define-regressor.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { LabelOf, NumericTargets } from '../../define/targets.ts';

/** What a specification becomes when it is fitted on a target of type `Y`. */
export type FittedBy<Spec, Y> =
  Spec extends RegressorSpecification<infer A, infer M>
    ? Y extends NumericTargets
      ? FittedRegressor<M, Matrix>
      : FittedRegressor<A>
    : Spec extends ClassifierSpecification<infer A>
      ? FittedClassifier<LabelOf<Y>, A>
      : FittedModel;
