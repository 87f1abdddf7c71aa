import { gradients } from '../../tensor/gradients.ts';
import { lowerGraph } from '../../tensor/lower-graph.ts';
import type { OnnxGraph } from '../../tensor/onnx/onnx-graph.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { buildLoss, buildRowLosses, type Loss, targetKind, targetShape } from '../losses/loss.ts';
import { buildNetwork, layerName, type Network, type StepDraw } from '../network.ts';

export interface TrainingGraph {
  /** Inputs `x`, `target`, `weight`, `total`, the parameters and what is drawn; outputs `loss`, `gradient.NAME`, and `update.NAME` of buffers. */
  readonly graph: OnnxGraph;
  readonly draws: readonly StepDraw[];
}

/** Forward and backward pass of `rows` rows as one graph. */
export function trainingGraph(
  network: Network,
  loss: Loss,
  rows: number,
  real: 'float32' | 'float64' = 'float32',
): TrainingGraph {
  const graph = new TensorGraph();
  const x = graph.input('x', [rows, ...network.inputShape]);
  const built = buildNetwork(graph, network, x, 'train');
  const { draws, updates } = built;
  const parameters = built.parameters.filter(({ isBuffer }) => !isBuffer);
  const rowLosses = buildRowLosses(loss, built, targetInput(graph, loss, built.output));
  const value = buildLoss(rowLosses, graph.input('weight', [rows]), graph.input('total', [1]));
  const by = gradients(
    graph,
    value,
    parameters.map(({ tensor }) => tensor),
  );
  const outputs = Object.fromEntries([
    ...parameters.map(({ name }, i) => [`gradient.${name}`, by[i]!] as const),
    ...updates.map(({ name, tensor }) => [`update.${name}`, tensor] as const),
  ]);
  return { graph: lowerGraph(graph.nodes, { loss: value, ...outputs }, real), draws };
}

/** What a forward pass gives: `output`; what each layer gives, by its name; or `output` and `losses`, that of each row. */
export type ForwardOutputs = 'last' | 'all' | 'losses';

/** Forward pass of `rows` rows, from `x` and for losses `target`. */
export function forwardGraph(network: Network, loss: Loss, rows: number, outputs: ForwardOutputs): OnnxGraph {
  const graph = new TensorGraph();
  const x = graph.input('x', [rows, ...network.inputShape]);
  const built = buildNetwork(graph, network, x, 'predict');
  const { output, activations } = built;
  switch (outputs) {
    case 'last':
      return lowerGraph(graph.nodes, { output });
    case 'all':
      return lowerGraph(
        graph.nodes,
        Object.fromEntries(activations.map((tensor, i) => [layerName(network, i), tensor])),
      );
    case 'losses':
      return lowerGraph(graph.nodes, {
        output,
        losses: buildRowLosses(loss, built, targetInput(graph, loss, output)),
      });
    default:
      return outputs satisfies never;
  }
}

function targetInput(graph: TensorGraph, loss: Loss, output: Tensor): Tensor {
  const [rows, ...shape] = output.shape as [number, ...number[]];
  const element = targetKind(loss) === 'labels' ? 'index' : 'real';
  return graph.input('target', [rows, ...targetShape(loss, shape)], element);
}
