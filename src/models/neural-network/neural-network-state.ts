import { z } from 'zod';
import { DataError } from '../../core/errors.ts';
import { layerSchema } from '../../nets/layers/layer-schema.ts';
import { type LayerSummary, networkParameters, outputShape, summarizeNetwork } from '../../nets/network.ts';
import { networkTable } from '../../nets/network-table.ts';
import { denseNetwork, type FittedNetwork } from '../../nets/predict/fitted-network.ts';
import { networkOperations } from '../../nets/predict/network-operations.ts';
import { sizeOf } from '../../tensor/tensor.ts';

/** What a fit leaves. */
export interface NeuralNetworkState {
  readonly network: FittedNetwork;
  readonly lossCurve: Float64Array;
  readonly validationLossCurve: Float64Array;
  readonly validationScores: Float64Array;
  readonly steps: number;
}

export interface NeuralNetworkAttributes {
  /** What each layer gives for one row, and how many parameters it has; with the dense layer that was added. */
  readonly layers: readonly LayerSummary[];
  /** Numbers that were learned, and running statistics. */
  readonly parameterCount: number;
  /** The layers as a table, to be printed. */
  readonly architecture: string;
  /** Mean loss of each epoch, each batch's before its step. */
  readonly lossCurve: Float64Array;
  /** Mean loss of the held-out rows after each epoch; empty without such rows. */
  readonly validationLossCurve: Float64Array;
  /** Accuracy or R² of the held-out rows after each epoch; empty without such rows. */
  readonly validationScores: Float64Array;
  /** Epochs of training. */
  readonly nIter: number;
  /** Updates of the weights. */
  readonly steps: number;
}

export function neuralNetworkAttributes(state: NeuralNetworkState): NeuralNetworkAttributes {
  const { network, lossCurve, validationLossCurve, validationScores, steps } = state;
  const layers = summarizeNetwork(network);
  return {
    layers,
    parameterCount: layers.reduce((sum, { parameters }) => sum + parameters, 0),
    architecture: networkTable(network),
    ...{ lossCurve, validationLossCurve, validationScores, nIter: lossCurve.length, steps },
  };
}

/** Sessions are opened on worker threads only: whatever one costs, it is too long for the thread of the caller. */
const ELSEWHERE = 1e12;

export function neuralNetworkOperations({ network }: NeuralNetworkState): number {
  return denseNetwork(network) === undefined ? ELSEWHERE : networkOperations(network);
}

/**
 * @param widths Numbers that the network may give for a row.
 * @throws DataError for layers that are none, parameters of other lengths than they need, or another number of inputs or outputs.
 */
export function checkNeuralNetworkState(
  { network }: NeuralNetworkState,
  columns: number,
  widths: readonly number[],
): void {
  if (isSound(network, columns, widths)) return;
  throw new DataError(
    'model/unfit-state',
    'The parameters of the network do not fit its layers, or the layers do not fit the columns and what is predicted.',
  );
}

function isSound(network: FittedNetwork, columns: number, widths: readonly number[]): boolean {
  if (!z.array(layerSchema).safeParse(network.layers).success) return false;
  if (sizeOf(network.inputShape) !== columns) return false;
  try {
    const specs = networkParameters(network);
    return (
      widths.includes(sizeOf(outputShape(network))) &&
      specs.length === network.parameters.length &&
      specs.every((spec, i) => network.parameters[i]!.length === sizeOf(spec.shape))
    );
  } catch {
    return false;
  }
}
