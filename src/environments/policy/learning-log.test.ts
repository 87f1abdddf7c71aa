import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LearningLog } from './learning-log.ts';

const evaluation = (meanReturn: number) => ({ episodes: 5, meanReturn, standardDeviation: 1, meanLength: 9 });

test('evaluations are due evenly over what is used up first, steps or episodes, and each once', () => {
  const log = new LearningLog<string>({ evaluations: 4, budget: { steps: 100, episodes: 10 } }, undefined);
  assert.equal(log.isDue(24, 2), false);
  assert.equal(log.isDue(25, 2), true);
  assert.equal(log.isDue(3, 3), true);
  log.add(evaluation(1), 30, 2, 'first');
  assert.equal(log.isDue(49, 4), false);
  // Several at once are made up for by one.
  assert.equal(log.isDue(80, 5), true);
  log.add(evaluation(1), 80, 5, 'second');
  assert.equal(log.isDue(99, 9), false);
  assert.equal(log.isDue(100, 9), true);
  log.add(evaluation(1), 100, 9, 'third');
  assert.equal(log.isDue(400, 40), false);
});

test('the best is kept, the later of equals, and a log that goes on from an earlier one knows it', () => {
  const context = { evaluations: 4, budget: { steps: 100, episodes: Number.POSITIVE_INFINITY } };
  const log = new LearningLog<string>(context, undefined);
  assert.deepEqual([log.best, log.bestReturn], [undefined, Number.NEGATIVE_INFINITY]);
  for (const [k, mean] of [3, 7, 7].entries()) log.add(evaluation(mean), 25 * (k + 1), k, String(k));
  assert.equal(log.best, '2');
  const on = new LearningLog<string>(context, {
    ...{ curve: log.curve, steps: 75, episodes: 2, bestReturn: log.bestReturn, best: '2' },
  });
  assert.equal(on.isDue(99, 3), false);
  on.add(evaluation(5), 100, 3, '3');
  assert.deepEqual([on.best, on.bestReturn], ['2', 7]);
  assert.deepEqual(on.curve.meanReturn, [3, 7, 7, 5]);
  assert.deepEqual(on.curve.steps, [25, 50, 75, 100]);
  assert.equal(log.curve.steps.length, 3, 'the earlier one stays');
});
