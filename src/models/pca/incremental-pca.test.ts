import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { incrementalPca } from './incremental-pca.ts';
import { pca } from './pca.ts';

interface IncrementalCase {
  readonly data: string;
  readonly options: {
    readonly nComponents: number | null;
    readonly batchSize: number | null;
    readonly whiten: boolean;
  };
  /** First rows of the calls of `partial_fit` but the first; null for one `fit`. */
  readonly parts: readonly number[] | null;
  readonly components: readonly (readonly number[])[];
  readonly explainedVariance: readonly number[];
  readonly explainedVarianceRatio: readonly number[];
  readonly noiseVariance: number;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly transformed: readonly (readonly number[])[];
}

const { data: tables, cases }: { data: Record<string, number[][]>; cases: IncrementalCase[] } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/incremental-pca.json', import.meta.url), 'utf8'),
);

function assertClose(
  found: ArrayLike<number>,
  wanted: readonly number[],
  tolerance: number,
  what: string,
): void {
  assert.equal(found.length, wanted.length, what);
  const largest = Math.max(...wanted.map(Math.abs), Number.MIN_VALUE);
  wanted.forEach((value, k) => {
    assert.ok(Math.abs(found[k]! - value) <= tolerance * largest, `${what}[${k}] = ${found[k]} ≠ ${value}`);
  });
}

for (const wanted of cases) {
  const { data, options, parts } = wanted;
  test(`components are scikit-learn's on ${data}, ${JSON.stringify({ ...options, parts })}`, async () => {
    const x = tables[data]!;
    const cuts = [0, ...(parts ?? []), x.length];
    // A part is one batch, as it is for partial_fit.
    const specification = incrementalPca({
      ...options,
      batchSize: parts === null ? options.batchSize : x.length,
    });
    let model = await specification.fit(x.slice(0, cuts[1]));
    for (let k = 2; k < cuts.length; k++)
      model = await specification.fit(x.slice(cuts[k - 1], cuts[k]), undefined, { from: model });
    // Singular values are some ε of the largest; these tables' directions are separated by 1e-3 of it and more.
    assertClose(model.components.data, wanted.components.flat(), 1e-8, 'components');
    assertClose(model.explainedVariance, wanted.explainedVariance, 1e-10, 'explainedVariance');
    assertClose(model.explainedVarianceRatio, wanted.explainedVarianceRatio, 1e-10, 'explainedVarianceRatio');
    assertClose(model.mean, wanted.mean, 1e-12, 'mean');
    assertClose(model.variance, wanted.variance, 1e-10, 'variance');
    assert.ok(Math.abs(model.noiseVariance - wanted.noiseVariance) <= 1e-8 * wanted.explainedVariance[0]!);
    const found = await model.transform(x.slice(0, 3));
    assertClose((found as { data: Float64Array }).data, wanted.transformed.flat(), 1e-7, 'transformed');
  });
}

test('with all components kept, batches give the components of all rows at once', async () => {
  const x = tables.iris!;
  const whole = await pca().fit(x);
  const model = await incrementalPca({ batchSize: 17 }).fit(x);
  // No direction is left out of any stack, so only rounding errors are.
  assertClose(model.components.data, [...whole.components.data], 1e-9, 'components');
  assertClose(model.explainedVariance, [...whole.explainedVariance], 1e-11, 'explainedVariance');
  const back = await model.inverseTransform(await model.transform(x));
  assertClose((back as { data: Float64Array }).data, x.flat(), 1e-12, 'back');
});

test('more components than the first batch allows, other counts in a later one and single rows are refused', async () => {
  const x = tables.iris!;
  await assert.rejects(incrementalPca({ nComponents: 4, batchSize: 3 }).fit(x.slice(0, 3)), /at most 3/);
  await assert.rejects(incrementalPca().fit([[1, 2]]), { code: 'data/too-few-rows' });
  const model = await incrementalPca({ nComponents: 2 }).fit(x);
  await assert.rejects(
    incrementalPca({ nComponents: 3 }).fit(x, undefined, { from: model }),
    /has 2 components/,
  );
});
