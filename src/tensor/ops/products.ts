import type { OnnxValue } from '../../define/onnx.ts';
import { FREE } from '../free-rows.ts';
import { broadcast, matmul, reshape, sumTo } from '../functions.ts';
import { type OpAttributes, type Shape, sameShape } from '../tensor.ts';
import { type Lowering, misfit, type OpRule, requireRank } from './op-rule.ts';

/** Products of matrices. */
export const productOps = {
  // Y = A B: dA = dY Bᵀ, dB = Aᵀ dY, and likewise when an operand is transposed.
  matmul: {
    shape(shapes, { transposeA, transposeB }) {
      const [a, b] = shapes as [Shape, Shape];
      if (a.length < 2 || a.length !== b.length || !sameShape(a.slice(0, -2), b.slice(0, -2)))
        throw misfit(
          'matmul',
          shapes,
          'both need as many dimensions, at least two, and equal sizes but for the last two.',
        );
      const [m, k] = lastTwo(a, transposeA);
      const [k2, n] = lastTwo(b, transposeB);
      if (k !== k2) throw misfit('matmul', shapes, `the inner sizes ${k} and ${k2} differ.`);
      return [...a.slice(0, -2), m, n];
    },
    lower([a, b], { attributes, shape }, to) {
      const { transposeA, transposeB } = attributes;
      if (shape.length === 2)
        return to.graph.node('Gemm', [a!, b!], { transA: Number(transposeA), transB: Number(transposeB) });
      if (to.real === 'float32' && !to.isPortable) {
        const flags = { transA: Number(transposeA), transB: Number(transposeB) };
        return to.graph.node('com.microsoft.FusedMatMul', [a!, b!], flags);
      }
      const turn = (value: OnnxValue, isTurned: boolean) =>
        isTurned ? swapLast(value, shape.length, to) : value;
      return to.graph.node('MatMul', [turn(a!, transposeA), turn(b!, transposeB)]);
    },
    gradient: (dy, _, [a, b], { transposeA, transposeB }) => [
      transposeA
        ? matmul(b!, dy, { transposeA: transposeB, transposeB: true })
        : matmul(dy, b!, { transposeB: !transposeB }),
      transposeB
        ? matmul(dy, a!, { transposeA: true, transposeB: transposeA })
        : matmul(a!, dy, { transposeA: !transposeA }),
    ],
  },
  // Y = X W + 1 bᵀ: dX = dY Wᵀ, dW = Xᵀ dY, db = Σ rows of dY, or dY for a bias of each row.
  affine: {
    shape(shapes) {
      requireRank('affine', shapes, 2, 2, shapes[2]!.length === 2 ? 2 : 1);
      const [x, weights, bias] = shapes as [Shape, Shape, Shape];
      if (x[1] !== weights[0])
        throw misfit(
          'affine',
          shapes,
          `the rows have ${x[1]} columns, but the weights are for ${weights[0]}.`,
        );
      if (bias.length === 2 && bias[0] !== x[0])
        throw misfit('affine', shapes, `there are ${x[0]} rows, but the bias has ${bias[0]}.`);
      if (weights[1] !== bias.at(-1))
        throw misfit(
          'affine',
          shapes,
          `the weights give ${weights[1]} outputs, but the bias has ${bias[0]}.`,
        );
      return [x[0]!, weights[1]!];
    },
    lower: (inputs, _, { graph }) => graph.node('Gemm', inputs),
    gradient: (dy, _, [x, weights, bias]) => [
      matmul(dy, weights!, { transposeB: true }),
      matmul(x!, dy, { transposeA: true }),
      sumTo(dy, bias!.shape),
    ],
  },
  // y_j = Σ_i x_ij: dx_ij = dy_j
  sumRows: {
    shape(shapes) {
      requireRank('sumRows', shapes, 2);
      return [shapes[0]![1]!];
    },
    // A row of ones times the matrix: faster than ReduceSum over the first axis.
    lower([x], { shape }, { graph, constant, shapes }) {
      const rows = shapes[0]![0]!;
      if (rows === FREE) return graph.node('ReduceSum', [x!, graph.constant([0])], { keepdims: 0 });
      const ones = constant(new Array<number>(rows).fill(1), [1, rows]);
      return graph.node('Reshape', [graph.node('Gemm', [ones, x!]), graph.constant([...shape])]);
    },
    gradient: (dy, _, [x]) => [broadcast(reshape(dy, [1, ...dy.shape]), x!.shape)],
  },
} satisfies { readonly [O in keyof OpAttributes]?: OpRule<O> };

function lastTwo(shape: Shape, isTransposed: boolean): readonly [number, number] {
  const [m, n] = shape.slice(-2) as [number, number];
  return isTransposed ? [n, m] : [m, n];
}

function swapLast(value: OnnxValue, rank: number, { graph }: Lowering): OnnxValue {
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  return graph.node('Transpose', [value], { perm: [...perm.slice(0, -2), rank - 1, rank - 2] });
}
