import { sharedArray } from '../../core/shared.ts';
import type { TeamThread } from '../../kernels/host/thread.ts';
import type { Kernels } from '../../kernels/signatures.ts';
import {
  backward,
  forward,
  gradient,
  type Part,
  panelsOf,
  rowsOf,
  unitsFrom,
} from '../../nets/dense/panel-layers.ts';
import { fusedStep } from '../../nets/optimizers/fused-step.ts';
import { type Batch, writeSlopes } from './q-loss.ts';
import type { QLayer, QPlan, QUnits } from './q-plan.ts';

/** Updates on batches that lie ready, one after another. */
export interface UpdatesRun {
  readonly plan: QPlan;
  readonly batches: number;
  /** Number of the first update. */
  readonly step: number;
  readonly rate: number;
  readonly control: UpdatesControl;
}

/** Shared by the threads of a run. */
export interface UpdatesControl {
  /** Whether to stop; updates done. */
  readonly words: Int32Array;
  /** Before the last update. */
  readonly loss: Float64Array;
}

/** Where teams find {@link runUpdates}. */
export const updatesModule = import.meta.url;

const STOPPED = 0;
const DONE = 1;
const TAKEN = 2;

/** Inputs of a layer from which on its gradients are divided, and into how many parts. */
const WIDE = 64;
const GRADIENT_PARTS = 4;

export function updatesControl(): UpdatesControl {
  return { words: sharedArray(Int32Array, 3), loss: sharedArray(Float64Array, 1) };
}

export function updatesDone({ words }: UpdatesControl): number {
  return words[DONE]!;
}

/**
 * Every thread of a team runs this. They take panels of rows, one after another, forward and backward, then parts of the gradients, so that one
 * that is held up takes fewer; no number depends on who computes it. Ends early where a loss is not finite.
 * @param pause Called between updates by a thread that is alone.
 */
export async function runUpdates(
  self: TeamThread,
  { plan, batches, step, rate, control }: UpdatesRun,
  pause?: () => void | Promise<void>,
): Promise<void> {
  const { thread, threads, kernels } = self;
  const { words, loss } = control;
  const panels = threads === 1 ? 1 : panelsOf(plan.rows);
  const gradients = gradientParts(plan, threads);
  let before = 0;
  /** Calls `work` with numbers below `count` that no other thread gets. */
  function share(count: number, work: (item: number) => void): void {
    for (;;) {
      const item = Atomics.add(words, TAKEN, 1) - before;
      if (item >= count) break;
      work(item);
    }
    // Every thread has taken one number too many when they meet.
    before += count + threads;
  }
  for (let batch = 0; batch < batches; batch++) {
    share(panels, (index) => assess(self, plan, batch, { index, of: panels }));
    if (thread === 0 && self.isInterrupted()) Atomics.store(words, STOPPED, 1);
    kernels.meet(thread, threads);
    const sum = lossOf(self, plan);
    if (thread === 0) loss[0] = sum;
    if (words[STOPPED] !== 0 || !Number.isFinite(sum)) return;
    share(gradients.length, (index) => addGradient(self, plan, gradients[index]!));
    kernels.meet(thread, threads);
    fusedStep(self, plan.optimizer, plan.memory, { shards: 1, step: step + batch, rate, decay: 0 });
    if (thread === 0) words[DONE]!++;
    kernels.meet(thread, threads);
    const waiting = pause?.();
    if (waiting !== undefined) await waiting;
  }
}

/** Some rows of a batch forward and backward: errors, losses, and the slopes of the loss at all units. */
export function assess(self: TeamThread, plan: QPlan, number: number, part: Part): void {
  const { kernels, memory } = self;
  const { rows, units, layers, inputs, double } = plan;
  const width = units[0]!.units;
  const from = 4 * number * rows * width;
  for (const [address, to] of [
    [inputs.x, units[0]!.values],
    [inputs.next, units[0]!.next],
  ] as const)
    kernels.toPanels(part.index, part.of, address + from, rows, width, to.address, to.stride);
  through(kernels, plan, part, 'target', 'judged');
  if (double) through(kernels, plan, part, 'online', 'next');
  through(kernels, plan, part, 'online', 'values');
  const batch: Batch = {
    ...{ plan, number },
    f32: new Float32Array(memory.buffer),
    i32: new Int32Array(memory.buffer),
  };
  writeSlopes(batch, rowsOf(part, rows), new Float64Array(memory.buffer, plan.losses, panelsOf(rows)));
  for (let k = layers.length - 1; k >= 0; k--) {
    const layer = layers[k]!;
    if (layer.from === 0) continue;
    const [lower, upper] = [units[layer.from]!, units[layer.to]!];
    const [x, dx] = [unitsFrom(lower.values, layer.first), unitsFrom(lower.slopes, layer.first)];
    const places = { x, dx, dy: upper.slopes, lists: layer.lists.values };
    backward(kernels, part, layer, layer.online.weights, rows, places, scratchOf(self, plan));
  }
}

/** The states or next states through a network. */
function through(
  kernels: Kernels,
  { units, layers, rows }: QPlan,
  part: Part,
  network: keyof Pick<QLayer, 'online' | 'target'>,
  key: keyof Pick<QUnits, 'values' | 'next' | 'judged'>,
): void {
  for (const layer of layers) {
    const x = unitsFrom(units[layer.from]![key], layer.first);
    const lists = key === 'values' ? layer.lists.values : layer.lists.next;
    forward(kernels, part, layer, layer[network], rows, { x, y: units[layer.to]![key], lists });
  }
}

interface GradientPart extends Part {
  readonly layer: QLayer;
}

function gradientParts({ layers }: QPlan, threads: number): GradientPart[] {
  return layers.flatMap((layer) => {
    const of = threads === 1 || layer.inputs < WIDE ? 1 : GRADIENT_PARTS;
    return Array.from({ length: of }, (_, index) => ({ layer, index, of }));
  });
}

function addGradient(self: TeamThread, plan: QPlan, part: GradientPart): void {
  const { layer } = part;
  const x = unitsFrom(plan.units[layer.from]!.values, layer.first);
  const dy = plan.units[layer.to]!.slopes;
  gradient(self.kernels, part, layer, layer.gradient, plan.rows, { x, dy }, scratchOf(self, plan));
}

function scratchOf({ thread }: TeamThread, { scratch, scratchBytes }: QPlan): number {
  return scratch + thread * scratchBytes;
}

/** The loss of the batch: of its panels, in their order. */
export function lossOf({ memory: { buffer } }: TeamThread, { rows, losses }: QPlan): number {
  return new Float64Array(buffer, losses, panelsOf(rows)).reduce((sum, one) => sum + one, 0);
}
