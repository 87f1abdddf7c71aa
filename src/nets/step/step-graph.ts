import { gradients } from '../../tensor/gradients.ts';
import { lowerGraph } from '../../tensor/lower-graph.ts';
import type { OnnxGraph } from '../../tensor/onnx/onnx-graph.ts';
import type { Element, Shape, Tensor } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import type { ParameterSpec } from '../layers/layer-rule.ts';
import { buildNetwork, type Network, networkParameters } from '../network.ts';

/** A value that is fed to every step; real numbers unless said. */
export interface StepInput {
  readonly shape: Shape;
  readonly element?: Exclude<Element, 'truth'>;
}

/** What a loss is built with. */
export interface StepBuilder {
  readonly graph: TensorGraph;
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** A parameter of one's own. */
  parameter(name: string): Tensor;
  /** What a network gives for rows [rows, …inputShape]; several calls share its parameters. */
  network(name: string, x: Tensor): Tensor;
}

export interface BuiltStep {
  /** A single number: what the step lowers. */
  readonly loss: Tensor;
  /** What else it tells. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
}

/** What a step computes. */
export interface StepComputation {
  /** Networks that are trained, by name. Layers that draw, such as dropout, do as they do when a network predicts. */
  readonly networks: Readonly<Record<string, Network>>;
  /** Networks that take part but are not trained, such as target networks. */
  readonly frozen?: Readonly<Record<string, Network>>;
  /** Parameters beside those of networks. */
  readonly extra?: readonly ParameterSpec[];
  readonly inputs: Readonly<Record<string, StepInput>>;
  build(builder: StepBuilder): BuiltStep;
}

/** Parameters of a step by what becomes of them; those of a network begin with its name: `critic.0.weights`. */
export interface StepSpecs {
  readonly trained: readonly ParameterSpec[];
  readonly frozen: readonly ParameterSpec[];
}

export function stepSpecs({
  networks,
  frozen = {},
  extra = [],
}: Pick<StepComputation, 'networks' | 'frozen' | 'extra'>): StepSpecs {
  const of = (all: Readonly<Record<string, Network>>): ParameterSpec[] =>
    Object.entries(all).flatMap(([prefix, network]) =>
      networkParameters(network).map(({ layer, ...spec }) => ({ ...spec, name: `${prefix}.${spec.name}` })),
    );
  const own = of(networks);
  return {
    trained: [...own.filter(({ isBuffer }) => isBuffer !== true), ...extra],
    frozen: [...own.filter(({ isBuffer }) => isBuffer === true), ...of(frozen)],
  };
}

/** A graph in which each parameter stands once, however often it is asked for. */
class SharedParameters extends TensorGraph {
  prefix = '';
  readonly #made = new Map<string, Tensor>();

  override parameter(name: string, shape: Shape): Tensor {
    const full = this.prefix + name;
    const made = this.#made.get(full) ?? super.parameter(full, shape);
    this.#made.set(full, made);
    return made;
  }

  found(name: string): Tensor | undefined {
    return this.#made.get(name);
  }
}

/**
 * Loss and gradients as one graph: outputs `loss`, `gradient.NAME` and `output.NAME`.
 * @throws OptionError for shapes that do not fit, a loss that is more than a number or does not depend on a parameter.
 */
export function stepGraph(computation: StepComputation, { trained }: StepSpecs): OnnxGraph {
  const { networks, frozen = {}, extra = [], inputs, build } = computation;
  const graph = new SharedParameters();
  const { loss, outputs = {} } = build({
    graph,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, element }]) => [
        name,
        graph.input(`input.${name}`, shape, element),
      ]),
    ),
    parameter: (name) => graph.parameter(name, extra.find((spec) => spec.name === name)!.shape),
    network(name, x) {
      graph.prefix = `${name}.`;
      const { output } = buildNetwork(graph, (networks[name] ?? frozen[name])!, x, 'predict');
      graph.prefix = '';
      return output;
    },
  });
  // One that the loss never met gets a node here, so that the message can name it.
  const by = trained.map(({ name, shape }) => graph.found(name) ?? graph.parameter(name, shape));
  const found = gradients(graph, loss, by);
  return lowerGraph(graph.nodes, {
    loss,
    ...Object.fromEntries(trained.map(({ name }, i) => [`gradient.${name}`, found[i]!])),
    ...Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [`output.${name}`, tensor])),
  });
}
