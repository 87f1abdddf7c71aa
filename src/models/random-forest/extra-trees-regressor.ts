import { defineRegressor } from '../../define/define-regressor.ts';
import { withoutBootstrap } from './forest-options.ts';
import { fitForestRegressor, forestRegressor, regressorOptions } from './forest-regressor.ts';

const MODEL = 'extra-trees-regressor';

/**
 * The mean of regression trees whose thresholds are drawn at random, the best column of each node winning. Options are those of scikit-learn's
 * ExtraTreesRegressor; missing values go to the side that fits best. The same forest for any number of threads.
 * Source: P. Geurts, D. Ernst, L. Wehenkel, "Extremely randomized trees" (2006).
 */
export const extraTreesRegressor = defineRegressor({
  name: MODEL,
  module: import.meta.url,
  summary: 'The mean of many trees that draw their thresholds at random.',
  use: 'Where a random forest fits noise, or takes too long: its trees are cheaper and differ more.',
  ...forestRegressor,
  options: regressorOptions.extend(withoutBootstrap),
  fit: (options, data, job) => fitForestRegressor(options, { splits: 'random', model: MODEL }, data, job),
});
