import { DataError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import type { OnnxBuilder, OnnxMatrix } from '../../define/onnx.ts';
import type { Job } from '../../jobs/job.ts';
import { project, unproject } from '../../math/pca/project.ts';

/** Principal directions as a fit leaves them: what every form of PCA transforms with. */
export interface DirectionsState {
  readonly names: readonly string[] | null;
  readonly mean: Float64Array;
  /** Row-major, components × columns. */
  readonly components: Float64Array;
  readonly explainedVariance: Float64Array;
}

/** The rows, less the mean, along the directions; with `whiten` over the deviation along each. */
export async function transformRows(
  state: DirectionsState,
  x: Matrix,
  job: Job,
  whiten: boolean,
): Promise<Matrix> {
  const outputs = state.components.length / x.columns;
  const directions = directionsOf(state, whiten);
  const data = await project(job, x, { mean: state.mean, directions });
  return new Matrix({ rows: x.rows, columns: outputs, data, names: x.names && namesOut(outputs) });
}

/** {@link transformRows} of one row, in the same order of sums. */
export function transformOneRow(state: DirectionsState, row: Float64Array, whiten: boolean): Float64Array {
  const { mean, components, explainedVariance } = state;
  const columns = mean.length;
  const out = new Float64Array(components.length / columns);
  for (let k = 0, at = 0; k < out.length; k++) {
    const deviation = whiten ? Math.max(Number.EPSILON, Math.sqrt(explainedVariance[k]!)) : 1;
    let sum = 0;
    for (let j = 0; j < columns; j++, at++) sum += (row[j]! - mean[j]!) * (components[at]! / deviation);
    out[k] = sum;
  }
  return out;
}

/** @param model Named in the error. @throws DataError for a table of another number of columns than there are components. */
export function turnBack(
  model: string,
  state: DirectionsState,
  x: Matrix,
  job: Job,
  whiten: boolean,
): Matrix {
  const columns = state.mean.length;
  const outputs = state.components.length / columns;
  if (x.columns !== outputs) {
    throw new DataError(
      'data/column-count',
      `${model} has ${outputs} components, but the table to be turned back has ${x.columns} columns.`,
      { expected: outputs, columns: x.columns },
    );
  }
  const deviations = whiten ? deviationsOf(state) : undefined;
  const directions =
    deviations === undefined
      ? state.components
      : state.components.map((value, at) => value * deviations[Math.floor(at / columns)]!);
  const back = unproject(x, { mean: state.mean, directions }, () => job.checkpoint());
  const { rows, data } = back;
  return new Matrix({ rows, columns, data, names: x.names && (state.names ?? undefined) });
}

export function projectionNodes(
  state: DirectionsState,
  x: OnnxMatrix,
  graph: OnnxBuilder,
  whiten: boolean,
): OnnxMatrix {
  const columns = state.components.length / x.columns;
  const centred = graph.node('Sub', [x.value, graph.constant(state.mean)]);
  const directions = graph.constant(directionsOf(state, whiten), [columns, x.columns]);
  const value = graph.node('Gemm', [centred, directions], { transB: 1 });
  return { kind: 'matrix', value, columns, names: x.names && namesOut(columns) };
}

/** Shares of the whole; 0 where nothing varies. */
export function ratiosOf(variances: Float64Array, total: number): Float64Array {
  return variances.map((value) => (total > 0 ? value / total : 0));
}

/** What rows are projected onto: the components, with `whiten` over the deviation along each. */
function directionsOf(state: DirectionsState, whiten: boolean): Float64Array {
  if (!whiten) return state.components;
  const columns = state.mean.length;
  const deviations = deviationsOf(state);
  return state.components.map((value, at) => value / deviations[Math.floor(at / columns)]!);
}

/** Directions without variance are divided by ε instead of 0, as in scikit-learn. */
function deviationsOf({ explainedVariance }: DirectionsState): Float64Array {
  return explainedVariance.map((value) => Math.max(Number.EPSILON, Math.sqrt(value)));
}

export function namesOut(count: number): string[] {
  return Array.from({ length: count }, (_, k) => `pca${k}`);
}
