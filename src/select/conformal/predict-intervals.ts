import { OptionError } from '../../core/errors.ts';
import type { TableLike } from '../../core/table.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import type { PredictOptions } from '../../define/fit-options.ts';
import { hasMethod } from '../../define/run.ts';
import { listOptions, withOptions } from '../search/option-paths.ts';
import type { Intervals } from './conformal-intervals.ts';

/**
 * Predictions with intervals of any coverage, of a fitted or loaded model that gives intervals (`conformalRegressor`, or a
 * pipeline that ends with it): its calibration errors are part of it, so the coverage may be chosen anew.
 * @param options.coverage Above 0 and below 1; default: that of the model.
 * @throws OptionError for a model without intervals, or another coverage; DataError when it is higher than the calibration rows allow.
 */
export async function predictIntervals(
  model: FittedRegressor,
  x: TableLike,
  { coverage, ...how }: PredictOptions & { readonly coverage?: number | undefined } = {},
): Promise<Intervals> {
  const { definition, options } = model.specification;
  if (!hasMethod(definition, 'predictInterval', options)) {
    throw new OptionError(
      'model/no-method',
      `${model.specification.name} has no predictInterval. Take conformalRegressor({ estimator: … }), or conformalIntervals.`,
      { model: model.specification.name, method: 'predictInterval' },
    );
  }
  const bounds = await withCoverage(model, coverage).predictInterval(x, how);
  return {
    prediction: await model.predict(x, how),
    lower: bounds.column(0),
    upper: bounds.column(1),
  };
}

/** The same fitted model with another value of its option. */
function withCoverage(model: FittedRegressor, coverage: number | undefined): FittedRegressor {
  if (coverage === undefined) return model;
  const specification = model.specification as FittedRegressor['specification'] & {
    restore(parts: object): FittedRegressor;
  };
  const found = listOptions(specification).find(
    ({ option, owner }) => option === 'coverage' && hasMethod(owner.definition, 'predictInterval'),
  );
  if (found === undefined) {
    throw new OptionError(
      'option/unsupported',
      `${specification.name} gives intervals of one coverage only.`,
      {
        option: 'coverage',
      },
    );
  }
  const { schema, target, state, summary } = model;
  return withOptions(specification, { [found.path]: coverage }).restore({ schema, target, state, summary });
}
