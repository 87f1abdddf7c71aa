import { JobError } from '../../core/errors.ts';
import type { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import type { OnnxPort } from '../../tensor/onnx/onnx-graph.ts';
import { loadOnnxRuntime } from '../../tensor/onnx/onnx-session.ts';
import { type Buffer, openTensorSession } from '../../tensor/session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { initialize } from '../layers/initializers.ts';
import { fuse } from '../optimizers/fuse.ts';
import { fusedStep } from '../optimizers/fused-step.ts';
import { rateAt } from '../optimizers/schedule.ts';
import type { Optimizer } from '../optimizers/transforms.ts';
import { type StepComputation, stepGraph, stepSpecs } from './step-graph.ts';
import { placeStep, type StepParameter } from './step-memory.ts';

/** A loss to lower step by step, where it is more than rows against targets: of reinforcement learning, of several networks. */
export interface StepProblem extends StepComputation {
  readonly optimizer: Optimizer;
  /** Draws the parameters in order, those that are trained first; frozen networks begin at zero or as {@link Step.blend} says. */
  readonly random: RandomState;
  /** Values to begin with, by name, in place of those drawn. */
  readonly values?: ReadonlyMap<string, ArrayLike<number>> | undefined;
}

/** Restored, the steps go on as if they had never stopped, to the bit. */
export interface StepSnapshot {
  readonly weights: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly frozen: Float32Array;
  readonly step: number;
}

/** Steps of one loss on shapes that do not change. Its memory is freed with the job's. */
export interface Step {
  /** Arrays to fill before a step, by name: float32, or int32 where the input is an index. */
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>;
  /** What `build` gave as outputs, as the last step found it. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
  /** Steps done. */
  readonly step: number;
  /**
   * One step: loss, gradients, and the optimizer on the parameters in place.
   * @param rate Default: what the schedule says.
   * @returns the loss before the step. @throws JobError `train/not-finite`.
   */
  run(rate?: number): Promise<number>;
  /** Loss and outputs alone; parameters stay. */
  compute(): Promise<number>;
  /** The parameters of a network, or all, in the memory where steps change them. */
  views(network?: string): Map<string, Float32Array>;
  /** The same with their addresses. */
  places(network?: string): readonly StepParameter[];
  /** target ← target + share (source − target), for two networks of the same layers; a share of 1 copies. */
  blend(target: string, source: string, share: number): void;
  setParameters(values: ReadonlyMap<string, ArrayLike<number>>): void;
  /** Copies, by name. */
  parameters(network?: string): Map<string, Float32Array>;
  snapshot(): StepSnapshot;
  restore(snapshot: StepSnapshot): void;
  close(): Promise<void>;
}

/**
 * Prepares steps in the memory of the job's team; they run on the calling thread.
 *
 *     const step = await openStep(job, {
 *       networks: { actor, critic }, inputs: { x: { shape: [64, 4] }, action: { shape: [64], element: 'index' } },
 *       build: ({ network, inputs: { x, action } }) => ({ loss: … }), optimizer: adam(3e-4, { clipNorm: 0.5 }), random,
 *     });
 *     step.inputs.x.set(rows); await step.run();
 *
 * @throws DependencyError without ONNX Runtime; OptionError for layers or shapes that do not fit.
 */
export async function openStep({ team }: Pick<Job, 'team'>, problem: StepProblem): Promise<Step> {
  await loadOnnxRuntime();
  const { arena } = team;
  const optimizer = fuse(problem.optimizer);
  const specs = stepSpecs(problem);
  const graph = stepGraph(problem, specs);
  const memory = placeStep(arena, specs.trained, specs.frozen);
  const all = [...memory.trained, ...memory.frozen];
  const view = ({ address, size }: StepParameter) => arena.viewF32(address, size);
  for (const one of memory.trained) {
    const values = new Float64Array(one.size);
    initialize(values, one.initializer, one.fans, problem.random);
    view(one).set(problem.values?.get(one.name) ?? values);
  }
  for (const one of memory.frozen) {
    const values = problem.values?.get(one.name);
    if (values !== undefined) view(one).set(values);
  }
  const buffer = ({ name, element, shape }: OnnxPort): Buffer => {
    const fixed = shape as readonly number[];
    const own = all.find((one) => one.name === name.replace(/^gradient\./, ''));
    if (own !== undefined)
      return { shape: fixed, data: arena.viewF32(name === own.name ? own.address : own.gradient, own.size) };
    const count = sizeOf(fixed);
    const data =
      element === 'int32' ? arena.viewI32(arena.i32(count), count) : arena.viewF32(arena.f32(count), count);
    return { shape: fixed, data: data.fill(0) };
  };
  const buffers = (ports: readonly OnnxPort[]) =>
    Object.fromEntries(ports.map((port) => [port.name, buffer(port)] as const));
  const [inputs, outputs] = [buffers(graph.inputs), buffers(graph.outputs)];
  const session = await openTensorSession(graph);
  const compute = session.bind(inputs, outputs);
  const self = team.alone();
  const loss = outputs.loss!.data as Float32Array;
  const named = <A>(from: Readonly<Record<string, Buffer>>, prefix: string) =>
    Object.fromEntries(
      Object.entries(from)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data }]) => [name.slice(prefix.length), data as A]),
    );
  const places = (network?: string) =>
    network === undefined ? all : all.filter(({ name }) => name.startsWith(`${network}.`));
  const stretch = (address: number, count: number) => arena.viewF32(address, count);
  const moments = ['weights', 'first', 'second'] as const;
  let step = 0;

  async function evaluate(): Promise<number> {
    await compute();
    if (Number.isFinite(loss[0])) return loss[0]!;
    throw new JobError(
      'train/not-finite',
      `Training left the finite numbers: after ${step} steps the loss is ${loss[0]}. Lower the learning rate, or scale observations and rewards.`,
      { step },
    );
  }

  return {
    inputs: named<Float32Array | Int32Array>(inputs, 'input.'),
    outputs: named<Float32Array>(outputs, 'output.'),
    get step() {
      return step;
    },
    compute: evaluate,
    async run(rate = rateAt(optimizer.schedule, step)) {
      const value = await evaluate();
      fusedStep(self, optimizer, memory, { shards: 1, step, rate, decay: 0 });
      step++;
      return value;
    },
    places,
    views: (network) => new Map(places(network).map((one) => [one.name, view(one)])),
    parameters: (network) => new Map(places(network).map((one) => [one.name, view(one).slice()])),
    setParameters(values) {
      for (const one of all) {
        const given = values.get(one.name);
        if (given !== undefined) view(one).set(given);
      }
    },
    blend(target, source, share) {
      for (const to of places(target)) {
        const from = all.find(({ name }) => name === source + to.name.slice(target.length))!;
        const [old, fresh] = [view(to), view(from)];
        if (share === 1) old.set(fresh);
        else for (let i = 0; i < old.length; i++) old[i]! += share * (fresh[i]! - old[i]!);
      }
    },
    snapshot: () => ({
      ...(Object.fromEntries(
        moments.map((name) => [name, stretch(memory[name], memory.size).slice()]),
      ) as Pick<StepSnapshot, (typeof moments)[number]>),
      frozen: stretch(memory.frozenWeights, memory.frozenSize).slice(),
      step,
    }),
    restore(snapshot) {
      for (const name of moments) stretch(memory[name], memory.size).set(snapshot[name]);
      stretch(memory.frozenWeights, memory.frozenSize).set(snapshot.frozen);
      step = snapshot.step;
    },
    close: () => session.close(),
  };
}
