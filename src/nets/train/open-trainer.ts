import { JobError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { RandomState, type RandomStateData } from '../../core/random.ts';
import { type FloatArray, sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { loadOnnxRuntime } from '../../tensor/onnx/onnx-session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { ignoredIndex, type Loss, targetKind, targetShape, targetWeight } from '../losses/loss.ts';
import { buildNetwork, initialParameters, type Network, outputShape } from '../network.ts';
import { fuse } from '../optimizers/fuse.ts';
import type { Optimizer } from '../optimizers/transforms.ts';
import { requireIndices } from '../require-indices.ts';
import { defaultShards } from './default-shards.ts';
import { forwardPass } from './forward-pass.ts';
import { placeRows, putRows, type RowPlaces } from './place-rows.ts';
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
import type { TrainingBatch } from './training-source.ts';

/** Rows with what is to be learned of them. */
export interface TrainingRows {
  /** Rows × inputs; inputs of several dimensions in row-major order. */
  readonly x: Matrix;
  /** Row-major targets [rows, outputs], or class numbers [rows] or, of sequences, [rows, time], as the loss says. */
  readonly target: Float64Array | Int32Array;
  /** Weights of the rows; default 1. */
  readonly weight?: Float64Array | undefined;
}

/** How a network is trained. */
export interface TrainingSetup {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** As many rows as there are make a batch where there are fewer. */
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

/** What a network is trained on, and how. */
export interface TrainingProblem extends TrainingSetup, TrainingRows {}

/** A training whose rows come bit by bit, by {@link Trainer.put}. */
export interface PooledProblem extends TrainingSetup {
  /** Rows that there is room for. */
  readonly capacity: number;
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
  /** Passes over a source. */
  readonly pass?: number;
}

export interface EpochOptions {
  /** Default: what the schedule says. */
  readonly rate?: number | undefined;
  /** What the learning rate is multiplied by. Default 1. */
  readonly rateFactor?: number;
  /** Default true. */
  readonly shuffle?: boolean;
  /** Which rows; default all. Shuffled in place. On shared memory, for other threads. */
  readonly order?: Int32Array;
  /** Called by the way, with the steps of this call so far and their mean loss. */
  readonly onStep?: ((steps: number, loss: number) => void) | undefined;
}

/** What the network makes of rows. */
export interface Assessment {
  /** Mean loss by the weights of the rows, without dropout or penalty. */
  readonly loss: number;
  /** Row-major [rows, outputs]. */
  readonly outputs: Float32Array;
}

/** A network in training. Its memory is freed with the job's. */
export interface Trainer {
  readonly plan: TrainingPlan;
  /** Training rows, or those there is room for. */
  readonly rows: number;
  /** Steps done. */
  readonly step: number;
  /**
   * Trains on each batch once; @returns the mean loss of the batches by their rows, each before its step.
   * @throws JobError `train/not-finite` naming the first layer that gave no finite number; AbortError.
   */
  epoch(options?: EpochOptions): Promise<number>;
  /**
   * Puts rows of `batch`, from number `from` on, in the places `slots`.
   * @throws DataError for numbers that are not finite in float32, class numbers that the network has no output for.
   */
  put(batch: TrainingBatch, from: number, slots: Int32Array): void;
  /** What the network gives for rows, row-major [rows, outputs]. */
  forward(x: Matrix): Promise<Float32Array>;
  /** The mean loss of rows by their weights, without dropout or penalty. */
  evaluate(rows: TrainingRows): Promise<number>;
  /** Their loss, and the outputs that it is of. */
  assess(rows: TrainingRows): Promise<Assessment>;
  /** Copies of the parameters by name. */
  parameters(): Map<string, Float32Array>;
  setParameters(values: ReadonlyMap<string, ArrayLike<number>>): void;
  snapshot(): TrainingSnapshot;
  restore(snapshot: TrainingSnapshot): void;
  /** Ends the sessions. Call it in any case. */
  close(): Promise<void>;
}

let trainings = 0;

/**
 * Prepares the training of a network in the memory of the job's team.
 * @throws OptionError for layers that do not fit; DataError for numbers that are not finite in float32 or class numbers without an output;
 *   DependencyError without ONNX Runtime.
 */
export async function openTrainer(job: Job, problem: TrainingProblem | PooledProblem): Promise<Trainer> {
  const { network, loss, alpha = 0, drawSeed = 0 } = problem;
  let { random } = problem;
  // Here rather than on a helper thread, whose errors are told as failures of the machinery.
  await loadOnnxRuntime();
  const { team } = job;
  const { arena } = team;
  const rows = 'x' in problem ? problem.x.rows : problem.capacity;
  const batchSize = Math.min(problem.batchSize, rows);
  const inputs = sizeOf(network.inputShape);
  const given = outputShape(network);
  const wanted = targetShape(loss, given);
  const outputs = sizeOf(wanted);
  const shards = problem.shards ?? defaultShards(network, batchSize);
  const x = 'x' in problem ? sharedSingle(problem.x.data) : undefined;
  const isReconstruction = x === undefined && 'x' in problem && problem.target === problem.x.data;
  const memory = placeTraining(arena, network, {
    ...{ rows, inputs, outputs, shards, isReconstruction, isElsewhere: x !== undefined },
    shardRows: Math.ceil(batchSize / shards),
    drawSizes: drawSizes(network),
  });
  const optimizer = fuse(problem.optimizer);
  const plan: TrainingPlan = {
    ...{ id: trainings++, network, loss, optimizer, alpha, memory, x, inputs, outputs },
    seed: drawSeed,
    targetShape: wanted,
  };
  const view = (address: number, count = memory.size) => arena.viewF32(address, count);
  const placed = x ?? view(memory.x, rows * inputs);
  const places: RowPlaces = {
    ...{ x: placed, weight: view(memory.weight, rows), inputs, outputs },
    ...{ ignored: ignoredIndex(loss), weigh: targetWeight(loss) },
    ...(targetKind(loss) === 'labels'
      ? { target: arena.viewI32(memory.target, rows * outputs), classes: given.at(-1)! }
      : { target: isReconstruction ? placed : view(memory.target, rows * outputs), classes: undefined }),
  };
  if ('x' in problem) requireIndices(network, problem.x.data, problem.x.names);
  if ('x' in problem) await placeRows(job, places, problem);
  const start = problem.parameters ?? initialParameters(network, random);
  for (const { name, at, size } of memory.parameters)
    view(memory.weights + 4 * at, size).set(start.get(name)!);
  const everyRow = sharedArray(Int32Array, rows);
  for (let i = 0; i < rows; i++) everyRow[i] = i;
  const threads = shards > 1 ? team.threads : 1;
  const weightsOf = ({ at, size }: PlacedParameter) => view(memory.weights + 4 * at, size);
  const pass = forwardPass({ network, loss }, memory.parameters, weightsOf, () => job.checkpoint());
  let step = 0;

  async function assess({ x, target, weight }: TrainingRows): Promise<Assessment> {
    const assessed = await pass.losses({ x: x.data, rows: x.rows, target });
    const { losses } = assessed;
    let [sum, total] = [0, 0];
    for (let i = 0; i < losses.length; i++) {
      const wanted = places.weigh?.(target.subarray(i * outputs, (i + 1) * outputs)) ?? 1;
      const own = (weight?.[i] ?? 1) * wanted;
      sum += own * losses[i]!;
      total += own;
    }
    return { loss: sum / total, outputs: assessed.outputs };
  }

  return {
    ...{ plan, rows, assess },
    get step() {
      return step;
    },
    put(batch, from, slots) {
      const { inputs: width } = places;
      requireIndices(network, batch.x.subarray(from * width, (from + slots.length) * width));
      putRows(places, batch, from, slots);
    },
    async epoch({ rate, rateFactor = 1, shuffle = true, order = everyRow, onStep } = {}) {
      if (shuffle) random.shuffle(order);
      const control = runControl();
      const run: BatchRun = { plan, order, batchSize, step, rate, rateFactor, control };
      const checkpoint = () => {
        job.checkpoint();
        const steps = control.words[STEPS]!;
        if (steps > 0) onStep?.(steps, control.sums[0]! / Math.min(order.length, steps * batchSize));
      };
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
        const x = takeRows(places.x, inputs, order.subarray(from, from + batchSize));
        throw notFinite(step, await pass.firstUnfit({ x, rows: x.length / inputs }));
      }
      return control.sums[0]! / order.length;
    },
    forward: ({ data, rows: count }) => pass.outputs({ x: data, rows: count }),
    evaluate: async (held) => (await assess(held)).loss,
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

/** Rows that all threads can read as they are. */
function sharedSingle(data: FloatArray): Float32Array | undefined {
  return data instanceof Float32Array && data.buffer instanceof SharedArrayBuffer ? data : undefined;
}

function drawSizes(network: Network): number[] {
  const graph = new TensorGraph();
  const { draws } = buildNetwork(graph, network, graph.input('x', [1, ...network.inputShape]), 'train');
  return draws.map(({ shape }) => sizeOf(shape));
}

function takeRows(x: Float32Array, inputs: number, rows: Int32Array): Float32Array {
  const taken = new Float32Array(rows.length * inputs);
  for (const [i, row] of rows.entries()) taken.set(x.subarray(row * inputs, (row + 1) * inputs), i * inputs);
  return taken;
}

function notFinite(step: number, layer: string | undefined): JobError {
  const place = layer === undefined ? 'the loss' : `layer ${layer}`;
  return new JobError(
    'train/not-finite',
    `Training left the finite numbers: after ${step} steps ${place} is the first that is not finite. Lower the learning rate, or scale the columns.`,
    { step, layer: layer ?? null },
  );
}
