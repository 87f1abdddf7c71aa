import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { addProduct, PRODUCT_SCRATCH, rowMajor, type Strided, transposed } from '../product.ts';
import { refuseOverflow } from '../refuse-overflow.ts';
import { thinSvd } from '../thin-svd.ts';
import { placeCentred } from './place-centred.ts';
import { RangeBasis, type Tall } from './range-basis.ts';
import { columnSquares, type Spectrum } from './spectrum.ts';

export interface RandomizedOptions {
  /** Directions wanted. */
  readonly count: number;
  /** Directions tried beyond those. */
  readonly oversamples: number;
  /** Power iterations; `auto` is 7 for less than a tenth of the possible directions, else 4. */
  readonly iterations: number | 'auto';
  readonly random: RandomState;
}

/**
 * The leading directions from a random sample of the range, sharpened by power iterations (N. Halko, P.-G. Martinsson and J. Tropp, "Finding
 * structure with randomness", SIAM Review 53, 2011). The same draws and iterations as scikit-learn's.
 */
export async function spectrumOfSample(
  workers: Workers,
  x: Matrix,
  options: RandomizedOptions,
): Promise<Spectrum> {
  const { rows, columns } = x;
  const { count, oversamples, random } = options;
  const { arena, threads } = workers.team;
  return arena.scopeAsync(async () => {
    const { mean, scale } = await measureCoordinates(workers, x);
    const stride = Math.ceil(columns / 4) * 4;
    const table = rowMajor(arena.f64(rows * stride), stride);
    const square = await placeCentred(workers, x, mean, scale, table);
    const scratch = arena.f64(threads * PRODUCT_SCRATCH);
    // The shorter side is sampled from: M = X or Xᵀ is tall.
    const isWide = rows < columns;
    const tall = {
      matrix: isWide ? transposed(table) : table,
      rows: Math.max(rows, columns),
      columns: Math.min(rows, columns),
    };
    const width = count + oversamples;
    const basis = new RangeBasis(workers, scratch, tall, width);
    basis.sample(random);
    const iterations =
      options.iterations === 'auto' ? (count < 0.1 * tall.columns ? 7 : 4) : options.iterations;
    for (let k = 0; k < iterations; k++) basis.iterate();
    const { range, projected } = basis.finish();
    const { singularValues, rightVectors } = thinSvd(
      workers,
      projected,
      Math.min(width, tall.columns),
      tall.columns,
    );
    const kept = Math.min(count, singularValues.length);
    const components = isWide
      ? leftVectors(workers, scratch, { range, projected, tall, width }, singularValues, rightVectors, kept)
      : rightVectors.slice(0, kept * columns);
    const variances = Float64Array.from(
      { length: kept },
      (_, k) => (singularValues[k]! / scale / (rows - 1)) * (singularValues[k]! / scale),
    );
    const totalVariance = square / scale / (rows - 1) / scale;
    if (!Number.isFinite(totalVariance)) refuseOverflow(x, columnSquares(x.data, columns));
    return { mean, components, variances, totalVariance };
  });
}

/** Rows (Q B v_k / σ_k)ᵀ, the left singular vectors of M ≈ Q B. */
function leftVectors(
  workers: Workers,
  scratch: number,
  { range, projected, tall, width }: { range: Strided; projected: Float64Array; tall: Tall; width: number },
  singularValues: Float64Array,
  rightVectors: Float64Array,
  kept: number,
): Float64Array {
  const { arena } = workers.team;
  const rows = projected.length / tall.columns;
  return arena.scope(() => {
    const inner = new Float64Array(kept * width);
    for (let k = 0; k < kept; k++) {
      const sigma = singularValues[k]!;
      for (let i = 0; i < rows && sigma > 0; i++) {
        let dot = 0;
        for (let j = 0; j < tall.columns; j++)
          dot += projected[i * tall.columns + j]! * rightVectors[k * tall.columns + j]!;
        inner[k * width + i] = dot / sigma;
      }
    }
    const out = rowMajor(arena.zeros(kept * tall.rows), tall.rows);
    const a = rowMajor(arena.place(inner), width);
    addProduct(workers, scratch, {
      rows: kept,
      depth: width,
      columns: tall.rows,
      a,
      b: transposed(range),
      c: out,
      factor: 1,
    });
    return arena.copyF64(out.address, kept * tall.rows);
  });
}
