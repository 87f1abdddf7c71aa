import assert from 'node:assert/strict';
import { copyData } from '../../src/define/copy-data.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import { hasOutputs } from './shapes.ts';

/** Nothing is left behind by one fit that another could see. */
export const independenceChecks = {
  'refit-forgets': {
    holds:
      'a fit does not depend on earlier fits of the same specification, and does not change their models',
    async run(subject) {
      const [sample, other] = [subject.sample(), subject.sample({ seed: 1, rows: 60 })];
      const first = await subject.fit(sample);
      const before = await outputsOf(first, sample.x);
      const state = copyData(first.state);
      await subject.fit(other);
      const again = await subject.fit(sample);
      assert.deepEqual(again.state, state, 'the state of a fit after another one');
      assertSame(await outputsOf(again, sample.x), before, 'a fit after another one');
      assertSame(await outputsOf(first, sample.x), before, 'the first model, after later fits');
    },
  },
  'predict-changes-nothing': {
    holds: 'predictions leave the model as it was',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const state = copyData(model.state);
      const first = await outputsOf(model, x);
      await outputsOf(model, subject.sample({ seed: 1, rows: 5 }).x);
      assertSame(await outputsOf(model, x), first, 'a second time');
      assert.deepEqual(model.state, state, 'the state after predictions');
    },
  },
  'fits-side-by-side': {
    holds: 'fits and predictions at the same time do not disturb one another',
    async run(subject) {
      const samples = [0, 1, 2, 3].map((seed) => subject.sample({ seed, rows: 40 + seed }));
      const alone = [];
      for (const sample of samples) alone.push(await outputsOf(await subject.fit(sample), sample.x));
      const fitted = await Promise.all(samples.map((sample) => subject.fit(sample)));
      const together = await Promise.all(fitted.map((model, i) => outputsOf(model, samples[i]!.x)));
      for (const [i, outputs] of together.entries())
        assertSame(outputs, alone[i]!, `fit ${i} of four at a time`);
    },
  },
} satisfies CheckTable;
