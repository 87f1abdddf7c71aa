import { OptionError } from '../core/errors.ts';
import { constant, sumTo } from './functions.ts';
import type { OpRule } from './ops/op-rule.ts';
import { opRules } from './ops/op-rules.ts';
import { sumParts } from './sum-parts.ts';
import type { Op, Tensor } from './tensor.ts';
import type { TensorGraph } from './tensor-graph.ts';

/**
 * Adds to the graph the gradient of `loss`, a single number, by each tensor of `by`, in reverse mode: nodes are visited from the last to the
 * first, each passing what it received on to its inputs.
 * @throws OptionError when the loss is more than a number, or does not depend on a tensor.
 */
export function gradients(graph: TensorGraph, loss: Tensor, by: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0) {
    throw new OptionError(
      'tensor/shape',
      `Only a single number has gradients, not a tensor of shape [${loss.shape.join(', ')}].`,
    );
  }
  const needed = dependents(graph, loss.id, new Set(by.map(({ id }) => id)));
  const received = new Map<number, Tensor[]>([[loss.id, [constant(loss, 1)]]]);
  const totals = new Map<number, Tensor>();
  for (let id = loss.id; id >= 0; id--) {
    const parts = received.get(id);
    if (parts === undefined || !needed.has(id)) continue;
    const dy = sumParts(graph, parts);
    totals.set(id, dy);
    const { op, inputs, attributes } = graph.nodes[id]!;
    const { gradient } = opRules[op] as OpRule<Op>;
    if (gradient === 'none') continue;
    const tensors = inputs.map((input) => graph.tensor(input));
    const given = gradient(dy, graph.tensor(id), tensors, attributes as never);
    for (const [i, part] of given.entries()) {
      const input = inputs[i]!;
      if (part === undefined || !needed.has(input)) continue;
      const before = received.get(input) ?? [];
      received.set(input, before);
      // As a tensor of the input's shape, so that all parts are alike.
      before.push(sumTo(part, graph.tensor(input).shape));
    }
  }
  return by.map((tensor) => {
    const found = totals.get(tensor.id);
    if (found === undefined)
      throw new OptionError('tensor/no-gradient', `The loss does not depend on ${nameOf(graph, tensor)}.`);
    return found;
  });
}

/** The nodes up to `last` that depend on one of `sources`, and the sources. */
function dependents(graph: TensorGraph, last: number, sources: ReadonlySet<number>): Set<number> {
  const found = new Set(sources);
  for (let id = 0; id <= last; id++) {
    if (graph.nodes[id]!.inputs.some((input) => found.has(input))) found.add(id);
  }
  return found;
}

function nameOf(graph: TensorGraph, { id }: Tensor): string {
  const { attributes, op } = graph.nodes[id]!;
  return 'name' in attributes ? `'${attributes.name as string}'` : `the result of ${op}`;
}
