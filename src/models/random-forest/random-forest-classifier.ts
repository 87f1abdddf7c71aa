import { defineClassifier } from '../../define/define-classifier.ts';
import { classifierOptions, fitForestClassifier, forestClassifier } from './forest-classifier.ts';
import { splitsOption } from './forest-options.ts';

const MODEL = 'random-forest-classifier';

/**
 * The mean of the class shares of classification trees, each grown on rows drawn with replacement. Options are those of scikit-learn's
 * RandomForestClassifier, and `splits`. The same forest for any number of threads. Source: L. Breiman, "Random forests" (2001).
 */
export const randomForestClassifier = defineClassifier({
  name: MODEL,
  module: import.meta.url,
  summary: 'The vote of many trees, each grown on its own sample of the rows.',
  use: 'A strong choice without tuning, which tells its own accuracy by the rows each tree left out.',
  ...forestClassifier,
  options: classifierOptions.extend({ splits: splitsOption }),
  fit: ({ splits, ...options }, data, job) =>
    fitForestClassifier(options, { splits, model: MODEL }, data, job),
});
