import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { FloatArray } from '../../core/shared.ts';
import type { FitData } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import { type Network, networkParameters } from '../../nets/network.ts';
import { adam } from '../../nets/optimizers/optimizers.ts';
import type { FittedNetwork } from '../../nets/predict/fitted-network.ts';
import { networkRows } from '../../nets/predict/network-rows.ts';
import { holdOut } from '../../nets/train/hold-out.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import { trainNetwork } from '../../nets/train/train-network.ts';
import type { AutoencoderState } from './autoencoder.ts';
import { autoencoderNetwork, channelsOf } from './autoencoder-network.ts';
import type { AutoencoderOptions } from './autoencoder-options.ts';

export async function fitAutoencoder(
  job: Job,
  options: AutoencoderOptions,
  { x, sampleWeight: weight, checkpoint }: Pick<FitData<'matrix'>, 'x' | 'sampleWeight' | 'checkpoint'>,
): Promise<AutoencoderState> {
  const { maxIter, tol, nIterNoChange, learningRateInit, alpha, batchSize, standardize } = options;
  const random = new RandomState(options.randomState);
  const channels = channelsOf(x.columns, options);
  const { mean, scale } = standardize ? momentsOf(x, weight, channels) : plain(x.columns);
  const { rows, columns } = x;
  const data = Float64Array.from(x.data, (value, i) => (value - mean[i % columns]!) / scale[i % columns]!);
  const all = rowsOf(new Matrix({ rows, columns, data, names: x.names }), weight);
  const share = options.validationFraction;
  const { training, held: validation } =
    share === 0 ? { training: all, held: undefined } : holdOut(all, { model: 'autoencoder', share, random });
  const { network, encoder: encoding } = autoencoderNetwork(columns, options);
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
  const parts = (from: number, to?: number) => partOf(network, found.parameters, from, to);
  const encoder = codeOf(parts(0, encoding), options.nComponents);
  const decoder = { ...parts(encoding), inputShape: [options.nComponents] };
  const codes = await networkRows(job, { data: all.x.data, rows }, encoder);
  const restored = await networkRows(job, { data: codes, rows }, decoder);
  return {
    ...{ names: x.names ?? null, mean, scale, encoder, decoder },
    lossCurve: Float64Array.from(found.losses),
    validationLossCurve: Float64Array.from(found.validationLosses),
    reconstructionErrors: rowErrors(all.x.data, restored, columns),
  };
}

/** Layers of a trained network as one of its own, without those that matter while training only. */
function partOf(
  network: Network,
  values: ReadonlyMap<string, Float32Array>,
  from: number,
  to = network.layers.length,
): FittedNetwork {
  return {
    inputShape: network.inputShape,
    layers: network.layers.slice(from, to).filter(({ kind }) => kind !== 'dropout' && kind !== 'normalCode'),
    parameters: networkParameters(network)
      .filter(({ layer }) => from <= layer && layer < to)
      .map(({ name }) => values.get(name)!),
  };
}

/** An encoder whose last layer has its first outputs only: of a variational code, the means. */
function codeOf({ inputShape, layers, parameters }: FittedNetwork, units: number): FittedNetwork {
  const [weights, bias] = parameters.slice(-2) as [FloatArray, FloatArray];
  const outputs = bias.length;
  const last: Layer = { kind: 'dense', units };
  return {
    inputShape,
    layers: [...layers.slice(0, -1), last],
    parameters: [
      ...parameters.slice(0, -2),
      weights.filter((_, at) => at % outputs < units),
      bias.slice(0, units),
    ],
  };
}

const rowsOf = (x: Matrix, weight: Float64Array | undefined): TrainingRows => ({ x, target: x.data, weight });

function plain(columns: number): { mean: Float64Array; scale: Float64Array } {
  return { mean: new Float64Array(columns), scale: new Float64Array(columns).fill(1) };
}

/**
 * Weighted means and standard deviations of columns, or of channels that are several columns each; 1 for one of a single value.
 */
function momentsOf({ data, rows, columns }: Matrix, weight: Float64Array | undefined, channels: number) {
  const { mean, scale } = plain(columns);
  const squares = new Float64Array(columns);
  const total = weight?.reduce((sum, one) => sum + one, 0) ?? rows;
  const own = (i: number) => (weight?.[i] ?? 1) / total;
  const width = columns / channels;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) mean[j]! += own(i) * data[i * columns + j]!;
  share(mean);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) squares[j]! += own(i) * (data[i * columns + j]! - mean[j]!) ** 2;
  share(squares);
  for (let j = 0; j < columns; j++) {
    const deviation = Math.sqrt(squares[j]!);
    // What rounding leaves of a column of one value is no spread.
    if (deviation > 1e-12 * Math.abs(mean[j]!)) scale[j] = deviation;
  }
  return { mean, scale };

  /** Gives the columns of a channel their mean. */
  function share(values: Float64Array): void {
    if (width === 1) return;
    for (let from = 0; from < columns; from += width) {
      const own = values.subarray(from, from + width);
      own.fill(own.reduce((sum, value) => sum + value, 0) / width);
    }
  }
}

/** The mean squared error of each row. */
function rowErrors(truth: Float64Array, restored: Float64Array, columns: number): Float64Array {
  const errors = new Float64Array(truth.length / columns);
  for (let i = 0; i < truth.length; i++)
    errors[Math.floor(i / columns)]! += (truth[i]! - restored[i]!) ** 2 / columns;
  return errors;
}
