import type { Team } from '../kernels/host/team.ts';
import { callRanges, type LeastSquaresForm } from './least-squares-form.ts';

/** Columns one after the other in the arena, each padded with zeros to `stride` numbers. */
export interface PlacedColumns {
  readonly x: number;
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
}

/** The form that keeps the residual: a sweep costs rows × columns and needs no Gram matrix. */
export function columnForm(
  team: Team,
  placed: PlacedColumns,
  problem: { readonly y: Float64Array; readonly checkpoint?: () => void },
): LeastSquaresForm {
  const { arena } = team;
  const { x, stride, columns, rows } = placed;
  const { y, checkpoint } = problem;
  const w = arena.zeros(columns);
  const residual = arena.zeros(stride);
  const products = arena.f64(columns);
  const normsAt = arena.f64(columns);
  const extremes = arena.zeros(2);
  const list = arena.i32(columns);
  const row = arena.f64(columns);
  const view = { w: arena.viewF64(w, columns), residual: arena.viewF64(residual, rows) };
  const correlations = arena.viewF64(products, columns);
  const norms = arena.viewF64(normsAt, columns);
  const xValues = arena.viewF64(x, stride * columns);
  for (let j = 0; j < columns; j++) {
    let square = 0;
    for (let i = j * stride; i < j * stride + rows; i++) square += xValues[i]! * xValues[i]!;
    norms[j] = square;
  }
  let targetSquare = 0;
  for (let i = 0; i < rows; i++) targetSquare += y[i]! * y[i]!;
  return {
    ...{ columns, norms, targetSquare, w: view.w, gramCost: stride },
    sweep(coordinates, { alpha, beta, positive }) {
      arena.viewI32(list, columns).set(coordinates);
      const report = arena.viewF64(extremes, 2).fill(0);
      for (const [from, to] of callRanges(coordinates.length, stride)) {
        const rule = [alpha, beta, positive ? 1 : 0, extremes] as const;
        team.solo('descendColumns', x, stride, normsAt, list, from, to, w, residual, ...rule);
        checkpoint?.();
      }
      return { change: report[0]!, largest: report[1]! };
    },
    measure() {
      view.residual.set(y);
      const support = Int32Array.from(view.w.keys()).filter((j) => view.w[j] !== 0);
      arena.viewI32(list, columns).set(support);
      for (const [from, to] of callRanges(support.length, stride)) {
        team.solo('subtractColumns', x, stride, list + 4 * from, to - from, w, residual);
      }
      for (const [from, to] of callRanges(columns, stride)) {
        team.callIfLarge((to - from) * stride, 'correlateColumns', x, stride, from, to, residual, products);
        checkpoint?.();
      }
      let residualSquare = 0;
      let residualTarget = 0;
      for (let i = 0; i < rows; i++) {
        residualSquare += view.residual[i]! * view.residual[i]!;
        residualTarget += view.residual[i]! * y[i]!;
      }
      return { correlations, residualSquare, residualTarget };
    },
    gramOf(coordinates) {
      const size = coordinates.length;
      arena.viewI32(list, columns).set(coordinates);
      const out = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        team.callIfLarge(size * stride, 'gramRowOfColumns', x, stride, list, size, i, row);
        out.set(arena.viewF64(row, size), i * size);
        checkpoint?.();
      }
      return out;
    },
  };
}
