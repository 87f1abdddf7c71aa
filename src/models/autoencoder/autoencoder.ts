import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, integers, logUniform, option } from '../../core/options.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import type { Job } from '../../jobs/job.ts';
import { type DenseLayer, denseOperations, denseRows } from '../../nets/dense/dense-layers.ts';
import { denseNodes } from '../../nets/dense/dense-nodes.ts';

/** What a fit leaves. */
export interface AutoencoderState {
  readonly names: readonly string[] | null;
  /** Columns are encoded as (x − mean) / scale. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  readonly encoder: readonly DenseLayer[];
  readonly decoder: readonly DenseLayer[];
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

export const autoencoderOptions = z.strictObject({
  nComponents: option(
    z.int().positive().default(2),
    'Numbers that a row is encoded as.',
    integers(1, 32, true),
  ),
  hiddenLayerSizes: option(
    z.array(z.int().positive()).default([64]),
    'Units of the hidden layers between columns and code; the decoder has the same in reverse.',
  ),
  activation: option(
    z.enum(['relu', 'tanh', 'logistic', 'identity']).default('relu'),
    'Activation of the hidden layers; the code and the decoded columns have none.',
    choices('relu', 'tanh'),
  ),
  corruption: option(
    z.number().min(0).lt(1).default(0),
    'Share of the cells that are replaced by the mean of their column while training, which the network learns to undo (denoising).',
  ),
  variational: option(
    z.boolean().default(false),
    'Whether a row is encoded as a normal distribution, pulled towards the standard one, so that codes drawn from that decode to rows like those of training.',
  ),
  beta: option(
    z.number().nonnegative().default(1),
    'How strongly variational pulls; 1 weighs it as the likelihood of columns with noise of variance 1.',
    logUniform(0.01, 10),
  ),
  standardize: option(
    z.boolean().default(true),
    'Whether columns are standardised first, so that each counts as much; decoded rows are in the columns’ own units.',
  ),
  alpha: option(
    z.number().nonnegative().default(0),
    'Strength of the L2 penalty on the weights, divided by the rows of a batch.',
  ),
  batchSize: option(
    z.union([z.int().positive(), z.literal('auto')]).default('auto'),
    'Rows of a batch; auto is 128, or all rows when there are fewer.',
  ),
  learningRateInit: option(
    z.number().positive().default(1e-3),
    'Learning rate of Adam.',
    logUniform(1e-4, 1e-2),
  ),
  maxIter: option(z.int().positive().default(200), 'Most passes over the rows.'),
  tol: option(z.number().nonnegative().default(1e-4), 'By how much the loss must fall to count as better.'),
  nIterNoChange: option(
    z.int().positive().default(10),
    'Passes without a better loss after which training ends.',
  ),
  validationFraction: option(
    z.number().min(0).lt(1).default(0),
    'Share of the rows that is held out; their loss then decides when to stop, and the best weights are kept.',
  ),
  randomState: option(
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .nullable()
      .default(0),
    'Seed of the initial weights, the order of rows and what is corrupted; null for another each time.',
  ),
});

/**
 * An autoencoder: dense layers that squeeze a row into a code of few numbers and restore it from there, trained on the squared error
 * (G. Hinton and R. Salakhutdinov, Science 313 (2006)); with `corruption` a denoising one (P. Vincent et al., ICML 2008), with `variational` one whose codes are
 * distributions, of which `transform` gives the means (D. P. Kingma and M. Welling, arXiv:1312.6114). `transform` encodes,
 * `inverseTransform` decodes, and the error between a row and what is restored of it, see `reconstructionError`, is large for rows
 * unlike those of training. Training is in float32 by ONNX Runtime, all else in float64 without it.
 * @throws DependencyError in a fit without the package `onnxruntime-node`.
 */
export const autoencoder = defineTransformer({
  name: 'autoencoder',
  module: import.meta.url,
  summary: 'A neural network that encodes rows as few numbers and restores them.',
  use: 'To reduce columns that depend on one another in curved ways, and to find rows unlike all others by what is lost.',
  scaling: 'irrelevant',
  checkpoints: true,
  rowOperations: ({ encoder }: AutoencoderState) => 2 * denseOperations(encoder),
  options: autoencoderOptions,
  async fit(options, data, job): Promise<AutoencoderState> {
    // Loaded by the thread that fits, not by every program that mentions the model.
    const { fitAutoencoder } = await import('./fit-autoencoder.ts');
    return fitAutoencoder(job, options, data);
  },
  transform: (state, x, job) => encodeRows(state, x, job),
  inverseTransform: (state, x, job) => decodeRows(state, x, job),
  onnx({ mean, scale, encoder }: AutoencoderState, x, graph) {
    const centred = graph.node('Sub', [x.value, graph.constant(mean)]);
    const scaled = graph.node('Div', [centred, graph.constant(scale)]);
    const columns = encoder.at(-1)!.bias.length;
    return {
      kind: 'matrix',
      value: denseNodes(graph, scaled, encoder),
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
    const nComponents = encoder.at(-1)!.bias.length;
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
  const width = encoder.at(-1)!.bias.length;
  return andThen(
    denseRows(job, { data, rows, columns }, encoder),
    (codes) => new Matrix({ rows, columns: width, data: codes, names: x.names && namesOut(width) }),
  );
}

/** Rows from their codes. @throws DataError for codes of another width. */
export function decodeRows(
  { mean, scale, decoder, encoder, names }: AutoencoderState,
  x: Matrix,
  job: Job,
): Eventually<Matrix> {
  const expected = encoder.at(-1)!.bias.length;
  if (x.columns !== expected) {
    throw new DataError(
      'data/column-count',
      `autoencoder encodes rows as ${expected} numbers, but the table to be decoded has ${x.columns} columns.`,
      { expected, columns: x.columns },
    );
  }
  const columns = mean.length;
  return andThen(denseRows(job, x, decoder), (values) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i]! * scale[i % columns]! + mean[i % columns]!;
    return new Matrix({ rows: x.rows, columns, data: values, names: x.names && (names ?? undefined) });
  });
}
