import { DataError, JobError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { RandomState, type RandomStateData } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { loadOnnxRuntime } from '../../tensor/onnx/onnx-session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { type Loss, targetKind } from '../losses/loss.ts';
import { buildNetwork, initialParameters, type Network, networkParameters, outputShape } from '../network.ts';
import { fuse } from '../optimizers/fuse.ts';
import type { Optimizer } from '../optimizers/transforms.ts';
import { forwardPass } from './forward-pass.ts';
import {
  type BatchRun,
  batchesModule,
  endTraining,
  NOT_FINITE,
  runControl,
  STEPS,
  type TrainingPlan,
  trainBatches,
} from './train-batches.ts';
import { type PlacedParameter, placeTraining } from './training-memory.ts';

/** Rows with what is to be learned of them. */
export interface TrainingRows {
  /** Rows × inputs; inputs of several dimensions in row-major order. */
  readonly x: Matrix;
  /** Row-major targets [rows, outputs], or class numbers [rows], as the loss says. */
  readonly target: Float64Array | Int32Array;
  /** Weights of the rows; default 1. */
  readonly weight?: Float64Array | undefined;
}

/** What a network is trained on, and how. */
export interface TrainingProblem extends TrainingRows {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  /** Draws the initial parameters, unless they are given, and shuffles. */
  readonly random: RandomState;
  /** Values of all parameters by name, to begin with. */
  readonly parameters?: ReadonlyMap<string, ArrayLike<number>> | undefined;
  /** α of the penalty α/2 Σ w² / (weight of the batch), as scikit-learn's. Default 0. */
  readonly alpha?: number;
  /** Into how many parts a batch is divided; default: by the work of a batch. Never by the threads. */
  readonly shards?: number | undefined;
  /** Seed of what layers draw, such as what dropout drops. Default 0. */
  readonly drawSeed?: number;
}

/** A snapshot of a training: continued from it, a training goes on as if it had never stopped, to the bit. */
export interface TrainingSnapshot {
  /** Of all parameters, buffers included. */
  readonly weights: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly random: RandomStateData;
  /** The order of the rows in the last pass, from which the next is shuffled. */
  readonly order: Int32Array;
  readonly step: number;
}

export interface EpochOptions {
  /** Default: what the schedule says. */
  readonly rate?: number;
  /** Default true. */
  readonly shuffle?: boolean;
  /** Which rows; default all. Shuffled in place. */
  readonly order?: Int32Array;
}

/** A network in training. Its memory is freed with the job's. */
export interface Trainer {
  readonly plan: TrainingPlan;
  /** Training rows. */
  readonly rows: number;
  /** Steps done. */
  readonly step: number;
  /**
   * Trains on each batch once; @returns the mean loss of the batches by their rows, each before its step.
   * @throws JobError `train/not-finite` naming the first layer that gave no finite number; AbortError.
   */
  epoch(options?: EpochOptions): Promise<number>;
  /** What the network gives for rows, row-major [rows, outputs]. */
  forward(x: Matrix): Promise<Float32Array>;
  /** The mean loss of rows by their weights, without dropout or penalty. */
  evaluate(rows: TrainingRows): Promise<number>;
  /** Copies of the parameters by name. */
  parameters(): Map<string, Float32Array>;
  setParameters(values: ReadonlyMap<string, ArrayLike<number>>): void;
  snapshot(): TrainingSnapshot;
  restore(snapshot: TrainingSnapshot): void;
  /** Ends the sessions. Call it in any case. */
  close(): Promise<void>;
}

/** Operations of a batch for which another shard pays, and rows that a shard has at least. */
const SHARD_OPERATIONS = 64e6;
const SHARD_ROWS = 32;
const MOST_SHARDS = 4;
let trainings = 0;

/**
 * Prepares the training of a network in the memory of the job's team.
 * @throws OptionError for layers that do not fit; DataError for numbers beyond float32; DependencyError without ONNX Runtime.
 */
export async function openTrainer(job: Job, problem: TrainingProblem): Promise<Trainer> {
  const { network, loss, x, target, batchSize, alpha = 0, drawSeed = 0 } = problem;
  let { random } = problem;
  // Here rather than on a helper thread, whose errors are told as failures of the machinery.
  await loadOnnxRuntime();
  const { team } = job;
  const { arena } = team;
  const inputs = sizeOf(network.inputShape);
  const outputs = targetKind(loss) === 'labels' ? 1 : sizeOf(outputShape(network));
  const shards = problem.shards ?? defaultShards(network, Math.min(batchSize, x.rows));
  const memory = placeTraining(arena, network, {
    ...{ rows: x.rows, inputs, outputs, shards },
    shardRows: Math.ceil(Math.min(batchSize, x.rows) / shards),
    drawSizes: drawSizes(network),
  });
  const optimizer = fuse(problem.optimizer);
  const plan: TrainingPlan = {
    ...{ id: trainings++, network, loss, optimizer, alpha, memory, inputs, outputs, seed: drawSeed },
  };
  const view = (address: number, count = memory.size) => arena.viewF32(address, count);
  place(x, view(memory.x, x.rows * inputs), job);
  if (targetKind(loss) === 'labels') arena.viewI32(memory.target, x.rows).set(target);
  else view(memory.target, x.rows * outputs).set(target);
  const weights = view(memory.weight, x.rows);
  if (problem.weight === undefined) weights.fill(1);
  else weights.set(problem.weight);
  const start = problem.parameters ?? initialParameters(network, random);
  for (const { name, at, size } of memory.parameters)
    view(memory.weights + 4 * at, size).set(start.get(name)!);
  const everyRow = sharedArray(Int32Array, x.rows);
  for (let i = 0; i < x.rows; i++) everyRow[i] = i;
  const threads = shards > 1 ? team.threads : 1;
  const weightsOf = ({ at, size }: PlacedParameter) => view(memory.weights + 4 * at, size);
  const pass = forwardPass({ network, loss }, memory.parameters, weightsOf, () => job.checkpoint());
  let step = 0;

  return {
    plan,
    rows: x.rows,
    get step() {
      return step;
    },
    async epoch({ rate, shuffle = true, order = everyRow } = {}) {
      if (shuffle) random.shuffle(order);
      const control = runControl();
      const run: BatchRun = { plan, order, batchSize, step, rate, control };
      const checkpoint = () => job.checkpoint();
      if (threads === 1) await trainBatches(team.alone(checkpoint), run);
      else
        await team.gang(
          batchesModule,
          'trainBatches' satisfies keyof typeof import('./train-batches.ts'),
          run,
          checkpoint,
        );
      job.checkpoint();
      step += control.words[STEPS]!;
      if (control.words[NOT_FINITE] !== 0) {
        const from = control.words[STEPS]! * batchSize;
        const rows = x.take(order.slice(from, from + batchSize));
        throw notFinite(step, await pass.firstUnfit({ x: rows.data, rows: rows.rows }));
      }
      return control.sums[0]! / order.length;
    },
    forward: ({ data, rows }) => pass.outputs({ x: data, rows }),
    async evaluate(held) {
      const losses = await pass.losses({ x: held.x.data, rows: held.x.rows, target: held.target });
      let [sum, total] = [0, 0];
      for (let i = 0; i < losses.length; i++) {
        const own = held.weight?.[i] ?? 1;
        sum += own * losses[i]!;
        total += own;
      }
      return sum / total;
    },
    parameters: () => new Map(memory.parameters.map((one) => [one.name, weightsOf(one).slice()])),
    setParameters(values) {
      for (const one of memory.parameters) {
        const given = values.get(one.name);
        if (given !== undefined) weightsOf(one).set(given);
      }
    },
    snapshot: () => ({
      weights: view(memory.weights, memory.total).slice(),
      first: view(memory.first).slice(),
      second: view(memory.second).slice(),
      random: random.state(),
      order: everyRow.slice(),
      step,
    }),
    restore(snapshot) {
      view(memory.weights, memory.total).set(snapshot.weights);
      view(memory.first).set(snapshot.first);
      view(memory.second).set(snapshot.second);
      random = RandomState.from(snapshot.random);
      everyRow.set(snapshot.order);
      step = snapshot.step;
    },
    async close() {
      await pass.close();
      if (threads === 1) return endTraining(team.alone(), plan.id);
      // A team that has failed is given up, with its sessions; what it failed of says more than that it cannot end them.
      await team
        .gang(batchesModule, 'endTraining' satisfies keyof typeof import('./train-batches.ts'), plan.id)
        .catch(() => {});
    },
  };
}

function defaultShards(network: Network, batchRows: number): number {
  const parameters = networkParameters(network).reduce((total, { shape }) => total + sizeOf(shape), 0);
  // A product forward and two backward, of a multiplication and an addition for each weight.
  const operations = 6 * parameters * batchRows;
  const most = Math.min(MOST_SHARDS, Math.floor(batchRows / SHARD_ROWS));
  return Math.max(1, Math.min(most, Math.floor(operations / SHARD_OPERATIONS)));
}

function drawSizes(network: Network): number[] {
  const graph = new TensorGraph();
  const { draws } = buildNetwork(graph, network, graph.input('x', [1, ...network.inputShape]), 'train');
  return draws.map(({ shape }) => sizeOf(shape));
}

const ROWS_PER_SLICE = 4096;

/** Converts to float32 in slices. */
function place({ data, columns, names, rows }: Matrix, out: Float32Array, job: Job): void {
  for (let row = 0; row < rows; row += ROWS_PER_SLICE) {
    job.checkpoint();
    const [from, to] = [row * columns, Math.min(rows, row + ROWS_PER_SLICE) * columns];
    out.set(data.subarray(from, to), from);
    // A sum of zeros is 0 unless a number is infinite.
    let zeros = 0;
    for (let at = from; at < to; at++) zeros += 0 * out[at]!;
    if (zeros === 0) continue;
    const at = out.findIndex((value, place) => !Number.isFinite(value) && place >= from);
    const column = names?.[at % columns] ?? at % columns;
    throw new DataError(
      'data/too-large',
      `Column '${column}', row ${Math.floor(at / columns)}: ${data[at]} is beyond the largest float32 number. Scale the columns.`,
      { column, row: Math.floor(at / columns) },
    );
  }
}

function notFinite(step: number, layer: string | undefined): JobError {
  const place = layer === undefined ? 'the loss' : `layer ${layer}`;
  return new JobError(
    'train/not-finite',
    `Training left the finite numbers: after ${step} steps ${place} is the first that is not finite. Lower the learning rate, or scale the columns.`,
    { step, layer: layer ?? null },
  );
}
