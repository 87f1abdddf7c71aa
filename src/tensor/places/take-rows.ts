import { reshape, sumRows } from '../functions.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

/**
 * Rows of a tensor, by its first axis; −1 is a row of `fill`. Rows taken of rows taken are taken at once, and all rows in order are the
 * tensor itself.
 * @param fill Default 0.
 */
export function takeRows(x: Tensor, rows: readonly number[], fill = 0): Tensor {
  if (rows.length === x.shape[0] && rows.every((row, i) => row === i)) return x;
  const before = takenBefore(x);
  if (before === undefined) return x.graph.apply('takeRows', [x], { rows, fill });
  const isOutside = rows.includes(-1) || rows.some((row) => before.rows[row] === -1);
  if (isOutside && before.fill !== fill) return x.graph.apply('takeRows', [x], { rows, fill });
  const both = rows.map((row) => (row === -1 ? -1 : before.rows[row]!));
  return takeRows(before.source, both, fill);
}

/** The transpose of {@link takeRows}: row j of `count` is the sum of the rows i of `x` with rows[i] = j. */
export function addRows(x: Tensor, rows: readonly number[], count: number): Tensor {
  const takers = Array.from({ length: count }, (): number[] => []);
  for (const [i, row] of rows.entries()) if (row >= 0) takers[row]!.push(i);
  const most = takers.reduce((max, { length }) => Math.max(max, length), 1);
  const back = Array.from({ length: most }, (_, k) => takers.map((own) => own[k] ?? -1)).flat();
  const taken = takeRows(x, back);
  if (most === 1) return taken;
  const shape = [count, ...x.shape.slice(1)];
  return reshape(sumRows(reshape(taken, [most, sizeOf(shape)])), shape);
}

export interface Taken {
  readonly source: Tensor;
  readonly rows: readonly number[];
  readonly fill: number;
}

/** What a tensor was taken from, when it was. */
export function takenBefore(x: Tensor): Taken | undefined {
  const { op, inputs, attributes } = x.graph.nodes[x.id]!;
  if (op !== 'takeRows') return undefined;
  const { rows, fill } = attributes as { readonly rows: readonly number[]; readonly fill: number };
  return { source: x.graph.tensor(inputs[0]!), rows, fill };
}
