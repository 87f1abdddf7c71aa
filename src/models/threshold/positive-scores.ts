import { OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import type { Table } from '../../core/table.ts';
import type { State } from '../../define/definition.ts';
import type { OnnxBuilder, OnnxClassOutputs, OnnxValue } from '../../define/onnx.ts';
import { applyModel, hasMethod } from '../../define/run.ts';
import type { Specification } from '../../define/specification.ts';
import type { Job } from '../../jobs/job.ts';

export type ScoreMethod = 'predictProba' | 'decisionFunction';

/** The output that is cut: what is asked for, by default probabilities, else scores. @throws OptionError when there is none. */
export function scoreMethod(
  { name, definition, options }: Specification,
  asked: 'auto' | ScoreMethod,
): ScoreMethod {
  const wanted: readonly ScoreMethod[] = asked === 'auto' ? ['predictProba', 'decisionFunction'] : [asked];
  const found = wanted.find((method) => hasMethod(definition, method, options));
  if (found !== undefined) return found;
  throw new OptionError(
    'option/invalid',
    `threshold-classifier: ${name} has no ${wanted.join(' and no ')}, so there is nothing to cut at a threshold.`,
    { option: asked === 'auto' ? 'estimator' : 'responseMethod' },
  );
}

/** What the estimator's own `predict` cuts at. */
export const usualThreshold = { predictProba: 0.5, decisionFunction: 0 } as const;

/** Scores of one of two classes, which grow with it. */
export function positiveScores(
  estimator: Specification,
  state: State,
  method: ScoreMethod,
  positive: number,
  x: Table,
  job: Job,
): Eventually<Float64Array> {
  const given = applyModel(estimator, state, method, x, job) as Eventually<Float64Array>;
  return andThen(given, (values) => columnOf(values, method, positive));
}

export function columnOf(values: Float64Array, method: ScoreMethod, positive: number): Float64Array {
  if (method === 'predictProba')
    return Float64Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + positive]!);
  return positive === 1 ? values : values.map((value) => -value);
}

/** int64 [rows]: the classes as `predict` gives them; undefined when the graph of the estimator lacks what is cut. */
export function thresholdNodes(
  graph: OnnxBuilder,
  { probabilities, scores }: OnnxClassOutputs,
  method: ScoreMethod,
  positive: number,
  threshold: number,
): OnnxValue | undefined {
  const cut =
    method === 'decisionFunction'
      ? scores && (positive === 1 ? scores : graph.node('Neg', [scores]))
      : probabilities && graph.node('Gather', [probabilities, graph.constant([positive])], { axis: 1 });
  if (cut === undefined) return undefined;
  const reaches = graph.node('GreaterOrEqual', [cut, graph.scalar(threshold)]);
  const codes = graph.node('Where', [reaches, graph.constant([positive]), graph.constant([1 - positive])]);
  return graph.node('Reshape', [codes, graph.constant([-1])]);
}
