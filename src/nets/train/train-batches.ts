import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Eventually } from '../../core/eventually.ts';
import { sharedArray } from '../../core/shared.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import { type Buffers, openTensorSession, type TensorSession } from '../../tensor/session.ts';
import { type Shape, sizeOf } from '../../tensor/tensor.ts';
import { type Loss, targetKind } from '../losses/loss.ts';
import type { Network, StepDraw } from '../network.ts';
import type { FusedOptimizer } from '../optimizers/fuse.ts';
import { blocksOf, fusedStep } from '../optimizers/fused-step.ts';
import { rateAt } from '../optimizers/schedule.ts';
import { productRows } from '../predict/network-operations.ts';
import { fillNormal } from './fill-normal.ts';
import { trainingGraph } from './training-graph.ts';
import type { TrainingMemory } from './training-memory.ts';

/** What a thread needs to take part in training; the same for all batches. */
export interface TrainingPlan {
  /** Of this training among all in the process: sessions are kept by it. */
  readonly id: number;
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: FusedOptimizer;
  /** α of the penalty α/2 Σ w² / (weight of the batch). */
  readonly alpha: number;
  readonly memory: TrainingMemory;
  /** All rows, where they do not lie in `memory`. */
  readonly x: Float32Array | undefined;
  readonly inputs: number;
  readonly outputs: number;
  /** Of one row, see `targetShape` of losses. */
  readonly targetShape: Shape;
  readonly seed: number;
}

/** Some batches of rows, one after another. */
export interface BatchRun {
  readonly plan: TrainingPlan;
  /** Numbers of the rows in order. */
  readonly order: Int32Array;
  readonly batchSize: number;
  /** Number of the first step. */
  readonly step: number;
  /** Learning rate; undefined for that of the schedule. */
  readonly rate: number | undefined;
  readonly rateFactor: number;
  readonly control: RunControl;
}

/** Shared by the threads of a run. */
export interface RunControl {
  /** Whether to stop; why; steps done. */
  readonly words: Int32Array;
  /** Σ of the losses of the batches times their rows. */
  readonly sums: Float64Array;
}

/** Where teams find {@link trainBatches}. */
export const batchesModule = import.meta.url;

export const STOPPED = 0;
export const NOT_FINITE = 1;
export const STEPS = 2;

export function runControl(): RunControl {
  return { words: sharedArray(Int32Array, 4), sums: sharedArray(Float64Array, 1) };
}

/** Steps leave others on this thread no turn, so a training alone gives them one so often: its thread may be the caller's. */
const TURN_MS = 8;
let lastTurn = 0;

/** A compiled graph for so many rows, and what it was bound to. */
interface Compiled {
  readonly session: TensorSession;
  readonly draws: readonly StepDraw[];
  readonly bound: Map<number, () => Eventually<void>>;
}

/** Of this thread, by training and rows. */
const compiled = new Map<number, Map<number, Promise<Compiled>>>();

/**
 * Trains on all batches: every thread of a team runs this. A batch is divided into shards, whose number does not depend on the threads; each
 * shard's gradients are computed by whichever thread it falls to, and the optimizer adds them in the order of the shards.
 */
export async function trainBatches(self: TeamThread, run: BatchRun): Promise<void> {
  const { thread, threads, kernels } = self;
  const { plan, order, batchSize, control } = run;
  const { memory, optimizer } = plan;
  const { words, sums } = control;
  const views = viewsOf(self);
  const batches = Math.ceil(order.length / batchSize);
  for (let batch = 0; batch < batches; batch++) {
    const step = run.step + batch;
    const from = batch * batchSize;
    const rows = Math.min(batchSize, order.length - from);
    const total = weightOf(views.f32, memory.weight, order, from, rows);
    const shards = Math.min(memory.shards.length, rows);
    for (let shard = thread; shard < shards; shard += threads) {
      const first = Math.floor((rows * shard) / shards);
      const last = Math.floor((rows * (shard + 1)) / shards);
      await computeShard(self, run, views, {
        shard,
        first,
        rows: last - first,
        from: from + first,
        total,
        step,
      });
    }
    if (thread === 0 && self.isInterrupted()) Atomics.store(words, STOPPED, 1);
    kernels.meet(thread, threads);
    let loss = 0;
    for (let shard = 0; shard < shards; shard++) loss += views.f32[memory.shards[shard]!.loss >> 2]!;
    if (!Number.isFinite(loss)) Atomics.store(words, NOT_FINITE, 1);
    if (words[STOPPED] !== 0 || !Number.isFinite(loss)) return;
    const rate = run.rateFactor * (run.rate ?? rateAt(optimizer.schedule, step));
    const decay = total > 0 ? plan.alpha / total : 0;
    fusedStep(self, optimizer, memory, { shards, step, rate, decay });
    // Before they meet: the next step reads what the buffers have become.
    if (thread === 0) updateBuffers(views.f32, memory, shards, rows);
    kernels.meet(thread, threads);
    if (thread !== 0) continue;
    sums[0]! += rows * (loss + penaltyOf(self, memory, decay));
    words[STEPS]!++;
    if (threads > 1 || performance.now() - lastTurn < TURN_MS) continue;
    await nextTurn();
    lastTurn = performance.now();
  }
}

/** Forgets the sessions of a training in this thread. */
export async function endTraining(_: TeamThread, id: number): Promise<void> {
  const own = compiled.get(id);
  compiled.delete(id);
  for (const one of own?.values() ?? []) await one.then(({ session }) => session.close()).catch(() => {});
}

interface Views {
  readonly f32: Float32Array;
  readonly i32: Int32Array;
}

function viewsOf({ memory: { buffer } }: TeamThread): Views {
  return { f32: new Float32Array(buffer), i32: new Int32Array(buffer) };
}

function weightOf(f32: Float32Array, weight: number, order: Int32Array, from: number, rows: number): number {
  let total = 0;
  for (let i = from; i < from + rows; i++) total += f32[(weight >> 2) + order[i]!]!;
  return total;
}

/** Buffers become the mean, by rows, of what each shard of the batch makes of them. */
function updateBuffers(
  f32: Float32Array,
  { weights, size, total, shards: places }: TrainingMemory,
  shards: number,
  rows: number,
): void {
  const buffers = weights / 4 + size;
  for (let i = 0; i < total - size; i++) {
    let sum = 0;
    for (let shard = 0; shard < shards; shard++) {
      const own = Math.floor((rows * (shard + 1)) / shards) - Math.floor((rows * shard) / shards);
      sum += (own / rows) * f32[places[shard]!.updates / 4 + i]!;
    }
    f32[buffers + i] = sum;
  }
}

/** ½ decay Σ w², of the weights before the step. */
function penaltyOf(
  { memory: { buffer } }: TeamThread,
  { squares, decaying }: TrainingMemory,
  decay: number,
): number {
  if (decay === 0) return 0;
  return (
    0.5 * decay * new Float64Array(buffer, squares, blocksOf(decaying)).reduce((sum, value) => sum + value, 0)
  );
}

interface Shard {
  readonly shard: number;
  /** Its first row within the batch, and within the order. */
  readonly first: number;
  readonly from: number;
  readonly rows: number;
  readonly total: number;
  readonly step: number;
}

async function computeShard(self: TeamThread, run: BatchRun, { f32 }: Views, part: Shard): Promise<void> {
  const { plan, order } = run;
  const { memory, inputs, outputs } = plan;
  const { shard, rows, from, total } = part;
  const own = memory.shards[shard]!;
  // Class numbers are moved as they are, since a float32 and an int32 are of one size.
  const [x, target, weight] = [memory.x / 4, memory.target / 4, memory.weight / 4];
  const [toX, toTarget, toWeight] = [own.x / 4, own.target / 4, own.weight / 4];
  for (let i = 0; i < rows; i++) {
    const row = order[from + i]!;
    const [first, last] = [row * inputs, (row + 1) * inputs];
    if (plan.x === undefined) f32.copyWithin(toX + i * inputs, x + first, x + last);
    else f32.set(plan.x.subarray(first, last), toX + i * inputs);
    f32.copyWithin(toTarget + i * outputs, target + row * outputs, target + (row + 1) * outputs);
    f32[toWeight + i] = f32[weight + row]!;
  }
  // A batch without weight has no gradient.
  f32[own.total / 4] = total > 0 ? total : 1;
  const { session, draws, bound } = await compile(plan, rows);
  drawNumbers(self, plan, draws, part);
  let compute = bound.get(shard);
  if (compute === undefined) {
    compute = session.bindDirectly(...buffersOf(self, plan, draws, shard, rows));
    bound.set(shard, compute);
  }
  const computing = compute();
  if (computing !== undefined) await computing;
}

function compile({ id, network, loss }: TrainingPlan, rows: number): Promise<Compiled> {
  const own = compiled.get(id) ?? new Map<number, Promise<Compiled>>();
  compiled.set(id, own);
  let found = own.get(rows);
  if (found === undefined) {
    const { graph, draws } = trainingGraph(network, loss, rows);
    // Sequences have many small nodes, pictures few large ones.
    const memory = productRows(network) > 1 ? 'whole' : 'pieces';
    found = openTensorSession(graph, memory).then((session) => ({ session, draws, bound: new Map() }));
    own.set(rows, found);
  }
  return found;
}

function buffersOf(
  { memory: { buffer } }: TeamThread,
  { network, loss, memory, targetShape }: TrainingPlan,
  draws: readonly StepDraw[],
  shard: number,
  rows: number,
): readonly [inputs: Buffers, outputs: Buffers] {
  const own = memory.shards[shard]!;
  const real = (address: number, shape: readonly number[]) => ({
    data: new Float32Array(buffer, address, sizeOf(shape)),
    shape,
  });
  const isLabel = targetKind(loss) === 'labels';
  const shape = [rows, ...targetShape];
  const target = isLabel
    ? { data: new Int32Array(buffer, own.target, sizeOf(shape)), shape }
    : real(own.target, shape);
  const each = (prefix: string, base: number, parameters = memory.parameters) =>
    parameters.map(({ name, shape, at }) => [`${prefix}${name}`, real(base + 4 * at, shape)] as const);
  const trained = memory.parameters.filter(({ isBuffer }) => !isBuffer);
  const buffers = memory.parameters.filter(({ isBuffer }) => isBuffer);
  return [
    {
      ...{ x: real(own.x, [rows, ...network.inputShape]), target },
      ...{ weight: real(own.weight, [rows]), total: real(own.total, [1]) },
      ...Object.fromEntries(draws.map(({ name, shape }, i) => [name, real(own.draws[i]!, shape)])),
      ...Object.fromEntries(each('', memory.weights)),
    },
    {
      loss: real(own.loss, []),
      ...Object.fromEntries(each('gradient.', memory.gradients + 4 * memory.size * shard, trained)),
      ...Object.fromEntries(each('update.', own.updates - 4 * memory.size, buffers)),
    },
  ];
}

/** What is drawn depends on the seed, the step, the number of the draw and the place in the batch. */
function drawNumbers(
  { kernels, memory: { buffer } }: TeamThread,
  { memory, seed }: TrainingPlan,
  draws: readonly StepDraw[],
  { shard, first, rows, step }: Shard,
): void {
  for (const [i, { shape, rate }] of draws.entries()) {
    const width = sizeOf(shape) / rows;
    // Odd factors far apart, so that keys of neighbouring steps and draws share no pattern.
    const key = (seed ^ Math.imul(step + 1, 0x85ebca6b) ^ Math.imul(i + 1, 0xc2b2ae35)) | 0;
    const place = memory.shards[shard]!.draws[i]!;
    if (rate === null) fillNormal(new Float32Array(buffer, place, rows * width), first * width, key);
    else kernels.dropoutMask(0, 1, place, first * width, rows * width, key, 1 - rate);
  }
}
