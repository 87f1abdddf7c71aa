import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { StateShape } from '../../define/definition.ts';
import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';
import type { Observation } from '../../environments/environment.ts';
import { featureNodes, featureRows, writeFeatures } from '../../environments/policy/observation-features.ts';
import { denseOperations, denseRow } from '../../nets/dense/dense-layers.ts';
import { denseNodes } from '../../nets/dense/dense-nodes.ts';
import { SCALED_LIMIT, scaleRow, VARIANCE_EPSILON } from './observer.ts';
import type { PolicyGradientState } from './policy-gradient-state.ts';

/** What the policy network gives for an observation, in float64. */
export function scoresOf({
  features,
  scaling,
  policy,
}: PolicyGradientState): (observation: Observation) => Float64Array {
  const inputs = new Float64Array(features.width);
  return (observation) => {
    writeFeatures(features, observation, inputs, 0);
    if (scaling !== null) scaleRow(inputs, scaling, inputs, 0);
    return denseRow(inputs, policy);
  };
}

/** The same for the rows of a table, row-major. @throws DataError for a row that cannot be observed. */
export function scoreRows(
  { features, scaling, policy }: PolicyGradientState,
  { data, rows }: Matrix,
): Float64Array {
  const inputs = featureRows(features, data, rows);
  const { width } = features;
  const outputs = policy.at(-1)!.bias.length;
  const scores = new Float64Array(rows * outputs);
  const scaled = new Float64Array(width);
  for (let i = 0; i < rows; i++) {
    const row = inputs.subarray(i * width, (i + 1) * width);
    if (scaling !== null) scaleRow(row, scaling, scaled, 0);
    scores.set(denseRow(scaling === null ? row : scaled, policy), i * outputs);
  }
  return scores;
}

/** The same as nodes: float64 [rows, outputs]. */
export function scoreNodes(
  { features, scaling, policy }: PolicyGradientState,
  x: OnnxMatrix,
  graph: OnnxBuilder,
): OnnxValue {
  let inputs = featureNodes(features, x.value, graph);
  if (scaling !== null) {
    const { mean, variance } = scaling;
    const deviation = variance.map((value) => Math.sqrt(value + VARIANCE_EPSILON));
    const centred = graph.node('Sub', [inputs, graph.constant(mean, [1, mean.length])]);
    const scaled = graph.node('Div', [centred, graph.constant(deviation, [1, mean.length])]);
    inputs = graph.node('Min', [
      graph.node('Max', [scaled, graph.scalar(-SCALED_LIMIT)]),
      graph.scalar(SCALED_LIMIT),
    ]);
  }
  return denseNodes(graph, inputs, policy);
}

/** Multiplications and additions for a row. */
export function scoreOperations({ policy }: PolicyGradientState): number {
  return 2 * denseOperations(policy);
}

/** @throws DataError for layers that do not follow one another from the observations to the outputs. */
export function checkLayers(
  { features, scaling, policy, action }: PolicyGradientState,
  { columns, outputs }: StateShape,
): void {
  const seen = features?.sizes?.length > 0 ? features.sizes.length : features?.width;
  let width = features?.width;
  const follows = (policy ?? []).every(({ weights, bias }) => {
    const fits = weights.length === width * bias.length;
    width = bias.length;
    return fits;
  });
  // Two actions have one score for tables, but two outputs here.
  const given = action?.kind === 'choice' ? action.n : action?.low?.length;
  const isScaled =
    scaling === null ||
    (scaling?.mean?.length === features.width && scaling.variance.length === features.width);
  const hasOutputs = width === given && (given === outputs || (given === 2 && outputs === 1));
  if (seen === columns && follows && isScaled && hasOutputs && policy.length > 0) return;
  throw new DataError(
    'model/unfit-state',
    'The layers of the policy do not fit its observations and actions.',
    {},
  );
}
