import assert from 'node:assert/strict';
import { compareLabels, type Label } from '../../src/core/labels.ts';
import type { CheckTable } from '../check.ts';
import { type Output, outputsOf } from '../outputs.ts';
import { takeRows } from '../samples.ts';
import { assertRefused, type Subject } from '../subject.ts';

/** Labels, probabilities and scores of classifiers. */
export const classChecks = {
  'labels-keep-their-type': {
    holds: 'texts, numbers and booleans as classes give the same predictions in their own type',
    when: isClassifier,
    async run(subject) {
      const [first, second] = [
        await predictedRanks(subject, ['a', 'b']),
        await predictedRanks(subject, [-1, 10]),
      ];
      assert.deepEqual(second, first, 'numbers as classes');
      assert.deepEqual(await predictedRanks(subject, [false, true]), first, 'booleans as classes');
      const three = await predictedRanks(subject, ['10', '9', 'é']);
      assert.deepEqual(await predictedRanks(subject, [2, 9, 10]), three, 'three numbers as classes');
    },
  },
  'classes-in-order': {
    holds: 'classes are sorted, numbers by value and text by code point, in whatever order they appear',
    when: isClassifier,
    async run(subject) {
      for (const labels of [
        [10, 9, -2] as const,
        ['é', 'z', 'Z', '10', '9'] as const,
        [true, false] as const,
      ]) {
        const sample = subject.sample({ labels });
        const expected = [...labels].sort(compareLabels);
        const rows = Array.from({ length: sample.x.rows }, (_, i) => i);
        for (const order of [rows, rows.toReversed()])
          assert.deepEqual((await subject.fit(takeRows(sample, order))).classes, expected);
      }
    },
  },
  'positive-class': {
    holds: 'the positive class is the second of two unless said otherwise, and must be one of the classes',
    when: isClassifier,
    async run(subject) {
      const sample = subject.sample({ labels: ['no', 'yes'] });
      assert.equal((await subject.fit(sample)).positiveClass, 'yes');
      assert.equal((await subject.fit(sample, { positiveClass: 'no' })).positiveClass, 'no');
      assert.equal((await subject.fit(subject.sample())).positiveClass, null, 'with three classes');
      await assertRefused('an unknown positive class', () => subject.fit(sample, { positiveClass: 'yess' }), {
        codes: ['option/invalid'],
        mentions: ['yess'],
      });
    },
  },
  'probabilities-valid': {
    holds: 'probabilities lie between 0 and 1 and sum to 1 in each row',
    when: (definition) => isClassifier(definition) && definition.predictProba !== undefined,
    async run(subject) {
      for (const labels of [['no', 'yes'], undefined]) {
        const sample = subject.sample(labels && { labels });
        // Rows far from all that was seen, too.
        const far = subject.sample({ seed: 1, ...(labels && { labels }) });
        const model = await subject.fit(sample);
        for (const { x } of [sample, far]) {
          const { predictProba } = await outputsOf(model, x);
          // With some options a model may have none.
          for (const [i, row] of (predictProba === undefined ? [] : rowsOf(predictProba)).entries()) {
            assert.ok(
              row.every((p) => p >= 0 && p <= 1),
              `row ${i} has ${row.join(', ')}`,
            );
            const sum = row.reduce((total, p) => total + p, 0);
            // Each of a few classes is rounded once, by at most half a unit in the last place of 1.
            assert.ok(Math.abs(sum - 1) < 1e-12, `the probabilities of row ${i} sum to ${sum}`);
          }
        }
      }
    },
  },
  'predict-agrees-with-scores': {
    holds: 'predict gives the class of the largest probability and of the largest score',
    when: (definition) =>
      isClassifier(definition) &&
      (definition.predictProba !== undefined || definition.decisionFunction !== undefined),
    async run(subject) {
      for (const labels of [['no', 'yes'], undefined]) {
        const sample = subject.sample(labels && { labels });
        const model = await subject.fit(sample);
        const { predict, predictProba, decisionFunction } = await outputsOf(model, sample.x);
        const codes = predict!.cells.map((label) => model.classes!.indexOf(label));
        if (predictProba !== undefined) assertLargest(rowsOf(predictProba), codes, 'probability');
        if (decisionFunction === undefined) continue;
        // One score a row: its sign decides between the first and the second class.
        const scores = rowsOf(decisionFunction).map((row) => (row.length === 1 ? [-row[0]!, row[0]!] : row));
        assertLargest(scores, codes, 'score');
      }
    },
  },
} satisfies CheckTable;

function isClassifier<D extends { readonly kind: string }>(
  definition: D,
): definition is D & { kind: 'classifier' } {
  return definition.kind === 'classifier';
}

/** Predictions on data labelled with `labels` (in sorted order), as places in that order. */
async function predictedRanks(subject: Subject, labels: readonly Label[]): Promise<number[]> {
  const sample = subject.sample({ labels });
  const model = await subject.fit(sample);
  assert.deepEqual(model.classes, labels);
  return (await outputsOf(model, sample.x)).predict!.cells.map((label) => {
    const rank = labels.indexOf(label!);
    assert.ok(
      rank >= 0,
      `predict gives ${JSON.stringify(label)}, which is none of ${JSON.stringify(labels)}`,
    );
    return rank;
  });
}

function rowsOf({ rows, columns, cells }: Output): number[][] {
  return Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns) as number[]);
}

/** Among equals any may be predicted. */
function assertLargest(rows: readonly number[][], codes: readonly number[], what: string): void {
  for (const [i, row] of rows.entries()) {
    const chosen = row[codes[i]!];
    assert.equal(
      chosen,
      Math.max(...row),
      `row ${i}: predict gives class ${codes[i]} of the ${what}s ${row.join(', ')}`,
    );
  }
}
