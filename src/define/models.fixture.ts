// Small models for the tests of this folder.
import { z } from 'zod';
import { integers, option } from '../core/options.ts';
import { defineClassifier } from './define-classifier.ts';
import { defineRegressor } from './define-regressor.ts';

/** Predicts shift + the weighted mean of each target. */
export const mean = defineRegressor({
  name: 'mean',
  module: import.meta.url,
  summary: 'The mean of the target.',
  use: 'A baseline.',
  severalTargets: true,
  options: z.strictObject({
    shift: option(z.number().default(0), 'Added to the mean.'),
    misbehave: option(
      z.enum(['no', 'spin', 'trap', 'throw', 'exit', 'warn']).default('no'),
      'What goes wrong.',
    ),
    rounds: option(z.int().positive().default(1), 'How often to repeat.', integers(1, 5)),
  }),
  fit({ shift, misbehave, rounds }, { y, targets, rows, sampleWeight }, job) {
    if (misbehave === 'throw') throw new RangeError('the fit is out of range');
    if (misbehave === 'exit') process.exit(7);
    if (misbehave === 'trap') job.team.call('trapProbe', 0);
    if (misbehave === 'warn') job.warn('mean/odd', 'Something is odd.');
    for (let round = 0; round < rounds; round++) {
      const until = performance.now() + 5;
      while (rounds > 1 && performance.now() < until);
      job.progress((round + 1) / rounds, `round ${round + 1}`);
      if (misbehave !== 'spin') job.checkpoint();
    }
    const means = new Float64Array(targets).fill(shift);
    let total = 0;
    for (let i = 0; i < rows; i++) total += sampleWeight?.[i] ?? 1;
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < targets; t++) means[t]! += ((sampleWeight?.[i] ?? 1) * y[i * targets + t]!) / total;
    }
    return { means, threads: job.threads };
  },
  predict: ({ means }, x) =>
    Float64Array.from({ length: x.rows * means.length }, (_, i) => means[i % means.length]!),
  attributes: ({ means, threads }) => ({ means, threads }),
});

/** Predicts the most frequent class. */
export const mode = defineClassifier({
  name: 'mode',
  module: import.meta.url,
  summary: 'The most frequent class.',
  use: 'A baseline.',
  weighted: false,
  options: z.strictObject({}),
  fit(_, { y, classes, rows }) {
    const share = new Float64Array(classes.length);
    for (const code of y) share[code]! += 1 / rows;
    return { share };
  },
  predictProba: ({ share }, x) =>
    Float64Array.from({ length: x.rows * share.length }, (_, i) => share[i % share.length]!),
  attributes: ({ share }) => ({ share }),
});

/** Asks a function of the user for the prediction. */
export const asked = defineRegressor({
  name: 'asked',
  module: import.meta.url,
  summary: 'Whatever a function says.',
  use: 'Tests.',
  options: z.strictObject({
    answer: option(
      z.custom<(rows: number) => Promise<number>>((f) => typeof f === 'function'),
      'The function.',
    ),
  }),
  fit: async ({ answer }, { rows }) => ({ value: await answer(rows) }),
  predict: ({ value }, x) => new Float64Array(x.rows).fill(value),
});
