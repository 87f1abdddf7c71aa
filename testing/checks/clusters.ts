import assert from 'node:assert/strict';
import { hasMethod } from '../../src/define/run.ts';
import type { CheckTable } from '../check.ts';

/** What a clusterer gives. */
export const clusterChecks = {
  'labels-agree-with-predict': {
    holds: 'predict puts the training rows where labels has them',
    when: (definition) => definition.kind === 'clusterer' && hasMethod(definition, 'predict'),
    async run(subject) {
      const sample = subject.sample();
      const model = await subject.fit(sample);
      assert.deepEqual(await model.predict!(sample.x), model.labels);
    },
  },
} satisfies CheckTable;
