import type { DenseLayer } from '../../nets/dense/dense-layers.ts';
import type { Initializer } from '../../nets/layers/initializers.ts';
import type { Layer } from '../../nets/layers/layer.ts';
import type { Network } from '../../nets/network.ts';

/** The network that says what each action is worth. */
export interface QShape {
  readonly inputs: number;
  readonly hiddenLayers: readonly number[];
  readonly actions: number;
  readonly duelling: boolean;
}

/** Uniform within ±1 ÷ √inputs, weights and biases: he's bound √6 ÷ √inputs times this gain. */
const initializer: Initializer = { kind: 'he', distribution: 'uniform', gain: 1 / Math.sqrt(6) };
const dense = (units: number): Layer => ({ kind: 'dense', units, initializer, bias: initializer });
const hidden = (units: number): Layer[] => [dense(units), { kind: 'activation', function: 'relu' }];

/**
 * The networks that are trained, by name. Duelling (Z. Wang et al., arXiv:1511.06581) has two streams, each with a last hidden layer of its
 * own: in `trunk` these two lie side by side, that of the value first. What actions are worth is V + A − mean A.
 */
export function qNetworks({
  inputs,
  hiddenLayers,
  actions,
  duelling,
}: QShape): Readonly<Record<string, Network>> {
  if (!duelling)
    return { q: { inputShape: [inputs], layers: [...hiddenLayers.flatMap(hidden), dense(actions)] } };
  const last = hiddenLayers.at(-1);
  const stream = [last ?? inputs];
  return {
    ...(last !== undefined && {
      trunk: { inputShape: [inputs], layers: [...hiddenLayers.slice(0, -1), 2 * last].flatMap(hidden) },
    }),
    value: { inputShape: stream, layers: [dense(1)] },
    advantage: { inputShape: stream, layers: [dense(actions)] },
  };
}

/**
 * The last layer of duelling streams as one layer from both to the actions, since V + A − mean A is linear in what they give.
 * @param out Gets weights, row-major, and bias.
 */
export function foldStreams(
  { inputs, hiddenLayers, actions }: QShape,
  parameters: ReadonlyMap<string, Float32Array>,
  out: { readonly weights: Float32Array; readonly bias: Float32Array },
): void {
  const of = (name: string) => parameters.get(name)!;
  const [value, advantage] = [of('value.0.weights'), of('advantage.0.weights')];
  const [base, extra] = [of('value.0.bias')[0]!, of('advantage.0.bias')];
  const average = (row: Float32Array) => row.reduce((sum, one) => sum + one, 0) / actions;
  const stream = hiddenLayers.at(-1) ?? inputs;
  const { weights, bias } = out;
  // Without hidden layers both streams read the observation itself.
  const shift = hiddenLayers.length === 0 ? 0 : stream * actions;
  weights.fill(0);
  for (let i = 0; i < stream; i++) {
    const row = advantage.subarray(i * actions, (i + 1) * actions);
    const middle = average(row);
    for (let j = 0; j < actions; j++) {
      weights[i * actions + j]! += value[i]!;
      weights[shift + i * actions + j]! += row[j]! - middle;
    }
  }
  const middle = average(extra);
  for (let j = 0; j < actions; j++) bias[j] = base + extra[j]! - middle;
}

/** Inputs of the last layer. */
export function lastInputs({ inputs, hiddenLayers, duelling }: QShape): number {
  const last = hiddenLayers.at(-1);
  return last === undefined ? inputs : duelling ? 2 * last : last;
}

/** Copies of the layers one after another, those of duelling streams folded. */
export function qLayers(shape: QShape, parameters: ReadonlyMap<string, Float32Array>): DenseLayer[] {
  const { hiddenLayers, actions, duelling } = shape;
  const at = (name: string, layer: number, activation: DenseLayer['activation']): DenseLayer => ({
    weights: parameters.get(`${name}.${layer}.weights`)!.slice(),
    bias: parameters.get(`${name}.${layer}.bias`)!.slice(),
    activation,
  });
  const layers = hiddenLayers.map((_, k) => at(duelling ? 'trunk' : 'q', 2 * k, 'relu'));
  if (!duelling) return [...layers, at('q', 2 * hiddenLayers.length, 'identity')];
  const last = {
    weights: new Float32Array(lastInputs(shape) * actions),
    bias: new Float32Array(actions),
  };
  foldStreams(shape, parameters, last);
  return [...layers, { ...last, activation: 'identity' }];
}
