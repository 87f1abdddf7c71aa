import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateClassification, evaluateRegression } from './evaluate.ts';
import { getScorer, type Scorer, scorers } from './registry.ts';

const weights = [1, 2, 0, 3, 1, 2];
/** Row `i` repeated as often as its weight says. */
function repeat<T>(rows: readonly T[]): T[] {
  return rows.flatMap((row, i) => Array<T>(weights[i]).fill(row));
}

const y = [3, 1, 4, 1.5, 5, 9];
const p = [2.5, 1, 4, 2, 5.5, 7];
const truth = ['a', 'b', 'a', 'b', 'b', 'a'];
const predicted = ['a', 'b', 'b', 'b', 'a', 'a'];
const probabilities = [0.2, 0.9, 0.6, 0.7, 0.4, 0.1].map((b) => [1 - b, b]);
const classes = ['a', 'b'];

function compute(scorer: Scorer, rows: <T>(values: readonly T[]) => T[], sampleWeight?: number[]): number {
  const context = { classes, positiveClass: 'b', sampleWeight };
  if (scorer.problem === 'regression') return scorer.compute(rows(y), rows(p), context);
  if (scorer.needs === 'prediction') return scorer.compute(rows(truth), rows(predicted), context);
  return scorer.compute(rows(truth), rows(probabilities), context);
}

for (const scorer of scorers.values()) {
  test(`${scorer.name}: integer weights count like repeated rows`, () => {
    const weighted = compute(scorer, (values) => [...values], weights);
    const repeated = compute(scorer, repeat);
    assert.ok(Number.isFinite(weighted));
    // The same sums of at most nine terms in another order.
    assert.ok(
      Math.abs(weighted - repeated) <= 1e-13 * Math.max(1, Math.abs(repeated)),
      `${weighted} ${repeated}`,
    );
  });

  test(`${scorer.name}: a perfect prediction scores no worse than a real one`, () => {
    const better = (a: number, b: number) => (scorer.greaterIsBetter ? a >= b : a <= b);
    const context = { classes, positiveClass: 'b' };
    const perfect = truth.map((label) => (label === 'b' ? [0, 1] : [1, 0]));
    const best =
      scorer.problem === 'regression'
        ? scorer.compute(y, y, context)
        : scorer.needs === 'prediction'
          ? scorer.compute(truth, truth, context)
          : scorer.compute(truth, perfect, context);
    assert.ok(
      better(
        best,
        compute(scorer, (values) => [...values]),
      ),
    );
  });
}

test('an unknown metric suggests the nearest name, one of the other problem is refused', () => {
  assert.throws(() => getScorer('rocAux'), /Did you mean 'rocAuc'\?/);
  assert.throws(() => getScorer('r2', 'classification'), { code: 'option/wrong-problem' });
  assert.equal(getScorer('f1', 'classification').title, 'F1 (macro)');
});

test('an evaluation reports what the scorers of the same name report', () => {
  const classification = evaluateClassification(truth, {
    predicted,
    probabilities,
    classes,
    sampleWeight: weights,
  });
  const regression = evaluateRegression(y, p, { sampleWeight: weights });
  for (const [name, value] of Object.entries({ ...classification, ...regression })) {
    if (typeof value !== 'number' || name === 'maxError') continue;
    assert.equal(
      value,
      compute(getScorer(name), (values) => [...values], weights),
      name,
    );
  }
  const { positive } = classification;
  assert.ok(positive);
  assert.equal(positive.class, 'b');
  for (const name of ['f1', 'precision', 'recall'] as const) {
    assert.equal(
      positive[name],
      compute(getScorer(`${name}Positive`), (values) => [...values], weights),
    );
  }
  assert.equal(
    positive.averagePrecision,
    compute(getScorer('averagePrecision'), (values) => [...values], weights),
  );
  assert.equal(
    positive.brier,
    compute(getScorer('brier'), (values) => [...values], weights),
  );
});

test('the first of two classes can be the positive one, from a table or from a single column', () => {
  const output = { predicted, classes, positiveClass: 'a' };
  const fromTable = evaluateClassification(truth, { ...output, probabilities });
  const fromColumn = evaluateClassification(truth, {
    ...output,
    probabilities: probabilities.map(([, b]) => b),
  });
  assert.deepEqual(fromColumn, fromTable);
  assert.equal(fromTable.positive?.class, 'a');
  assert.equal(fromTable.positive?.recall, 2 / 3);
});

test('figures that cannot be computed are NaN, not errors', () => {
  const oneClass = evaluateClassification(['a', 'a'], {
    predicted: ['a', 'b'],
    probabilities: [
      [1, 0],
      [0.4, 0.6],
    ],
    classes,
  });
  assert.equal(oneClass.rocAuc, NaN);
  assert.ok(Number.isFinite(oneClass.logLoss));
  const unseen = evaluateClassification(['a', 'new'], {
    predicted: ['a', 'b'],
    probabilities: [
      [1, 0],
      [0.4, 0.6],
    ],
    classes,
  });
  assert.deepEqual(unseen.unknownClasses, ['new']);
  assert.deepEqual([unseen.accuracy, unseen.rocAuc, unseen.logLoss], [0.5, NaN, NaN]);
  const labelsOnly = evaluateClassification(truth, { predicted, classes });
  assert.deepEqual([labelsOnly.accuracy, labelsOnly.logLoss], [4 / 6, NaN]);
  assert.equal(evaluateRegression([1], [2]).r2, NaN);
});

test('more than two classes have no positive class', () => {
  const three = evaluateClassification([0, 1, 2], {
    predicted: [0, 1, 1],
    probabilities: {
      rows: 3,
      columns: 3,
      data: Float32Array.of(0.8, 0.1, 0.1, 0.2, 0.6, 0.2, 0.1, 0.5, 0.4),
    },
    classes: [0, 1, 2],
  });
  assert.equal(three.positive, undefined);
  assert.equal(three.rocAuc, 1);
});

test('outputs of several columns are averaged, the largest error taken over all', () => {
  const result = evaluateRegression(
    [
      [1, 10],
      [2, 20],
    ],
    [
      [1, 13],
      [2, 20],
    ],
  );
  assert.equal(result.maxError, 3);
  assert.equal(result.mae, 0.75);
});
