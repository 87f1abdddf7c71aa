import type { TrainingRows } from './open-trainer.ts';

/** How good outputs [rows, outputs] are for rows, the larger the better. */
export type HeldOutScore = (outputs: Float32Array, held: TrainingRows) => number;

/** Share of the rows, by weight, whose largest output (or the sign of a single one) is that of their class. */
export const accuracyOf: HeldOutScore = (outputs, { target, weight, x: { rows } }) => {
  const width = outputs.length / rows;
  let [right, total] = [0, 0];
  for (let i = 0; i < rows; i++) {
    let best = 0;
    if (width === 1) best = outputs[i]! > 0 ? 1 : 0;
    else for (let k = 1; k < width; k++) if (outputs[i * width + k]! > outputs[i * width + best]!) best = k;
    const own = weight?.[i] ?? 1;
    total += own;
    if (best === target[i]) right += own;
  }
  return right / total;
};

/** Mean over the targets of R², by the weights of the rows. */
export const rSquaredOf: HeldOutScore = (outputs, { target, weight, x: { rows } }) => {
  const width = outputs.length / rows;
  let sum = 0;
  for (let k = 0; k < width; k++) {
    let [total, mean, residual, spread] = [0, 0, 0, 0];
    for (let i = 0; i < rows; i++) {
      total += weight?.[i] ?? 1;
      mean += (weight?.[i] ?? 1) * target[i * width + k]!;
    }
    mean /= total;
    for (let i = 0; i < rows; i++) {
      residual += (weight?.[i] ?? 1) * (target[i * width + k]! - outputs[i * width + k]!) ** 2;
      spread += (weight?.[i] ?? 1) * (target[i * width + k]! - mean) ** 2;
    }
    // As scikit-learn's: a target of one value is met or not.
    sum += spread > 0 ? 1 - residual / spread : residual === 0 ? 1 : 0;
  }
  return sum / width;
};
