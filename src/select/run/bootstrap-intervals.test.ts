import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { evaluateClassification, evaluateRegression } from '../../metrics/evaluate.ts';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import { type ClassificationOutputs, weightedFigures } from './weighted-figures.ts';

const random = new RandomState(3);

function regression(n: number, noise = 1) {
  const truth = random.normal(50, 4, n);
  const errors = random.normal(0.3, noise, n);
  return { kind: 'regression' as const, truth, predicted: truth.map((value, i) => value + errors[i]!) };
}

/** Probabilities in steps of a tenth, so that there are ties. */
function classification(n: number, classes: number): ClassificationOutputs {
  const probabilities = new Float64Array(n * classes);
  const truth = new Int32Array(n);
  const predicted = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    truth[i] = random.randint(classes);
    const raw = Array.from({ length: classes }, (_, c) => random.randint(1, 10) + (c === truth[i] ? 3 : 0));
    const sum = raw.reduce((total, value) => total + value, 0);
    for (const [c, value] of raw.entries()) probabilities[i * classes + c] = value / sum;
    predicted[i] = raw.indexOf(Math.max(...raw));
  }
  const positive = classes === 2 ? 0 : undefined;
  return {
    ...{ kind: 'classification', truth, predicted, classes, modelClasses: classes, probabilities, positive },
  };
}

/** Sums in another order differ in their last digits. */
function assertClose(
  found: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(found)) {
    assert.ok(
      Math.abs(value - expected[name]!) <= 1e-12 * Math.max(1, Math.abs(value)),
      `${name}: ${value}, ${expected[name]}`,
    );
  }
}

test('figures with weights are those of the metrics', () => {
  const weights = Float64Array.from({ length: 41 }, (_, i) => i % 4);
  const numbers = regression(41);
  const { maxError, ...evaluated } = evaluateRegression(numbers.truth, numbers.predicted, {
    sampleWeight: weights,
  });
  assertClose(weightedFigures(numbers)(weights), { ...evaluated });
  for (const classes of [2, 3]) {
    const outputs = classification(41, classes);
    const { positive, unknownClasses, ...all } = evaluateClassification(Array.from(outputs.truth), {
      predicted: Array.from(outputs.predicted),
      probabilities: new Matrix({ rows: 41, columns: classes, data: outputs.probabilities! }),
      classes: Array.from({ length: classes }, (_, c) => c),
      positiveClass: outputs.positive,
      sampleWeight: weights,
    });
    const own = positive && {
      ...{ precisionPositive: positive.precision, recallPositive: positive.recall, f1Positive: positive.f1 },
      ...{ averagePrecision: positive.averagePrecision, brier: positive.brier },
    };
    const found = weightedFigures(outputs)(weights);
    assert.equal(Object.keys(found).length, classes === 2 ? 13 : 8);
    assertClose(found, { ...all, ...own });
  }
});

test('a whole weight counts like a row that is there so often', () => {
  const outputs = classification(30, 2);
  const times = Float64Array.from({ length: 30 }, (_, i) => (i * 7) % 3);
  const rows = Array.from(times).flatMap((count, i) => Array.from({ length: count }, () => i));
  const repeated = {
    ...outputs,
    truth: Int32Array.from(rows, (i) => outputs.truth[i]!),
    predicted: Int32Array.from(rows, (i) => outputs.predicted[i]!),
    probabilities: Float64Array.from(
      rows.flatMap((i) => Array.from(outputs.probabilities!.subarray(2 * i, 2 * i + 2))),
    ),
  };
  assertClose(
    weightedFigures(outputs)(times),
    weightedFigures(repeated)(new Float64Array(rows.length).fill(1)),
  );
});

test('the interval of a mean error is that of its standard error', async () => {
  const outputs = regression(400);
  const sizes = outputs.truth.map((value, i) => Math.abs(value - outputs.predicted[i]!));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / 400;
  const error = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / 400 / 400);
  const { mae } = await bootstrapIntervals({ outputs, sampleWeight: undefined, seed: 1 });
  // Ends of 1,000 resamples scatter by about 5% of a standard error.
  for (const [end, side] of [
    [mae![0], -1],
    [mae![1], 1],
  ] as const) {
    assert.ok(Math.abs((end - mean) / error - 1.96 * side) < 0.25, `${(end - mean) / error}`);
  }
});

test('intervals of many rows are drawn from a part of them, and shrink as if from all', async () => {
  const outputs = regression(40_000);
  const { mae } = await bootstrapIntervals({ outputs, sampleWeight: undefined, seed: 1, resamples: 300 });
  const sizes = outputs.truth.map((value, i) => Math.abs(value - outputs.predicted[i]!));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const error = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0)) / sizes.length;
  const width = (mae![1] - mae![0]) / error;
  assert.ok(mae![0] < mean && mean < mae![1]);
  assert.ok(width > 3.2 && width < 4.7, `${width} standard errors instead of 3.92`);
});

test('the same seed gives the same intervals; what is undefined in most samples has none', async () => {
  const outputs = classification(60, 3);
  const twice = await Promise.all(
    [1, 2].map(() => bootstrapIntervals({ outputs, sampleWeight: undefined, seed: 5 })),
  );
  assert.deepEqual(twice[0], twice[1]);
  assert.ok(twice[0]!.accuracy![0] < twice[0]!.accuracy![1]);
  const rare = { ...outputs, truth: outputs.truth.map((_, i) => (i === 0 ? 2 : i % 2)) };
  const few = await bootstrapIntervals({ outputs: rare, sampleWeight: undefined, seed: 5 });
  assert.equal(few.rocAuc, null);
  assert.notEqual(few.accuracy, null);
  const single = { kind: 'regression' as const, truth: Float64Array.of(1), predicted: Float64Array.of(2) };
  const { r2, mae } = await bootstrapIntervals({ outputs: single, sampleWeight: undefined, seed: 5 });
  assert.deepEqual([r2, mae], [null, [1, 1]]);
});
