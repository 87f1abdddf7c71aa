import { OptionError } from '../core/errors.ts';
import type { Shape, TensorNode } from './tensor.ts';

/** The size of a dimension that is known only when a graph runs. */
export const FREE = -1;

/**
 * Nodes whose batch may have any number of rows, from those of the same graph for two and for three rows: where their sizes differ, the
 * rows count, and {@link FREE} stands instead. For forward passes, whose operations allow one such size in a shape.
 * @throws OptionError `tensor/fixed-rows` when the graph depends on the number of rows in another way.
 */
export function freeRows(two: readonly TensorNode[], three: readonly TensorNode[]): TensorNode[] {
  return two.map((node, id) => {
    const other = three[id];
    if (other === undefined || other.op !== node.op || two.length !== three.length) throw fixed(node);
    if (!sameBesideShape(node.attributes, other.attributes)) throw fixed(node);
    const shape = freed(node.shape, other.shape, node);
    if (!('shape' in node.attributes)) return { ...node, shape };
    // A constant of one number stands for as many as there are rows.
    const isConstant = 'values' in node.attributes;
    if (shape.includes(FREE) && 'values' in node.attributes && node.attributes.values.length > 1)
      throw fixed(node);
    const own = isConstant ? shape.map((size) => (size === FREE ? 1 : size)) : shape;
    return { ...node, shape: own, attributes: { ...node.attributes, shape: own } };
  });
}

function sameBesideShape(a: object, b: object): boolean {
  const text = (attributes: object) => JSON.stringify({ ...attributes, shape: null });
  return text(a) === text(b);
}

function freed(two: Shape, three: Shape, node: TensorNode): Shape {
  const shape = two.map((size, axis) => (three[axis] === size ? size : FREE));
  if (two.length !== three.length || shape.filter((size) => size === FREE).length > 1) throw fixed(node);
  return shape;
}

function fixed({ op, layer }: TensorNode): OptionError {
  return new OptionError(
    'tensor/fixed-rows',
    `${layer === undefined ? '' : `Layer ${layer}: `}${op} needs to know the number of rows beforehand.`,
    { op },
  );
}
