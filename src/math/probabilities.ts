/**
 * Probabilities from scores, row-major. One score a row is that of the second of two classes: p = 1 / (1 + e^−score), written so
 * that neither probability loses digits. Several are put through softmax, shifted by the largest so that nothing overflows.
 */
export function probabilitiesOf(scores: Float64Array, outputs: number): Float64Array {
  if (outputs === 1) {
    const probabilities = new Float64Array(2 * scores.length);
    for (let i = 0; i < scores.length; i++) {
      const e = Math.exp(-Math.abs(scores[i]!));
      const likely = 1 / (1 + e);
      const positive = scores[i]! >= 0 ? 1 : 0;
      probabilities[2 * i + positive] = likely;
      probabilities[2 * i + 1 - positive] = e * likely;
    }
    return probabilities;
  }
  const probabilities = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += outputs) {
    let largest = scores[row]!;
    for (let c = 1; c < outputs; c++) largest = Math.max(largest, scores[row + c]!);
    let sum = 0;
    for (let c = 0; c < outputs; c++) {
      const e = Math.exp(scores[row + c]! - largest);
      probabilities[row + c] = e;
      sum += e;
    }
    for (let c = 0; c < outputs; c++) probabilities[row + c]! /= sum;
  }
  return probabilities;
}
