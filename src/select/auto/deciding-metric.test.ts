import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decidingMetric } from './deciding-metric.ts';

const split = (...test: number[]) => ({ train: Int32Array.of(), test: Int32Array.from(test) });
const nameOf = (...given: Parameters<typeof decidingMetric>) => decidingMetric(...given).scorer.name;

test('the problem decides the metric, unless one is wanted', () => {
  const two = { classes: ['no', 'yes'], y: Int32Array.of(0, 1, 0, 1) };
  const three = { classes: ['a', 'b', 'c'], y: Int32Array.of(0, 1, 2, 0) };
  const numbers = { classes: undefined, y: Float64Array.of(1, 2, 3, 4) };
  assert.equal(nameOf('regression', undefined, numbers, [split(0, 1)]), 'r2');
  assert.equal(nameOf('classification', undefined, two, [split(0, 1), split(2, 3)]), 'rocAuc');
  assert.equal(nameOf('classification', undefined, three, [split(0, 1)]), 'f1');
  assert.equal(nameOf('classification', 'logLoss', two, [split(0, 1)]), 'logLoss');
  assert.throws(() => nameOf('regression', 'accuracy', numbers, []), { code: 'option/wrong-problem' });
});

test('where a fold has one class only, there is no ROC curve and accuracy decides', () => {
  const grouped = { classes: [false, true], y: Int32Array.of(0, 0, 0, 1) };
  const { scorer, reason } = decidingMetric('classification', undefined, grouped, [split(0, 1), split(2, 3)]);
  assert.deepEqual([scorer.name, reason], ['accuracy', 'a fold holds rows of one class only']);
});
