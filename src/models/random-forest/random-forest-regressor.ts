import { defineRegressor } from '../../define/define-regressor.ts';
import { splitsOption } from './forest-options.ts';
import { fitForestRegressor, forestRegressor, regressorOptions } from './forest-regressor.ts';

const MODEL = 'random-forest-regressor';

/**
 * The mean of regression trees, each grown on rows drawn with replacement. Options are those of scikit-learn's RandomForestRegressor, and
 * `splits`. The same forest for any number of threads. Source: L. Breiman, "Random forests" (2001).
 */
export const randomForestRegressor = defineRegressor({
  name: MODEL,
  module: import.meta.url,
  summary: 'The mean of many trees, each grown on its own sample of the rows.',
  use: 'A strong choice without tuning, which tells its own accuracy by the rows each tree left out.',
  ...forestRegressor,
  options: regressorOptions.extend({ splits: splitsOption }),
  fit: ({ splits, ...options }, data, job) =>
    fitForestRegressor(options, { splits, model: MODEL }, data, job),
});
