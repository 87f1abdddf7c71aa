import { DataError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import type { Job } from '../../jobs/job.ts';
import { outputShape } from '../../nets/network.ts';
import { denseNetwork, type FittedNetwork } from '../../nets/predict/fitted-network.ts';
import { networkOperations } from '../../nets/predict/network-operations.ts';
import { networkRows } from '../../nets/predict/network-rows.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { autoencoderOptions } from './autoencoder-options.ts';

/** What a fit leaves. */
export interface AutoencoderState {
  readonly names: readonly string[] | null;
  /** Columns are encoded as (x − mean) / scale. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** From a row to its code, of a variational autoencoder to the means. */
  readonly encoder: FittedNetwork;
  readonly decoder: FittedNetwork;
  readonly lossCurve: Float64Array;
  readonly validationLossCurve: Float64Array;
  readonly reconstructionErrors: Float64Array;
}

export interface AutoencoderAttributes {
  readonly nComponents: number;
  /** Mean loss of each pass: half the squared error of standardised columns, penalties included. */
  readonly lossCurve: Float64Array;
  /** That of the rows held out; empty without such rows. */
  readonly validationLossCurve: Float64Array;
  readonly nIter: number;
  /**
   * Quantiles of the reconstruction errors of the training rows, to choose from which error on a new row counts as an anomaly.
   */
  readonly errorQuantiles: {
    readonly q50: number;
    readonly q90: number;
    readonly q95: number;
    readonly q99: number;
    readonly q100: number;
  };
  readonly featureNamesOut: readonly string[];
}

/** Sessions are opened on worker threads only: whatever one costs, it is too long for the thread of the caller. */
const ELSEWHERE = 1e12;

const codeWidth = (encoder: FittedNetwork): number => sizeOf(outputShape(encoder));

/**
 * An autoencoder: layers that squeeze a row into a code of few numbers and restore it from there, trained on the squared error
 * (G. Hinton and R. Salakhutdinov, Science 313 (2006)); with `corruption` a denoising one (P. Vincent et al., ICML 2008), with `variational` one whose codes are
 * distributions, of which `transform` gives the means (D. P. Kingma and M. Welling, arXiv:1312.6114). `transform` encodes,
 * `inverseTransform` decodes, and the error between a row and what is restored of it, see `reconstructionError`, is large for rows
 * unlike those of training. With `filters` convolutions come first and last, for rows that are flat pictures or signals. Training is in
 * float32 by ONNX Runtime; all else is in float64 without it where all layers are dense, else in float32 with it.
 * @throws DependencyError in a fit without the package `onnxruntime-node`; DataError for columns that do not make up the inputShape.
 */
export const autoencoder = defineTransformer({
  name: 'autoencoder',
  module: import.meta.url,
  summary: 'A neural network that encodes rows as few numbers and restores them.',
  use: 'To reduce columns that depend on one another in curved ways, and to find rows unlike all others by what is lost.',
  scaling: 'irrelevant',
  checkpoints: true,
  rowOperations: ({ encoder }: AutoencoderState) =>
    denseNetwork(encoder) === undefined ? ELSEWHERE : 2 * networkOperations(encoder),
  options: autoencoderOptions,
  async fit(options, data, job): Promise<AutoencoderState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitAutoencoder } = await import('./fit-autoencoder.ts');
    return fitAutoencoder(job, options, data);
  },
  transform: (state, x, job) => encodeRows(state, x, job),
  inverseTransform: (state, x, job) => decodeRows(state, x, job),
  async onnx({ mean, scale, encoder }: AutoencoderState, x, graph) {
    const { networkNodes } = await import('../../nets/predict/network-nodes.ts');
    const centred = graph.node('Sub', [x.value, graph.constant(mean)]);
    const scaled = graph.node('Div', [centred, graph.constant(scale)]);
    const columns = codeWidth(encoder);
    return {
      kind: 'matrix',
      value: networkNodes(graph, scaled, encoder),
      columns,
      names: x.names && namesOut(columns),
    };
  },
  attributes({
    encoder,
    lossCurve,
    validationLossCurve,
    reconstructionErrors,
  }: AutoencoderState): AutoencoderAttributes {
    const nComponents = codeWidth(encoder);
    const sorted = reconstructionErrors.toSorted();
    const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
    return {
      ...{ nComponents, lossCurve, validationLossCurve, nIter: lossCurve.length },
      errorQuantiles: {
        ...{
          q50: quantile(0.5),
          q90: quantile(0.9),
          q95: quantile(0.95),
          q99: quantile(0.99),
          q100: quantile(1),
        },
      },
      featureNamesOut: namesOut(nComponents),
    };
  },
});

function namesOut(count: number): string[] {
  return Array.from({ length: count }, (_, k) => `code${k}`);
}

/** The code of each row. */
export function encodeRows(
  { mean, scale, encoder }: AutoencoderState,
  x: Matrix,
  job: Job,
): Eventually<Matrix> {
  const { rows, columns } = x;
  const data = Float64Array.from(x.data, (value, i) => (value - mean[i % columns]!) / scale[i % columns]!);
  const width = codeWidth(encoder);
  return andThen(
    networkRows(job, { data, rows }, encoder),
    (codes) => new Matrix({ rows, columns: width, data: codes, names: x.names && namesOut(width) }),
  );
}

/** Rows from their codes. @throws DataError for codes of another width. */
export function decodeRows(
  { mean, scale, decoder, encoder, names }: AutoencoderState,
  x: Matrix,
  job: Job,
): Eventually<Matrix> {
  const expected = codeWidth(encoder);
  if (x.columns !== expected) {
    throw new DataError(
      'data/column-count',
      `autoencoder encodes rows as ${expected} numbers, but the table to be decoded has ${x.columns} columns.`,
      { expected, columns: x.columns },
    );
  }
  const columns = mean.length;
  return andThen(networkRows(job, x, decoder), (values) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i]! * scale[i % columns]! + mean[i % columns]!;
    return new Matrix({ rows: x.rows, columns, data: values, names: x.names && (names ?? undefined) });
  });
}
