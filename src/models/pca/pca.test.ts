import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { pca } from './pca.ts';

interface Case {
  readonly data: string;
  readonly options: {
    readonly n_components?: number | 'mle';
    readonly svd_solver?: 'full' | 'covariance_eigh' | 'randomized';
    readonly whiten?: boolean;
    readonly random_state?: number;
    readonly iterated_power?: number;
    readonly n_oversamples?: number;
  };
  readonly components: number[][];
  readonly explainedVariance: number[];
  readonly explainedVarianceRatio: number[];
  readonly singularValues: number[];
  readonly noiseVariance: number;
  readonly transformed: number[][];
}

const fixture: {
  readonly data: Readonly<Record<string, number[][]>>;
  readonly cases: readonly Case[];
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/pca.json', import.meta.url), 'utf8'));

for (const { data, options, ...expected } of fixture.cases) {
  test(`directions and variances are scikit-learn's on ${data}, ${JSON.stringify(options)}`, async () => {
    const x = fixture.data[data]!;
    const model = await pca({
      nComponents: options.n_components ?? null,
      whiten: options.whiten ?? false,
      svdSolver: options.svd_solver?.replace('_', '-') as 'full' | undefined,
      iteratedPower: options.iterated_power,
      nOversamples: options.n_oversamples,
      randomState: options.random_state ?? 0,
    }).fit(x);
    assert.equal(model.nComponents, expected.explainedVariance.length);
    const largest = expected.explainedVariance[0]!;
    // The covariance of scikit-learn is not about the means: far from the origin it loses (mean / deviation)² ε.
    const digits =
      data === 'far' && (options.svd_solver ?? 'covariance_eigh') === 'covariance_eigh' ? 1e-6 : 1e-12;
    const close = (
      what: string,
      actual: ArrayLike<number>,
      wanted: number[],
      scale: number,
      tolerance = digits,
    ) => {
      wanted.forEach((value, k) => {
        assert.ok(Math.abs(actual[k]! - value) <= tolerance * scale, `${what} ${k}: ${actual[k]} ≠ ${value}`);
      });
    };
    close('variance', model.explainedVariance, expected.explainedVariance, largest);
    close('ratio', model.explainedVarianceRatio, expected.explainedVarianceRatio, 1);
    // √ of a variance that is nothing but rounding.
    close(
      'singular value',
      model.singularValues,
      expected.singularValues,
      expected.singularValues[0]!,
      Math.sqrt(digits),
    );
    close('noise', [model.noiseVariance], [expected.noiseVariance], largest);
    expected.components.forEach((direction, k) => {
      if (!isSeparated(expected.explainedVariance, k, options.n_components !== undefined)) return;
      // The acceptance: 1e-8 for separated variances.
      close(`component ${k}`, model.components.row(k), direction, 1, Math.max(digits, 1e-8));
    });
    const transformed = await model.transform(x.slice(0, 2));
    expected.transformed.forEach((row, i) => {
      row.forEach((value, k) => {
        if (!isSeparated(expected.explainedVariance, k, options.n_components !== undefined)) return;
        const size = Math.max(...row.map(Math.abs));
        close(
          'transformed',
          [(transformed as Matrix).at(i, k)],
          [value],
          Math.max(1, size),
          Math.max(digits, 1e-8),
        );
      });
    });
  });
}

/** Whether direction k is determined: its variance differs from those beside it, as far as they are known. */
function isSeparated(variances: number[], k: number, isCut: boolean): boolean {
  const least = 1e-4 * variances[0]!;
  const next = variances[k + 1] ?? (isCut ? 0 : Number.NEGATIVE_INFINITY);
  return variances[k]! - next > least && (k === 0 || variances[k - 1]! - variances[k]! > least);
}

for (const options of [{}, { whiten: true }, { svdSolver: 'covariance-eigh', whiten: true }] as const) {
  test(`all components lead back to the rows with ${JSON.stringify(options)}`, async () => {
    const x = fixture.data.wine!;
    const model = await pca(options).fit(x);
    const back = (await model.inverseTransform((await model.transform(x)) as Matrix)) as Matrix;
    // Two products with sums of 13 terms of up to 1700.
    x.forEach((row, i) => {
      row.forEach((value, j) => {
        assert.ok(Math.abs(back.at(i, j) - value) < 1e-10);
      });
    });
  });
}

test('whitened columns are uncorrelated with variance 1', async () => {
  const x = fixture.data.breast_cancer!;
  const model = await pca({ nComponents: 5, whiten: true, svdSolver: 'full' }).fit(x);
  const scores = (await model.transform(x)) as Matrix;
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += scores.at(i, a) * scores.at(i, b);
      // Sums of 143 terms of order 1, over variances that differ by a factor of 8.
      assert.ok(Math.abs(sum / (x.length - 1) - (a === b ? 1 : 0)) < 1e-12);
    }
  }
});

test('constant columns and equal rows have no variance, and directions all the same', async () => {
  const model = await pca({ nComponents: 2 }).fit([
    [1, 5, 2],
    [1, 5, 2],
    [1, 5, 2],
    [1, 5, 2],
  ]);
  assert.deepEqual(Array.from(model.explainedVariance), [0, 0]);
  assert.deepEqual(Array.from(model.explainedVarianceRatio), [0, 0]);
  const [a, b] = [model.components.row(0), model.components.row(1)];
  assert.ok(Math.abs(a.reduce((sum, value, j) => sum + value * b[j]!, 0)) < 1e-15);
});

test('small variances keep their digits in the full decomposition', async () => {
  // Three columns of a factorial design, orthogonal and of mean 0, the third hidden in the difference of two.
  const x = Array.from({ length: 8 }, (_, i) => {
    const [u, v, w] = [i & 1 ? 1 : -1, i & 2 ? 1 : -1, i & 4 ? 1 : -1];
    return [u + 1e-9 * w, u - 1e-9 * w, v];
  });
  const { explainedVariance } = await pca({ svdSolver: 'full' }).fit(x);
  // The numbers themselves have 7 digits of 1e-9; the covariance, whose ε is 1e-16, would have none of 1e-18.
  assert.ok(Math.abs(explainedVariance[2]! / ((2e-18 * 8) / 7) - 1) < 1e-6, `${explainedVariance[2]}`);
});

test('the same bits come from any number of threads', async () => {
  const random = new RandomState(1);
  const data = new Float64Array(3000 * 70);
  random.fillNormal(data);
  const x = new Matrix({ rows: 3000, columns: 70, data });
  for (const svdSolver of ['full', 'covariance-eigh', 'randomized'] as const) {
    const fits = [1, 2, 3].map((threads) =>
      pca({ nComponents: 7, svdSolver }).fit(x, undefined, { threads }),
    );
    const [one, ...others] = await Promise.all(fits);
    for (const other of others) assert.deepEqual(other.state, one!.state);
  }
});

test('values whose squares overflow are refused by the name of their column, whatever the solver', async () => {
  const x = Array.from({ length: 40 }, (_, i) => ({ a: i, b: i % 3 === 0 ? 1e200 : -1e200 }));
  for (const svdSolver of ['full', 'covariance-eigh', 'randomized'] as const) {
    const fit = pca({ svdSolver, nComponents: 1 }).fit(x);
    await assert.rejects(fit, (error: Error & { code?: string }) => error.code === 'data/too-large');
  }
});

test('options that the data cannot meet are refused by name', async () => {
  const x = fixture.data.wide!;
  await assert.rejects(pca({ nComponents: 30 }).fit(x), {
    code: 'option/invalid',
    message: /at most 25 components/,
  });
  await assert.rejects(pca({ nComponents: 'mle' }).fit(x), { message: /'mle' with fewer rows \(25\)/ });
  await assert.rejects(pca({ nComponents: 0.5, svdSolver: 'randomized' }).fit(x), {
    message: /needs nComponents as a count/,
  });
  await assert.rejects(pca().fit([[1, 2]]), { code: 'data/too-few-rows' });
  await assert.rejects(
    pca().fit([
      [1, 2],
      [3, Number.NaN],
    ]),
    { message: /Column 1 has a missing value \(row 1\)/ },
  );
  const model = await pca({ nComponents: 2 }).fit(x);
  await assert.rejects(model.inverseTransform([[1, 2, 3]]), { message: /2 components, but .* 3 columns/ });
});
