import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dcgScore, ndcgScore } from './ranking.ts';

/** What parity/ranking.py writes. */
const { metrics } = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/ranking.json', import.meta.url), 'utf8'),
) as {
  readonly metrics: readonly {
    readonly truth: readonly (readonly number[])[];
    readonly score: readonly (readonly number[])[];
    readonly dcg: number;
    readonly ndcg: number;
    readonly ndcgAt3: number;
    readonly ndcgInOrder: number;
  }[];
};

test("gains by place are scikit-learn's, over queries and with ties", () => {
  for (const { truth, score, ...wanted } of metrics) {
    const groups = truth.flatMap((row, q) => row.map(() => `query ${q}`));
    const [y, s] = [truth.flat(), score.flat()];
    const found = {
      dcg: dcgScore(y, s, { groups }),
      ndcg: ndcgScore(y, s, { groups }),
      ndcgAt3: ndcgScore(y, s, { groups, k: 3 }),
      ndcgInOrder: ndcgScore(y, s, { groups, k: 5, ignoreTies: true }),
    };
    for (const [name, value] of Object.entries(wanted)) {
      // Sums of eight terms.
      assert.ok(Math.abs(found[name as keyof typeof found] - value) < 1e-12, name);
    }
  }
});

test('the best order scores 1, exponential gains tell high relevances apart', () => {
  assert.equal(ndcgScore([3, 2, 1, 0], [9, 5, 2, 1]), 1);
  assert.ok(Math.abs(dcgScore([2, 0], [1, 0], { gain: 'exponential' }) - 3) < 1e-15);
  assert.equal(ndcgScore([0, 0], [1, 2]), 0);
});

test('relevances below 0, other lengths and k below 1 are refused by name', () => {
  assert.throws(() => ndcgScore([1, -1], [1, 2]), { code: 'data/negative-target', message: /row 1/ });
  assert.throws(() => ndcgScore([1, 2], [1]), /score/);
  assert.throws(() => ndcgScore([1, 2], [1, 2], { k: 0 }), /k/);
  assert.throws(() => ndcgScore([1, 2], [1, 2], { groups: ['a'] }), /groups/);
});
