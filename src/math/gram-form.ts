import type { Team } from '../kernels/host/team.ts';
import { callRanges, type LeastSquaresForm } from './least-squares-form.ts';

export interface GramProblem {
  /** Xᵀy */
  readonly correlations: Float64Array;
  /** ‖y‖² */
  readonly targetSquare: number;
  readonly checkpoint?: () => void;
}

/** The form that keeps Xᵀr = Xᵀy − XᵀX w: a sweep costs at most columns² whatever the number of rows. */
export function gramForm(team: Team, placed: PlacedGram, problem: GramProblem): LeastSquaresForm {
  const { arena } = team;
  const { gram, stride, columns } = placed;
  const { checkpoint, targetSquare } = problem;
  const q = arena.zeros(stride);
  arena.viewF64(q, columns).set(problem.correlations);
  const w = arena.zeros(stride);
  const current = arena.zeros(stride);
  const extremes = arena.zeros(2);
  const list = arena.i32(columns);
  const values = arena.viewF64(gram, stride * columns);
  const view = { w: arena.viewF64(w, columns), q: arena.viewF64(q, columns) };
  const correlations = arena.viewF64(current, columns);
  return {
    columns,
    targetSquare,
    w: view.w,
    norms: Float64Array.from({ length: columns }, (_, j) => values[j * stride + j]!),
    gramCost: 1,
    sweep(coordinates, { alpha, beta, positive }) {
      arena.viewI32(list, columns).set(coordinates);
      const report = arena.viewF64(extremes, 2).fill(0);
      for (const [from, to] of callRanges(coordinates.length, stride)) {
        const rule = [alpha, beta, positive ? 1 : 0, extremes] as const;
        team.solo('descendGram', gram, stride, list, from, to, w, current, ...rule);
        checkpoint?.();
      }
      return { change: report[0]!, largest: report[1]! };
    },
    measure() {
      team.callIfLarge(columns * stride, 'correlateGram', gram, stride, columns, q, w, current);
      // r·y = yᵀy − qᵀw, and r·r = r·y − wᵀXᵀr.
      let explained = 0;
      let rest = 0;
      for (let j = 0; j < columns; j++) {
        explained += view.q[j]! * view.w[j]!;
        rest += correlations[j]! * view.w[j]!;
      }
      const residualTarget = targetSquare - explained;
      return { correlations, residualTarget, residualSquare: Math.max(0, residualTarget - rest) };
    },
    gramOf(coordinates) {
      const size = coordinates.length;
      const out = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        for (let k = 0; k < size; k++)
          out[i * size + k] = values[coordinates[i]! * stride + coordinates[k]!]!;
      }
      return out;
    },
  };
}

/** A symmetric and full Gram matrix in the arena, its rows padded with zeros; several targets share it. */
export interface PlacedGram {
  readonly gram: number;
  readonly stride: number;
  readonly columns: number;
}

/** Places a row-major matrix, `columns × columns`. */
export function placeGram(team: Team, gram: Float64Array, columns: number): PlacedGram {
  const stride = Math.max(4, Math.ceil(columns / 4) * 4);
  const pointer = team.arena.zeros(stride * columns);
  const view = team.arena.viewF64(pointer, stride * columns);
  for (let i = 0; i < columns; i++) view.set(gram.subarray(i * columns, (i + 1) * columns), i * stride);
  return { gram: pointer, stride, columns };
}
