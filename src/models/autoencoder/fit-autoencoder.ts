import type { z } from 'zod';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { FitData } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { type DenseLayer, denseRows } from '../../nets/dense/dense-layers.ts';
import { denseLayersOf } from '../../nets/dense/dense-layers-of.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import type { Network } from '../../nets/network.ts';
import { adam } from '../../nets/optimizers/optimizers.ts';
import { holdOut } from '../../nets/train/hold-out.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import { trainNetwork } from '../../nets/train/train-network.ts';
import type { AutoencoderState, autoencoderOptions } from './autoencoder.ts';

type Options = z.output<typeof autoencoderOptions>;

export async function fitAutoencoder(
  job: Job,
  options: Options,
  { x, sampleWeight: weight, checkpoint }: Pick<FitData<'matrix'>, 'x' | 'sampleWeight' | 'checkpoint'>,
): Promise<AutoencoderState> {
  const { maxIter, tol, nIterNoChange, learningRateInit, alpha, batchSize, standardize } = options;
  const random = new RandomState(options.randomState);
  const { mean, scale } = standardize ? momentsOf(x, weight) : plain(x.columns);
  const { rows, columns } = x;
  const data = Float64Array.from(x.data, (value, i) => (value - mean[i % columns]!) / scale[i % columns]!);
  const all = rowsOf(new Matrix({ rows, columns, data, names: x.names }), weight);
  const share = options.validationFraction;
  const { training, held: validation } =
    share === 0 ? { training: all, held: undefined } : holdOut(all, { model: 'autoencoder', share, random });
  const network = autoencoderNetwork(columns, options);
  const found = await trainNetwork(
    job,
    {
      ...{
        ...training,
        network,
        random,
        alpha,
        loss: { kind: 'squaredError' },
        optimizer: adam(learningRateInit),
      },
      batchSize: batchSize === 'auto' ? 128 : batchSize,
      // Drawn, so that another randomState corrupts other cells.
      drawSeed: random.randint(2 ** 31 - 1),
    },
    { maxIter, tol, nIterNoChange, validation, checkpoint },
  );
  if (!found.converged && validation === undefined) {
    job.warn(
      'fit/not-converged',
      `autoencoder stopped after ${maxIter} passes while the loss still fell by more than tol. Raise maxIter or learningRateInit.`,
    );
  }
  const layers = denseLayersOf(network, found.parameters);
  const hidden = options.hiddenLayerSizes.length;
  const encoder = layers
    .slice(0, hidden + 1)
    .with(hidden, firstOutputs(layers[hidden]!, options.nComponents));
  const decoder = layers.slice(hidden + 1);
  const restored = await denseRows(job, all.x, [...encoder, ...decoder]);
  return {
    ...{ names: x.names ?? null, mean, scale, encoder, decoder },
    lossCurve: Float64Array.from(found.losses),
    validationLossCurve: Float64Array.from(found.validationLosses),
    reconstructionErrors: rowErrors(all.x.data, restored, columns),
  };
}

/** Dense layers to the code and back, activations between; corruption drops columns to their mean, 0. */
function autoencoderNetwork(
  columns: number,
  { hiddenLayerSizes, nComponents, activation, corruption, variational, beta }: Options,
): Network {
  const initializer = { kind: 'glorot', distribution: 'uniform' } as const;
  const hidden = (units: number): Layer[] => [
    { kind: 'dense', units, initializer },
    { kind: 'activation', function: activation },
  ];
  return {
    inputShape: [columns],
    layers: [
      ...(corruption > 0 ? [{ kind: 'dropout', rate: corruption, rescale: false } as const] : []),
      ...hiddenLayerSizes.flatMap(hidden),
      { kind: 'dense', units: variational ? 2 * nComponents : nComponents, initializer },
      // The loss is a mean over the columns, and so must be what is added to it.
      ...(variational ? [{ kind: 'normalCode', units: nComponents, penalty: beta / columns } as const] : []),
      ...hiddenLayerSizes.toReversed().flatMap(hidden),
      { kind: 'dense', units: columns, initializer },
    ],
  };
}

/** The first outputs of a layer: of a variational code, the means. */
function firstOutputs({ weights, bias, activation }: DenseLayer, count: number): DenseLayer {
  const outputs = bias.length;
  return { weights: weights.filter((_, at) => at % outputs < count), bias: bias.slice(0, count), activation };
}

const rowsOf = (x: Matrix, weight: Float64Array | undefined): TrainingRows => ({ x, target: x.data, weight });

function plain(columns: number): { mean: Float64Array; scale: Float64Array } {
  return { mean: new Float64Array(columns), scale: new Float64Array(columns).fill(1) };
}

/** Weighted means and standard deviations; 1 for a column of one value. */
function momentsOf({ data, rows, columns }: Matrix, weight: Float64Array | undefined) {
  const { mean, scale } = plain(columns);
  const squares = new Float64Array(columns);
  const total = weight?.reduce((sum, one) => sum + one, 0) ?? rows;
  const own = (i: number) => (weight?.[i] ?? 1) / total;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) mean[j]! += own(i) * data[i * columns + j]!;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) squares[j]! += own(i) * (data[i * columns + j]! - mean[j]!) ** 2;
  for (let j = 0; j < columns; j++) {
    const deviation = Math.sqrt(squares[j]!);
    // What rounding leaves of a column of one value is no spread.
    if (deviation > 1e-12 * Math.abs(mean[j]!)) scale[j] = deviation;
  }
  return { mean, scale };
}

/** The mean squared error of each row. */
function rowErrors(truth: Float64Array, restored: Float64Array, columns: number): Float64Array {
  const errors = new Float64Array(truth.length / columns);
  for (let i = 0; i < truth.length; i++)
    errors[Math.floor(i / columns)]! += (truth[i]! - restored[i]!) ** 2 / columns;
  return errors;
}
