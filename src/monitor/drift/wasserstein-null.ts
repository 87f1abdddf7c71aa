import type { NumberView } from './column-view.ts';
import { nullDraws } from './null-draws.ts';
import { normalize } from './wasserstein.ts';

/** Inner cells hold 1/64 of the rows. */
const INNER_CELLS = 64;
/** Towards both ends cells shrink to single rows, which decide the distance where tails are heavy. */
const GROWTH = 0.2;

/**
 * W₁ / σ without drift: the pooled values in cells, windows drawn from their shares, the cells' means as positions and
 * the reference's σ as drawn. What lies within a cell is left out on both sides.
 */
export function wassersteinNullDraws(
  reference: NumberView,
  current: NumberView,
  randomState: number | null,
): Float64Array {
  const cells = pooledCells(reference, current);
  const gaps = cells.offsets.map((offset, i) => (i === 0 ? 0 : offset - cells.offsets[i - 1]));
  const n = reference.present;
  const m = current.present;
  return nullDraws(
    cells.reference,
    cells.current,
    (a, b) => {
      let below = 0;
      let distance = 0;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < gaps.length; i++) {
        distance += Math.abs(below) * gaps[i];
        below += a[i] / n - b[i] / m;
        sum += a[i] * cells.offsets[i];
        squares += a[i] * cells.squares[i];
      }
      return normalize(distance, Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)));
    },
    randomState,
  );
}

interface PooledCells {
  /** Means less a value of the reference, so that values far from 0 lose no digits. */
  readonly offsets: number[];
  /** Means of squares of the same. */
  readonly squares: number[];
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

function pooledCells(a: NumberView, b: NumberView): PooledCells {
  const total = a.present + b.present;
  const origin = a.means[a.means.length >> 1];
  const offsets: number[] = [];
  const squares: number[] = [];
  const counts: [number[], number[]] = [[], []];
  let sum = 0;
  let square = 0;
  let rows: [number, number] = [0, 0];
  let passed = 0;
  let i = 0;
  let j = 0;
  while (i < a.means.length || j < b.means.length) {
    const side = j === b.means.length || (i < a.means.length && a.means[i] <= b.means[j]) ? 0 : 1;
    const view = side === 0 ? a : b;
    const at = side === 0 ? i++ : j++;
    const weight = view.counts === undefined ? 1 : view.counts[at];
    const offset = view.means[at] - origin;
    sum += weight * offset;
    square += weight * offset * offset;
    rows[side] += weight;
    passed += weight;
    const size = rows[0] + rows[1];
    const fromEnd = Math.min(passed, total - passed);
    if (size >= Math.max(1, Math.min(total / INNER_CELLS, GROWTH * fromEnd)) || passed === total) {
      offsets.push(sum / size);
      squares.push(square / size);
      counts[0].push(rows[0]);
      counts[1].push(rows[1]);
      sum = 0;
      square = 0;
      rows = [0, 0];
    }
  }
  return {
    offsets,
    squares,
    reference: Float64Array.from(counts[0]),
    current: Float64Array.from(counts[1]),
  };
}
