import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { plainRankDerivatives } from '../../kernels/plain/rank.ts';
import type { BoostingRows } from '../../math/trees/boosting-loss.ts';
import { rankingLoss } from '../../math/trees/ranking-loss.ts';
import { ndcgScore } from '../../metrics/ranking.ts';
import { gradientBoostingRanker } from './gradient-boosting-ranker.ts';

/** What parity/ranking.py writes. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/ranking.json', import.meta.url), 'utf8'),
) as { readonly scores: readonly number[]; readonly first: readonly number[] };

const teams = [1, 2].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

/** The data of parity/ranking.py. */
function draw(seed: number, queries = 60, size = 20, columns = 6) {
  const random = new RandomState(seed);
  const rows = queries * size;
  const x = new Matrix({ rows, columns, data: Float64Array.from(random.randomSample(rows * columns)) });
  const noise = random.randomSample(rows);
  const y = Float64Array.from(noise, (own, i) => {
    const value = 2 * x.at(i, 0) * x.at(i, 1) + x.at(i, 2) - 0.5 * x.at(i, 3) + 0.6 * own;
    return Math.min(4, Math.max(0, Math.floor(value * 2)));
  });
  return { x, y, groups: Array.from({ length: rows }, (_, i) => `query ${Math.floor(i / size)}`) };
}

const options = { maxLeafNodes: 15, minSamplesLeaf: 20 };
const gains = (y: Float64Array) => y.map((value) => 2 ** value - 1);

test('the derivatives are those of the definition, on any number of threads', () => {
  const row = fc.record({
    query: fc.integer({ min: 0, max: 3 }),
    label: fc.integer({ min: 0, max: 3 }),
    score: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: -3, max: 3, noNaN: true })),
    weight: fc.constantFrom(0.5, 1, 2),
  });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
      (rows, truncationLevel, normalize) => {
        const queries = Int32Array.from(rows, ({ query }) => query);
        const labelGain = [0, 1, 3, 7];
        const rule = { queries, labelGain, truncationLevel, sigmoid: 1.5, normalize };
        const wanted = plainRankDerivatives(rows, rule);
        for (const team of teams) {
          team.arena.scope(() => {
            const { arena } = team;
            const n = rows.length;
            const gradients = arena.allocate(8 * n + 64);
            const placed: BoostingRows = {
              ...{ lanes: 1, outputs: 1, plane: 8 * n, scratch: 0, gradients },
              scores: arena.place(Float64Array.from(rows, ({ score }) => score)),
              y: arena.place(Float64Array.from(rows, ({ label }) => label)),
              weights: arena.place(Float64Array.from(rows, ({ weight }) => weight)),
            };
            rankingLoss(rule).allGradients!(team, placed, n);
            const found = arena.viewF32(gradients, 2 * n);
            for (const [i, [gradient, hessian]] of wanted.entries()) {
              // float32 results of float64 sums.
              assert.ok(
                Math.abs(found[2 * i]! - gradient) <= 1e-6 * Math.max(1, Math.abs(gradient)),
                `gradient ${i}`,
              );
              assert.ok(
                Math.abs(found[2 * i + 1]! - hessian) <= 1e-6 * Math.max(1, Math.abs(hessian)),
                `hessian ${i}`,
              );
            }
          });
        }
      },
    ),
    { numRuns: 100 },
  );
});

test("one tree gives LightGBM's scores", async () => {
  const { x, y, groups } = draw(0);
  // Few values, each its own bin; a single row a leaf, since both count rows by their hessians but round the counts on different sides.
  const few = new Matrix({
    rows: x.rows,
    columns: x.columns,
    data: x.data.map((value) => Math.floor(40 * value)),
  });
  const model = await gradientBoostingRanker({ ...options, minSamplesLeaf: 1, nEstimators: 1 }).fit(few, y, {
    groups,
  });
  const scores = await model.predict(few);
  for (const [i, value] of fixture.first.entries()) {
    // LightGBM takes its logistic function from a table of a million entries.
    assert.ok(
      Math.abs(scores[i]! - value) < 1e-3 * Math.max(0.1, Math.abs(value)),
      `${i}: ${scores[i]} ≠ ${value}`,
    );
  }
});

test('it ranks new queries as well as LightGBM does', async () => {
  let [ours, theirs] = [0, 0];
  for (const [seed, score] of fixture.scores.entries()) {
    const { x, y, groups } = draw(seed);
    const held = draw(1000 + seed);
    const model = await gradientBoostingRanker({ ...options, nEstimators: 30 }).fit(x, y, { groups });
    ours += ndcgScore(gains(held.y), await model.predict(held.x), { groups: held.groups, k: 10 }) / 5;
    theirs += score / 5;
  }
  // The standard error of the difference over five sets of 60 queries is about 0.003.
  assert.ok(Math.abs(ours - theirs) < 0.01, `${ours} against ${theirs}`);
});

test('order of the rows, threads and rows of weight 0 do not matter; early stopping maximises the NDCG', async () => {
  const { x, y, groups } = draw(3, 300);
  const held = draw(4);
  const fit = (threads: number) =>
    gradientBoostingRanker({ ...options, nEstimators: 60, learningRate: 0.3 }).fit(x, y, {
      ...{ groups, threads },
      validation: { x: held.x, y: held.y, groups: held.groups },
    });
  const [one, two] = [await fit(1), await fit(2)];
  assert.deepEqual(one.state, two.state);
  assert.ok(one.nIter < 60);
  const best = ndcgScore(gains(held.y), await one.predict(held.x), {
    groups: held.groups,
    k: 10,
    ignoreTies: true,
  });
  assert.ok(Math.abs(best + one.validationLoss[one.nIter]!) < 1e-9);
  const padded = Matrix.fromRows([
    ...Array.from({ length: 5 }, () => [9, 9, 9, 9, 9, 9]),
    ...Array.from({ length: x.rows }, (_, i) => [...x.row(i)]),
  ]);
  const weighted = await gradientBoostingRanker({ ...options, nEstimators: 5 }).fit(
    padded,
    [0, 1, 2, 3, 4, ...y],
    {
      groups: [...Array.from({ length: 5 }, () => 'nowhere'), ...groups],
      sampleWeight: [0, 0, 0, 0, 0, ...Array.from({ length: x.rows }, () => 1)],
    },
  );
  const plain = await gradientBoostingRanker({ ...options, nEstimators: 5 }).fit(x, y, { groups });
  assert.deepEqual(await weighted.predict(x), await plain.predict(x));
});

test('a ranker is saved, goes on, and says what it lacks', async () => {
  const { loadModel, saveModel } = await import('../../store/model-file.ts');
  const folder = mkdtempSync(join(tmpdir(), 'heddle-ranker-'));
  try {
    const { x, y, groups } = draw(5);
    const model = await gradientBoostingRanker({ ...options, nEstimators: 4 }).fit(x, y, { groups });
    await saveModel(model, join(folder, 'ranker.heddle'));
    const loaded = await loadModel(join(folder, 'ranker.heddle'));
    assert.deepEqual(await (loaded as typeof model).predict(x), await model.predict(x));
    const further = await gradientBoostingRanker({ ...options, nEstimators: 4 }).fit(x, y, {
      groups,
      from: model,
    });
    const whole = await gradientBoostingRanker({ ...options, nEstimators: 8 }).fit(x, y, { groups });
    assert.deepEqual(await further.predict(x), await whole.predict(x));
    await assert.rejects(gradientBoostingRanker().fit(x, y), {
      code: 'option/missing',
      message: /give groups/,
    });
    const odd = y.slice().fill(1.5, 7, 8);
    await assert.rejects(gradientBoostingRanker().fit(x, odd, { groups }), {
      code: 'data/bad-relevance',
      message: /y is 1.5 in row 7/,
    });
    await assert.rejects(
      gradientBoostingRanker({ labelGain: [0, 1] }).fit(x, y, { groups }),
      /whole numbers from 0 to 1, of which labelGain tells/,
    );
    await assert.rejects(
      gradientBoostingRanker().fit(x, y, { groups, validation: { x, y } }),
      /give validation.groups/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
