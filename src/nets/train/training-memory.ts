import type { Arena } from '../../kernels/host/arena.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { type Network, type NetworkParameter, networkParameters } from '../network.ts';
import { blocksOf, type OptimizerMemory } from '../optimizers/fused-step.ts';

/** A parameter and where it lies among the weights, in float32 numbers. */
export interface PlacedParameter extends NetworkParameter {
  readonly at: number;
  readonly size: number;
}

/** Everything that training keeps in kernel memory, as addresses: plain data that any thread of the team can use. */
export interface TrainingMemory extends OptimizerMemory {
  /** Those that are trained lie first; buffers, which the optimizer leaves alone, beyond `size`. */
  readonly parameters: readonly PlacedParameter[];
  /** Numbers of all parameters, buffers included. */
  readonly total: number;
  /** float32 [rows, inputs]; 0 where rows are read where they are. */
  readonly x: number;
  /** float32 [rows, outputs], or int32 [rows]. */
  readonly target: number;
  /** float32 [rows]. */
  readonly weight: number;
  /** What each shard of a batch works on. */
  readonly shards: readonly ShardMemory[];
}

export interface ShardMemory {
  readonly x: number;
  readonly target: number;
  readonly weight: number;
  readonly total: number;
  readonly loss: number;
  /** What the buffers become, in the order in which they lie. */
  readonly updates: number;
  /** One for each draw of the network. */
  readonly draws: readonly number[];
}

export interface MemoryRequest {
  /** Whether there is to be no room for `x`. */
  readonly isElsewhere: boolean;
  /** Whether targets are what `x` is. */
  readonly isReconstruction: boolean;
  readonly rows: number;
  readonly inputs: number;
  /** Numbers of a target. */
  readonly outputs: number;
  readonly shards: number;
  /** Most rows of a shard. */
  readonly shardRows: number;
  /** Numbers of each draw for one row. */
  readonly drawSizes: readonly number[];
}

/** Parameters begin on cache lines. */
const ALIGNED = 16;
const aligned = (count: number): number => Math.ceil(count / ALIGNED) * ALIGNED;

/** Weights that decay come first, then the others, then buffers, so that each kind is one stretch of memory. @throws JobError beyond 4 GiB. */
export function placeTraining(arena: Arena, network: Network, request: MemoryRequest): TrainingMemory {
  const { rows, inputs, outputs, shards, shardRows, drawSizes, isElsewhere, isReconstruction } = request;
  const x = isElsewhere ? 0 : arena.f32(rows * inputs);
  const specs = networkParameters(network);
  let size = 0;
  const place = (spec: NetworkParameter): PlacedParameter => {
    const own = { ...spec, at: size, size: sizeOf(spec.shape) };
    size += aligned(own.size);
    return own;
  };
  const trained = specs.filter(({ isBuffer }) => !isBuffer);
  const first = trained.filter(({ decays }) => decays).map(place);
  const decaying = size;
  const second = trained.filter(({ decays }) => !decays).map(place);
  const trainedSize = size;
  const placed = [...first, ...second, ...specs.filter(({ isBuffer }) => isBuffer).map(place)];
  const parameters = specs.map(({ name }) => placed.find((one) => one.name === name)!);
  const zeros = (count: number) => {
    const address = arena.f32(count);
    arena.viewF32(address, count).fill(0);
    return address;
  };
  const squares = arena.f64(blocksOf(trainedSize));
  return {
    ...{ parameters, size: trainedSize, total: size, decaying, squares },
    weights: zeros(size),
    gradients: zeros(trainedSize * shards),
    first: zeros(trainedSize),
    second: zeros(trainedSize),
    x,
    target: isReconstruction ? x : arena.f32(rows * outputs),
    weight: arena.f32(rows),
    shards: Array.from({ length: shards }, () => ({
      x: zeros(shardRows * inputs),
      target: zeros(shardRows * outputs),
      weight: zeros(shardRows),
      total: zeros(1),
      loss: zeros(1),
      updates: zeros(size - trainedSize),
      draws: drawSizes.map((width) => zeros(shardRows * width)),
    })),
  };
}
