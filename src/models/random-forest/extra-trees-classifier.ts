import { defineClassifier } from '../../define/define-classifier.ts';
import { classifierOptions, fitForestClassifier, forestClassifier } from './forest-classifier.ts';
import { withoutBootstrap } from './forest-options.ts';

const MODEL = 'extra-trees-classifier';

/**
 * The mean of the class shares of classification trees whose thresholds are drawn at random, the best column of each node winning. Options are
 * those of scikit-learn's ExtraTreesClassifier; missing values go to the side that fits best. The same forest for any number of threads.
 * Source: P. Geurts, D. Ernst, L. Wehenkel, "Extremely randomized trees" (2006).
 */
export const extraTreesClassifier = defineClassifier({
  name: MODEL,
  module: import.meta.url,
  summary: 'The vote of many trees that draw their thresholds at random.',
  use: 'Where a random forest fits noise, or takes too long: its trees are cheaper and differ more.',
  ...forestClassifier,
  options: classifierOptions.extend(withoutBootstrap),
  fit: (options, data, job) => fitForestClassifier(options, { splits: 'random', model: MODEL }, data, job),
});
