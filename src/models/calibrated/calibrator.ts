import { fitIsotonic, type Isotonic, isotonicValue } from './isotonic-calibration.ts';
import { fitSigmoid, type Sigmoid } from './sigmoid-calibration.ts';

/** What turns a score into a probability. */
export type Calibrator = Sigmoid | Isotonic;

export type CalibrationMethod = Calibrator['kind'];

/** Scores of some rows, row-major, one column with two classes (for the second), else one a class. */
export interface ScoredRows {
  readonly scores: Float64Array;
  readonly codes: Int32Array;
  readonly classes: number;
  readonly weights: Float64Array | undefined;
}

/** A calibrator for the second of two classes, or for each of more against the rest. */
export function fitCalibrators(method: CalibrationMethod, rows: ScoredRows): Calibrator[] {
  const { scores, codes, classes, weights } = rows;
  const columns = classes === 2 ? 1 : classes;
  const fit = method === 'sigmoid' ? fitSigmoid : fitIsotonic;
  return Array.from({ length: columns }, (_, c) => {
    const own = Float64Array.from(codes, (_, i) => scores[i * columns + c]!);
    const positive = Uint8Array.from(codes, (code) => (code === (columns === 1 ? 1 : c) ? 1 : 0));
    return fit(own, positive, weights);
  });
}

/** Adds the calibrated probabilities, times `share`, to `out`, row-major, rows × classes. */
export function addProbabilities(
  calibrators: readonly Calibrator[],
  scores: Float64Array,
  classes: number,
  share: number,
  out: Float64Array,
): void {
  const columns = calibrators.length;
  const rows = scores.length / columns;
  const own = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns; c++)
      own[columns === 1 ? 1 : c] = probabilityOf(calibrators[c]!, scores[i * columns + c]!);
    if (columns === 1) own[0] = 1 - own[1]!;
    else normalise(own);
    for (let c = 0; c < classes; c++) out[i * classes + c]! += share * own[c]!;
  }
}

/** Divides by the sum; where all are 0, all become alike. */
function normalise(values: Float64Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  for (let c = 0; c < values.length; c++) values[c] = sum > 0 ? values[c]! / sum : 1 / values.length;
}

function probabilityOf(calibrator: Calibrator, score: number): number {
  if (calibrator.kind === 'isotonic') return isotonicValue(calibrator, score);
  const exponent = calibrator.slope * score + calibrator.offset;
  const e = Math.exp(-Math.abs(exponent));
  return exponent >= 0 ? e / (1 + e) : 1 / (1 + e);
}
