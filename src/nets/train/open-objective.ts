import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import type { Objective } from '../../math/lbfgs.ts';
import { openTensorSession, type TensorSession } from '../../tensor/session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { type Loss, targetKind, targetShape, targetWeight } from '../losses/loss.ts';
import { initialParameters, type Network, networkParameters, outputShape } from '../network.ts';
import { trainingGraph } from './training-graph.ts';

/** The loss of a network over all rows, in float64. */
export interface ObjectiveProblem {
  readonly network: Network;
  readonly loss: Loss;
  readonly x: Matrix;
  readonly target: Float64Array | Int32Array;
  readonly weight: Float64Array | undefined;
  /** α of the penalty α/2 Σ w² / (weight of all rows). */
  readonly alpha: number;
  /** Draws the initial weights. */
  readonly random: RandomState;
}

export interface NetworkObjective {
  /** Initial parameters, one after another. */
  readonly start: Float64Array;
  readonly evaluate: Objective;
  pack(values: ReadonlyMap<string, ArrayLike<number>>): Float64Array;
  unpack(x: Float64Array): Map<string, Float64Array>;
  close(): Promise<void>;
}

/** Rows that go through the network at once. */
const BLOCK_ROWS = 512;

/** For methods that look at all rows in every step, such as {@link lbfgs}. @throws DependencyError without ONNX Runtime. */
export async function openObjective(job: Job, problem: ObjectiveProblem): Promise<NetworkObjective> {
  const { network, loss, x, target, alpha, random } = problem;
  let length = 0;
  const parameters = networkParameters(network).map((spec) => {
    const at = length;
    length += sizeOf(spec.shape);
    return { ...spec, at, size: sizeOf(spec.shape) };
  });
  const [values, gradient] = [new Float64Array(length), new Float64Array(length)];
  const drawn = initialParameters(network, random);
  for (const { name, at } of parameters) values.set(drawn.get(name)!, at);
  const start = values.slice();
  const isLabel = targetKind(loss) === 'labels';
  const wanted = targetShape(loss, outputShape(network));
  const outputs = sizeOf(wanted);
  const weigh = targetWeight(loss);
  const weight =
    weigh === undefined
      ? problem.weight
      : Float64Array.from({ length: x.rows }, (_, row) => {
          const own = target.subarray(row * outputs, (row + 1) * outputs);
          return (problem.weight?.[row] ?? 1) * weigh(own);
        });
  const total = weight?.reduce((sum, one) => sum + one, 0) ?? x.rows;
  const sessions: TensorSession[] = [];
  const blocks = new Map<number, Awaited<ReturnType<typeof bind>>>();

  async function bind(rows: number) {
    const session = await openTensorSession(trainingGraph(network, loss, rows, 'float64').graph);
    sessions.push(session);
    const data = {
      x: new Float64Array(rows * x.columns),
      target: isLabel ? new Int32Array(rows * outputs) : new Float64Array(rows * outputs),
      weight: new Float64Array(rows),
      loss: new Float64Array(1),
    };
    const part = (all: Float64Array, prefix: string) =>
      Object.fromEntries(
        parameters.map(({ name, at, size, shape }) => [
          `${prefix}${name}`,
          { data: all.subarray(at, at + size), shape },
        ]),
      );
    const feeds = {
      x: { data: data.x, shape: [rows, ...network.inputShape] },
      target: { data: data.target, shape: [rows, ...wanted] },
      weight: { data: data.weight, shape: [rows] },
      total: { data: Float64Array.of(total), shape: [1] },
      ...part(values, ''),
    };
    const results = {
      ...{ loss: { data: data.loss, shape: [] }, ...part(gradient, 'gradient.') },
      // Buffers stay: there is no order of batches by which they could run.
      ...part(new Float64Array(length), 'update.'),
    };
    return { ...data, compute: session.bind(feeds, results) };
  }

  return {
    start,
    async evaluate(point, gradientOut) {
      values.set(point);
      let sum = 0;
      gradientOut.fill(0);
      for (let from = 0; from < x.rows; from += BLOCK_ROWS) {
        job.checkpoint();
        const rows = Math.min(BLOCK_ROWS, x.rows - from);
        const block = blocks.get(rows) ?? (await bind(rows));
        blocks.set(rows, block);
        block.x.set(x.data.subarray(from * x.columns, (from + rows) * x.columns));
        block.target.set(target.subarray(from * outputs, (from + rows) * outputs));
        if (weight === undefined) block.weight.fill(1);
        else block.weight.set(weight.subarray(from, from + rows));
        await block.compute();
        sum += block.loss[0]!;
        for (let i = 0; i < length; i++) gradientOut[i]! += gradient[i]!;
      }
      for (const { at, size, decays } of parameters) {
        if (!decays) continue;
        for (let i = at; i < at + size; i++) {
          sum += ((0.5 * alpha) / total) * point[i]! ** 2;
          gradientOut[i]! += (alpha / total) * point[i]!;
        }
      }
      return sum;
    },
    pack(given) {
      const packed = start.slice();
      for (const { name, at } of parameters) packed.set(given.get(name)!, at);
      return packed;
    },
    unpack: (packed) => new Map(parameters.map(({ name, at, size }) => [name, packed.slice(at, at + size)])),
    async close() {
      for (const session of sessions) await session.close();
    },
  };
}
