import { andThen, type Eventually } from '../core/eventually.ts';
import type { Frame } from '../core/frame.ts';
import { runInlineNow } from '../jobs/inline.ts';
import type { CodesAndProba } from './definition.ts';
import { type FittedModel, rowOperations } from './fitted.ts';
import { INLINE_OPERATIONS } from './place.ts';
import { applyBoth, applyModel, hasMethod } from './run.ts';
import { packSpecification } from './specification.ts';

/**
 * What a regressor or a classifier says of a small table, at once on the caller's thread and without a promise where the model allows;
 * the same bits as `predict`, `predictProba` and `predictInterval`.
 * @param x The model's columns in their order and of their kinds; that is not checked.
 * @returns undefined when the work is too long for the caller's thread, or other inline work has not ended: then `predict`
 *   does it.
 * @throws DataError naming a column whose value the model cannot take.
 */
export type QuickPredictor = (x: Frame) => Eventually<QuickPrediction> | undefined;
export type QuickPrediction =
  | {
      readonly kind: 'values';
      readonly values: Float64Array;
      /** Row-major, rows × 2: lower and upper bound; absent when the model gives none. */
      readonly bounds?: Float64Array;
    }
  | ({ readonly kind: 'classes' } & CodesAndProba);

/** The quick predictor of a model: for a server, which predicts the requests of one turn of its event loop together. */
export function quickPredictor(model: FittedModel): QuickPredictor {
  const { specification, state } = model;
  const mostRows = INLINE_OPERATIONS / rowOperations(model);
  const { functions } = packSpecification(specification);
  const isClassifier = specification.kind === 'classifier';
  const hasBounds = hasMethod(specification.definition, 'predictInterval', specification.options);
  return (x) => {
    if (x.rows > mostRows) return undefined;
    return runInlineNow<QuickPrediction>(
      (job) => {
        if (isClassifier) {
          const both = applyBoth(specification as never, state, x, job);
          return both instanceof Promise ? both.then(classesOf) : classesOf(both);
        }
        const numbers = (method: 'predict' | 'predictInterval') =>
          applyModel(specification, state, method, x, job) as Eventually<Float64Array>;
        if (!hasBounds) return andThen(numbers('predict'), valuesOf);
        return andThen(numbers('predict'), (values) =>
          andThen(numbers('predictInterval'), (bounds) => ({ kind: 'values', values, bounds })),
        );
      },
      { functions },
    );
  };
}

const valuesOf = (values: Float64Array): QuickPrediction => ({ kind: 'values', values });
const classesOf = (both: CodesAndProba): QuickPrediction => ({ kind: 'classes', ...both });
