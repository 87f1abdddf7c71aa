// Models for the tests of pipelines.
import { z } from 'zod';
import { defineClassifier } from '../../define/define-classifier.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import { defineRegressor } from '../../define/define-regressor.ts';

/** Two clusters: rows whose first number is above 0, and the others. */
export const parts = defineClusterer({
  name: 'parts',
  module: import.meta.url,
  summary: 'Above 0 or not.',
  use: 'Tests.',
  weighted: false,
  options: z.strictObject({}),
  fit: (_, { x }) => ({ found: Int32Array.from({ length: x.rows }, (_, i) => (x.at(i, 0) > 0 ? 1 : 0)) }),
  labels: ({ found }) => found,
  predict: (_, x) => Int32Array.from({ length: x.rows }, (_, i) => (x.at(i, 0) > 0 ? 1 : 0)),
});

/** Remembers what its fit was told. */
export const recorder = defineRegressor({
  name: 'recorder',
  module: import.meta.url,
  summary: 'Remembers.',
  use: 'Tests.',
  continues: true,
  options: z.strictObject({}),
  fit(_, { validation, sampleWeight, groups, from }, job) {
    job.warn('recorder/seen', 'Seen.');
    job.progress(1, 'remembered');
    return {
      validation: validation?.x.data.slice() ?? new Float64Array(0),
      weights: sampleWeight?.slice() ?? new Float64Array(0),
      groups: groups?.slice() ?? new Int32Array(0),
      fits: 1 + ((from as { fits?: number } | undefined)?.fits ?? 0),
    };
  },
  predict: (_, x) => new Float64Array(x.rows),
  attributes: (seen) => ({ seen }),
});

/** Predicts the second class, without a probability. */
export const second = defineClassifier({
  name: 'second',
  module: import.meta.url,
  summary: 'The second class.',
  use: 'Tests.',
  options: z.strictObject({}),
  fit: () => ({}),
  predict: (_, x) => new Int32Array(x.rows).fill(1),
});
