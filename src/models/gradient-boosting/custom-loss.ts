import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import type { Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Team } from '../../kernels/host/team.ts';
import type { BoostingLoss, BoostingRows } from '../../math/trees/boosting-loss.ts';
import { compactScores } from '../../math/trees/held-out.ts';

/** Rows that a loss of the user's looks at, on shared memory. */
export interface LossRows {
  /** Values, or 0, 1, … for the classes in their order. */
  readonly y: Float64Array;
  /** What the trees sum to for each row; of more than two classes one a class, row by row. */
  readonly score: Float64Array;
}

/** Where the derivatives of each row's loss in its scores are written, in the layout of `score`. */
export interface LossDerivatives extends LossRows {
  readonly gradient: Float64Array;
  /** Second derivatives; a leaf is −Σ gradient / Σ hessian, so they must not be negative. */
  readonly hessian: Float64Array;
}

/** A loss that boosting minimises, given by its derivatives. Sample weights are applied to what it says. */
export interface CustomLoss {
  /** Fills `gradient` and `hessian`. Called once an iteration, on the thread of the caller. */
  gradientHessian(rows: LossDerivatives): Eventually<void>;
  /** The loss of each row; needed for early stopping without an `evalMetric`. */
  readonly loss?: ((rows: LossRows) => Eventually<ArrayLike<number>>) | undefined;
  /** The score to start from, or how it follows from the targets: one number, of more than two classes one a class. Default 0. */
  readonly initial?: number | ((y: Float64Array) => Eventually<number | readonly number[]>) | undefined;
  /** What a regressor's prediction is of the score: the score itself or e^score. Default 'identity'. */
  readonly inverseLink?: 'identity' | 'exp' | undefined;
}

/**
 * A loss of one's own for gradient boosting:
 *
 *     gradientBoostingRegressor({ loss: customLoss({
 *       // log cosh(score − y)
 *       gradientHessian({ y, score, gradient, hessian }) {
 *         for (let i = 0; i < y.length; i++) {
 *           gradient[i] = Math.tanh(score[i] - y[i]);
 *           hessian[i] = 1 - gradient[i] ** 2;
 *         }
 *       },
 *     }) })
 */
export function customLoss(loss: CustomLoss): CustomLoss {
  return Object.freeze({ ...loss });
}

function isCustomLoss(value: unknown): value is CustomLoss {
  if (typeof value !== 'object' || value === null) return false;
  const { gradientHessian, loss, initial, inverseLink } = value as CustomLoss;
  return (
    typeof gradientHessian === 'function' &&
    (loss === undefined || typeof loss === 'function') &&
    (initial === undefined || typeof initial === 'function' || Number.isFinite(initial)) &&
    (inverseLink === undefined || inverseLink === 'identity' || inverseLink === 'exp')
  );
}

export const customLossSchema = z.custom<CustomLoss>(
  isCustomLoss,
  'It takes a name, or a loss of your own made by customLoss({ gradientHessian })',
);

/** A user's loss as boosting takes it. It serves one fit. */
export function boostingLossOf({ gradientHessian, loss, initial = 0 }: CustomLoss): BoostingLoss {
  let placed: LossDerivatives | undefined;
  return {
    async baseline(y, _, outputs) {
      const given = typeof initial === 'function' ? await initial(shareOf(y)) : initial;
      const scores = typeof given === 'number' ? new Array<number>(outputs).fill(given) : given;
      requireCount('initial', scores?.length, outputs);
      requireFinite('initial', scores);
      return Float64Array.from(scores);
    },
    async allGradients(team, rows, training) {
      placed ??= {
        y: shareOf(team.arena.viewF64(rows.y, training)),
        score: sharedArray(Float64Array, training * rows.outputs),
        gradient: sharedArray(Float64Array, training * rows.outputs),
        hessian: sharedArray(Float64Array, training * rows.outputs),
      };
      compactScores(team.arena.viewF64(rows.scores, training * rows.lanes), rows, placed.score);
      await gradientHessian(placed);
      requireFinite('gradient', placed.gradient);
      requireFinite('hessian', placed.hessian, 0);
      writePairs(team, rows, training, placed);
    },
    ...(loss !== undefined && {
      async lossOfRows(rows) {
        const losses = await loss(rows);
        requireCount('loss', losses?.length, rows.y.length);
        requireFinite('loss', losses);
        return losses;
      },
    }),
  };
}

function shareOf(values: Float64Array): Float64Array {
  const copy = sharedArray(Float64Array, values.length);
  copy.set(values);
  return copy;
}

function writePairs(
  { arena }: Team,
  { outputs, gradients, plane, weights }: BoostingRows,
  training: number,
  { gradient, hessian }: LossDerivatives,
): void {
  const weight = weights === 0 ? undefined : arena.viewF64(weights, training);
  for (let k = 0; k < outputs; k++) {
    const pairs = arena.viewF32(gradients + k * plane, 2 * training);
    for (let i = 0; i < training; i++) {
      const factor = weight?.[i] ?? 1;
      pairs[2 * i] = factor * gradient[i * outputs + k]!;
      pairs[2 * i + 1] = factor * hessian[i * outputs + k]!;
    }
  }
}

function requireCount(what: string, count: number | undefined, wanted: number): void {
  if (count === wanted) return;
  throw new DataError(
    'data/bad-loss',
    `The loss function's ${what} has ${count ?? 'no'} numbers; it must have ${wanted}.`,
    { what, count: count ?? null, expected: wanted },
  );
}

function requireFinite(what: string, values: ArrayLike<number>, least = Number.NEGATIVE_INFINITY): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!) && values[i]! >= least) continue;
    throw new DataError(
      'data/bad-loss',
      `The loss function gave ${values[i]} as ${what} of row ${i}; it must be finite${least === 0 ? ' and not negative' : ''}.`,
      { what, row: i },
    );
  }
}
