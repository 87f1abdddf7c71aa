/**
 * What a classifier's probabilities say of its own scores, before anybody knows the truth: confidence-based performance
 * estimation. With calibrated probabilities each row is of class c with probability pᵢ(c), so that the expected confusion
 * matrix is E[truth c, predicted d] = Σ {pᵢ(c) : row i predicted as d}; scores are those of that matrix.
 */
export interface ExpectedScores {
  readonly accuracy: number;
  /** √(Σ pᵢ(1 − pᵢ)) / n, pᵢ of the predicted class: how far the accuracy of these rows may be off by chance. */
  readonly accuracyError: number;
  /** Mean over the classes that are expected or predicted, as are precision and recall. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** More than two classes: mean of each against the rest. */
  readonly rocAuc: number;
  /** Of the positive class of two. */
  readonly positive: { readonly precision: number; readonly recall: number; readonly f1: number } | null;
}

/**
 * @param probabilities One list a row, in the order of the classes, summing to 1.
 * @param predicted The place among the classes of what was predicted for each row.
 * @param positive The place of the positive class of two.
 */
export function expectedScores(
  probabilities: readonly (readonly number[])[],
  predicted: ArrayLike<number>,
  classes: number,
  positive: number | null = null,
): ExpectedScores {
  const rows = probabilities.length;
  /** (truth, predicted). */
  const matrix = new Float64Array(classes * classes);
  let hits = 0;
  let variance = 0;
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i];
    const d = predicted[i];
    for (let c = 0; c < classes; c++) matrix[c * classes + d] += p[c];
    hits += p[d];
    variance += p[d] * (1 - p[d]);
  }
  const figures = Array.from({ length: classes }, (_, c) => figuresOf(matrix, classes, c));
  const seen = figures.filter(({ support, calls }) => support > 0 || calls > 0);
  const mean = (pick: (figure: Figures) => number) =>
    seen.reduce((sum, figure) => sum + pick(figure), 0) / seen.length;
  const areas = Array.from({ length: classes === 2 ? 1 : classes }, (_, c) =>
    expectedArea(probabilities, classes === 2 ? 1 : c),
  );
  const of = positive === null ? undefined : figures[positive];
  return {
    accuracy: hits / rows,
    accuracyError: Math.sqrt(variance) / rows,
    f1: mean(({ f1 }) => f1),
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    rocAuc: areas.reduce((sum, area) => sum + area, 0) / areas.length,
    positive: of === undefined ? null : { precision: of.precision, recall: of.recall, f1: of.f1 },
  };
}

interface Figures {
  readonly support: number;
  readonly calls: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

function figuresOf(matrix: Float64Array, classes: number, c: number): Figures {
  let support = 0;
  let calls = 0;
  for (let d = 0; d < classes; d++) {
    support += matrix[c * classes + d];
    calls += matrix[d * classes + c];
  }
  const hits = matrix[c * classes + c];
  return {
    support,
    calls,
    precision: calls === 0 ? 0 : hits / calls,
    recall: support === 0 ? 0 : hits / support,
    f1: support + calls === 0 ? 0 : (2 * hits) / (support + calls),
  };
}

/**
 * The expected area under the ROC curve of the score pᵢ(c): Σ pᵢ(1 − pⱼ)·[pᵢ > pⱼ, ½ when equal] / Σ pᵢ(1 − pⱼ) over pairs i ≠ j,
 * in one walk over the sorted scores.
 */
function expectedArea(probabilities: readonly (readonly number[])[], c: number): number {
  const sorted = Float64Array.from(probabilities, (p) => p[c]).sort();
  let above = 0;
  let pairs = 0;
  let negatives = 0;
  let sum = 0;
  let own = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    const p = sorted[from];
    const size = to - from;
    above += size * p * (negatives + 0.5 * (size - 1) * (1 - p));
    negatives += size * (1 - p);
    sum += size * p;
    own += size * p * (1 - p);
    from = to;
  }
  pairs = sum * negatives - own;
  return pairs > 0 ? above / pairs : Number.NaN;
}
