import type { OnnxValue } from '../../define/onnx.ts';
import { elementNumbers } from '../onnx/element-types.ts';
import { addRows } from '../places/take-rows.ts';
import type { OpAttributes, Shape } from '../tensor.ts';
import { type Lowering, misfit, type OpRule } from './op-rule.ts';

/** What windows see of places, and the largest of it. */
export const placeOps = {
  // y_i = x_r(i): dx_j = Σ dy_i over the i with r(i) = j
  takeRows: {
    shape(shapes, { rows }) {
      const [x] = shapes as [Shape];
      if (rows.some((row) => !(row >= -1 && row < x[0]!)))
        throw misfit('takeRows', shapes, 'a row that is taken is not there.');
      return x.with(0, rows.length);
    },
    lower([x], { attributes: { rows, fill } }, { graph, constant, shapes, once }) {
      const [count, ...rest] = shapes[0]! as [number, ...number[]];
      const first = rows[0]!;
      if (first >= 0 && rows.every((row, i) => row === first + i)) {
        const range = [[first], [first + rows.length], [0]].map((value) => graph.constant(value));
        return graph.node('Slice', [x!, ...range]);
      }
      // One row more, from which the rows outside are taken.
      const filled = () => {
        const row = graph.node('Expand', [constant([fill]), graph.constant([1, ...rest])]);
        return graph.node('Concat', [x!, row], { axis: 0 });
      };
      const source = rows.includes(-1) ? once(`takeRows ${x} ${fill}`, filled) : x!;
      const places = Int32Array.from(rows, (row) => (row === -1 ? count : row));
      return graph.node('Gather', [source, graph.constant(places)], { axis: 0 });
    },
    gradient: (dy, _, [x], { rows }) => [addRows(dy, rows, x!.shape[0]!)],
  },
  // The gradient goes to the first of the largest planes.
  maxPlanes: {
    shape: ([shape]) => shape!.slice(1),
    lower: ([x], _, to) => tournament(x!, to).most,
    gradient: (dy, _, [x]) => [x!.graph.apply('maxPlanesInput', [x!, dy], {})],
  },
  maxPlanesInput: {
    shape: ([shape]) => shape!,
    lower([x, dy], _, to) {
      const { graph } = to;
      const planes: OnnxValue[] = [];
      const pass = ({ sides }: Match, share: OnnxValue): void => {
        if (sides === undefined) {
          planes.push(graph.node('Unsqueeze', [share, graph.constant([0])]));
          return;
        }
        const [first, second] = sides;
        const own = graph.node('Mul', [share, isFirst(first.most, second.most, to)]);
        pass(first, own);
        pass(second, graph.node('Sub', [share, own]));
      };
      pass(tournament(x!, to), dy!);
      return graph.node('Concat', planes, { axis: 0 });
    },
    gradient: 'none',
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

/** A plane, or the larger of two matches, number by number. */
interface Match {
  readonly most: OnnxValue;
  readonly sides?: readonly [Match, Match];
}

/** Matches of neighbours, then of the winners, so that the order of the planes stays; once for both passes. */
function tournament(x: OnnxValue, { graph, shapes, once }: Lowering): Match {
  return once(`tournament ${x}`, () => {
    const [count] = shapes[0]! as [number];
    const planes = count === 1 ? [x] : graph.nodes('Split', [x], count, { axis: 0, num_outputs: count });
    let round: Match[] = planes.map((plane) => ({
      most: graph.node('Squeeze', [plane, graph.constant([0])]),
    }));
    while (round.length > 1) {
      const next: Match[] = [];
      for (let i = 0; i < round.length; i += 2) {
        const sides = round.slice(i, i + 2) as [Match, Match];
        if (sides.length < 2) next.push(sides[0]);
        else next.push({ most: graph.node('Max', [sides[0].most, sides[1].most]), sides });
      }
      round = next;
    }
    return round[0]!;
  });
}

/** 1 where a ≥ b, else 0. */
function isFirst(a: OnnxValue, b: OnnxValue, { graph, real }: Lowering): OnnxValue {
  if (real === 'float64')
    return graph.node('Cast', [graph.node('GreaterOrEqual', [a, b])], { to: elementNumbers.float64 });
  // min(1, max(0, 10³⁸ (a − b) + 1)): two passes of the fastest kind; a difference below 10⁻³⁸ hardly counts.
  const difference = graph.node('Sub', [a, b]);
  return graph.node('HardSigmoid', [difference], { alpha: { float: 1e38 }, beta: { float: 1 } });
}
