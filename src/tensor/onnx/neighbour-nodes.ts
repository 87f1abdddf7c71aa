import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';
import { powerOf } from '../../math/neighbours/metric.ts';
import type { NeighbourIndex } from '../../math/neighbours/neighbour-index.ts';
import { distanceNodes, distanceNodesOf } from './distance-nodes.ts';

export interface NeighbourNodes {
  /** int64 [rows, k]: the nearest training rows, the earlier of equally near ones first. */
  readonly indices: OnnxValue;
  /** float64 [rows, k]: what each counts. */
  readonly weights: OnnxValue;
  /** float64 [rows, 1]: their sum. */
  readonly total: OnnxValue;
}

/** The `k` nearest rows of an index, all of which are looked at, and what each of them counts. */
export function neighbourNodes(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  index: NeighbourIndex,
  k: number,
  weights: 'uniform' | 'distance',
): NeighbourNodes {
  const [nearest, indices] = comparedNodes(graph, x, index, k);
  const counts =
    weights === 'uniform'
      ? graph.node('Expand', [graph.scalar(1), graph.node('Shape', [nearest])])
      : inverses(graph, distancesOf(graph, nearest, index));
  const total = graph.node('ReduceSum', [counts, graph.constant([1])], { keepdims: 1 });
  return { indices, weights: counts, total };
}

/** The `k` nearest rows of an index: their distances, float64 [rows, k], ascending, and their indices, int64 [rows, k]. */
export function nearestRowNodes(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  index: NeighbourIndex,
  k: number,
): { readonly distances: OnnxValue; readonly indices: OnnxValue } {
  const [nearest, indices] = comparedNodes(graph, x, index, k);
  return { distances: distancesOf(graph, nearest, index), indices };
}

/** As {@link nearestRowNodes}, with distances in the form of {@link powerOf}. */
function comparedNodes(graph: OnnxBuilder, x: OnnxMatrix, index: NeighbourIndex, k: number) {
  const { metric } = index;
  const asked =
    metric.name === 'cosine' ? unitNodes(graph, x) : metric.name === 'haversine' ? sphereNodes(graph, x) : x;
  return nearestNodes(graph, asked, pointsOf(index), powerOf(metric), k);
}

/** Numbers of the training rows from which on a product sorts out most of them first. */
const LARGE = 1 << 15;

/** Distances (in the form of {@link powerOf}) and indices of the k nearest points, both [rows, k]. */
function nearestNodes(
  graph: OnnxBuilder,
  x: OnnxMatrix,
  points: Float64Array,
  power: number,
  k: number,
): readonly [nearest: OnnxValue, indices: OnnxValue] {
  const count = points.length / x.columns;
  const candidates = 2 * k + 32;
  if (power !== 2 || points.length <= LARGE || candidates >= count)
    return smallest(graph, distanceNodes(graph, x, points, power), k);
  const some = candidateNodes(graph, x, points, candidates);
  const [nearest, places] = smallest(graph, distanceNodesOf(graph, x, points, power, some), k);
  return [nearest, graph.node('GatherElements', [some, places], { axis: 1 })];
}

/** The k smallest of each row, ascending, of equal ones the first, and their places. */
function smallest(
  graph: OnnxBuilder,
  values: OnnxValue,
  k: number,
): readonly [values: OnnxValue, places: OnnxValue] {
  const [least, places] = graph.nodes('TopK', [values, graph.constant([k])], 2, {
    ...{ axis: 1, largest: 0, sorted: 1 },
  });
  return [least!, places!];
}

/** Share of the largest squared distance that scores are rounded to: far above their errors, far below what tells points apart. */
const QUANTUM = 2 ** -36;

/**
 * Indices of `count` points that are about nearest, ascending, int64 [rows, count]: by ‖t‖² − 2 q·t, which a product computes, about the
 * mean of the points. Scores are rounded, so that of points at the same distance the first are taken.
 */
function candidateNodes(graph: OnnxBuilder, x: OnnxMatrix, points: Float64Array, count: number): OnnxValue {
  const { columns } = x;
  const rows = points.length / columns;
  const mean = new Float64Array(columns);
  for (let at = 0; at < points.length; at++) mean[at % columns]! += points[at]! / rows;
  const centred = points.map((value, at) => -2 * (value - mean[at % columns]!));
  const squares = new Float64Array(rows);
  for (let at = 0; at < points.length; at++) squares[Math.floor(at / columns)]! += (centred[at]! / 2) ** 2;
  const asked = graph.node('Sub', [x.value, graph.constant(mean)]);
  const weights = graph.constant(centred, [rows, columns]);
  const scores = graph.node('Gemm', [asked, weights, graph.constant(squares)], { transB: 1 });
  const own = graph.node('ReduceSumSquare', [asked, graph.constant([1])], { keepdims: 1 });
  const largest = squares.reduce((most, square) => Math.max(most, square), 0);
  const quantum = graph.node('Mul', [graph.node('Add', [own, graph.scalar(largest)]), graph.scalar(QUANTUM)]);
  const rounded = graph.node('Floor', [graph.node('Div', [scores, quantum])]);
  const [, indices] = smallest(graph, rounded, count);
  return smallest(graph, indices, count)[0];
}

/** The training rows in their own order. */
function pointsOf({ tree, data, rows, columns }: NeighbourIndex): Float64Array {
  if (tree === null) return data!;
  const points = new Float64Array(rows * columns);
  for (let place = 0; place < rows; place++) {
    for (let j = 0; j < columns; j++)
      points[tree.order[place]! * columns + j] = tree.data[j * tree.stride + place]!;
  }
  return points;
}

/** Rows as {@link unitRows} makes them of rows that are asked about. */
function unitNodes(graph: OnnxBuilder, x: OnnxMatrix): OnnxMatrix {
  const axis = graph.constant([1]);
  const largest = graph.node('ReduceMax', [graph.node('Abs', [x.value]), axis], { keepdims: 1 });
  const isZero = graph.node('Equal', [largest, graph.scalar(0)]);
  const divisor = graph.node('Where', [isZero, graph.scalar(1), largest]);
  const scaled = graph.node('Div', [x.value, divisor]);
  const square = graph.node('ReduceSum', [graph.node('Mul', [scaled, scaled]), axis], { keepdims: 1 });
  const length = graph.node('Where', [isZero, graph.scalar(1), graph.node('Sqrt', [square])]);
  const units = graph.node('Div', [scaled, length]);
  const away = graph.node('Cast', [isZero], { to: 11 });
  const value = graph.node('Concat', [units, graph.node('Mul', [away, graph.scalar(0)]), away], { axis: 1 });
  return { kind: 'matrix', value, columns: x.columns + 2, names: undefined };
}

/** Points on the unit sphere of latitudes and longitudes. */
function sphereNodes(graph: OnnxBuilder, x: OnnxMatrix): OnnxMatrix {
  const column = (j: number) => graph.node('Gather', [x.value, graph.constant([j])], { axis: 1 });
  const [latitude, longitude] = [column(0), column(1)];
  const away = graph.node('Cos', [latitude]);
  const value = graph.node(
    'Concat',
    [
      graph.node('Mul', [away, graph.node('Cos', [longitude])]),
      graph.node('Mul', [away, graph.node('Sin', [longitude])]),
      graph.node('Sin', [latitude]),
    ],
    { axis: 1 },
  );
  return { kind: 'matrix', value, columns: 3, names: undefined };
}

/** The arcsine of numbers from 0 to 1; beyond 0.75 by that of the cosine, √(1 − s²), which is the rest of a right angle. */
function arcsineNodes(graph: OnnxBuilder, s: OnnxValue): OnnxValue {
  const one = graph.scalar(1);
  const cosine = graph.node('Sqrt', [
    graph.node('Mul', [graph.node('Sub', [one, s]), graph.node('Add', [one, s])]),
  ]);
  const isSmall = graph.node('LessOrEqual', [s, graph.scalar(0.75)]);
  const angle = smallArcsineNodes(graph, graph.node('Where', [isSmall, s, cosine]));
  return graph.node('Where', [isSmall, angle, graph.node('Sub', [graph.scalar(Math.PI / 2), angle])]);
}

/** Float32's, which is all that ONNX Runtime has, and one step of Newton's method for sin a = s, which squares its error. */
function smallArcsineNodes(graph: OnnxBuilder, s: OnnxValue): OnnxValue {
  const rough = graph.node('Asin', [graph.node('Cast', [s], { to: 1 })]);
  const a = graph.node('Cast', [rough], { to: 11 });
  const miss = graph.node('Sub', [s, graph.node('Sin', [a])]);
  return graph.node('Add', [a, graph.node('Div', [miss, graph.node('Cos', [a])])]);
}

function distancesOf(graph: OnnxBuilder, compared: OnnxValue, { metric }: NeighbourIndex): OnnxValue {
  const power = powerOf(metric);
  if (metric.name === 'cosine') return graph.node('Div', [compared, graph.scalar(2)]);
  if (metric.name === 'haversine') {
    // The chord below an arc of length d is 2 sin(d/2).
    const half = graph.node('Div', [graph.node('Sqrt', [compared]), graph.scalar(2)]);
    return graph.node('Mul', [
      arcsineNodes(graph, graph.node('Min', [half, graph.scalar(1)])),
      graph.scalar(2),
    ]);
  }
  if (power === 2) return graph.node('Sqrt', [compared]);
  return power > 1 ? graph.node('Pow', [compared, graph.scalar(1 / power)]) : compared;
}

/** 1 / distance; where a distance is 0, such neighbours count 1 and the others nothing. */
function inverses(graph: OnnxBuilder, distances: OnnxValue): OnnxValue {
  const isSame = graph.node('Cast', [graph.node('Equal', [distances, graph.scalar(0)])], { to: 11 });
  const hasSame = graph.node('ReduceMax', [isSame, graph.constant([1])], { keepdims: 1 });
  const inverse = graph.node('Div', [graph.scalar(1), distances]);
  return graph.node('Where', [graph.node('Greater', [hasSame, graph.scalar(0)]), isSame, inverse]);
}

/** Σ over the neighbours of weight × value, over the sum of the weights, [rows, width]; `values` is [training rows, width]. */
export function weightedMeanNodes(
  graph: OnnxBuilder,
  { indices, weights, total }: NeighbourNodes,
  values: OnnxValue,
): OnnxValue {
  const found = graph.node('Gather', [values, indices], { axis: 0 });
  const spread = graph.node('Unsqueeze', [weights, graph.constant([2])]);
  const sums = graph.node('ReduceSum', [graph.node('Mul', [found, spread]), graph.constant([1])], {
    keepdims: 0,
  });
  return graph.node('Div', [sums, total]);
}
