import { JobError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import { Matrix } from '../../core/matrix.ts';
import type { Method } from '../../define/definition.ts';
import type { Scorer, ScorerContext } from '../../metrics/registry.ts';

/** Truth and one output of a model for the same rows, as plain data. */
export interface ScoredRows {
  /** Codes into `classes` when there are any, else row-major values. */
  readonly truth: Float64Array | Int32Array;
  readonly targets: number;
  readonly method: Method;
  /** Codes into `modelClasses` of a classifier's `predict`, else row-major numbers. */
  readonly output: Float64Array | Int32Array;
  readonly classes: readonly Label[] | undefined;
  /** The classes that the model met in its training rows. */
  readonly modelClasses: readonly Label[] | undefined;
  readonly positiveClass: Label | undefined;
  readonly sampleWeight: Float64Array | undefined;
}

/** @throws what the metric throws; JobError when it returns no number. */
export function scoreOutputs(scorer: Scorer, rows: ScoredRows): number {
  const score = compute(scorer, rows);
  if (typeof score !== 'number') {
    throw new JobError(
      'metric/no-number',
      `The metric '${scorer.name}' gave ${String(score)} instead of a number.`,
      {
        metric: scorer.name,
      },
    );
  }
  return score;
}

function compute(scorer: Scorer, rows: ScoredRows): number {
  const { truth, targets, method, output, classes, modelClasses, sampleWeight, positiveClass } = rows;
  if (scorer.problem === 'regression') {
    return scorer.compute(asTable(truth as Float64Array, targets), asTable(output as Float64Array, targets), {
      sampleWeight,
    });
  }
  const context: ScorerContext = { classes: modelClasses, positiveClass, sampleWeight };
  const labels = decode(truth as Int32Array, classes!);
  if (scorer.needs === 'prediction')
    return scorer.compute(labels, decode(output as Int32Array, modelClasses!), context);
  const columns = method === 'decisionFunction' && modelClasses!.length === 2 ? 1 : modelClasses!.length;
  const scores = asTable(output as Float64Array, columns);
  return scorer.needs === 'score'
    ? scorer.compute(labels, scores, context)
    : scorer.compute(labels, scores as Matrix, context);
}

function asTable(data: Float64Array, columns: number): Float64Array | Matrix {
  return columns === 1 ? data : new Matrix({ rows: data.length / columns, columns, data });
}

export function decode<L extends Label>(codes: Int32Array, classes: readonly L[]): L[] {
  return Array.from(codes, (code) => classes[code]);
}
