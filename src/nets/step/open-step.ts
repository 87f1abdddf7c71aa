import { JobError } from '../../core/errors.ts';
import type { Job } from '../../jobs/job.ts';
import type { OnnxPort } from '../../tensor/onnx/onnx-graph.ts';
import { loadOnnxRuntime } from '../../tensor/onnx/onnx-session.ts';
import { type Buffer, openTensorSession } from '../../tensor/session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { fuse } from '../optimizers/fuse.ts';
import { fusedStep } from '../optimizers/fused-step.ts';
import { rateAt } from '../optimizers/schedule.ts';
import type { Optimizer } from '../optimizers/transforms.ts';
import { type StepComputation, stepGraph, stepSpecs } from './step-graph.ts';
import {
  type FirstValues,
  openParameters,
  type ParameterAccess,
  type StepSnapshot,
} from './step-parameters.ts';

/** A loss to lower step by step, where it is more than rows against targets: of reinforcement learning, of several networks. */
export interface StepProblem extends StepComputation, FirstValues {
  readonly optimizer: Optimizer;
}

/** Steps of one loss on shapes that do not change. Its memory is freed with the job's. */
export interface Step extends ParameterAccess {
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
  const { access, memory, ...kept } = openParameters(arena, specs, problem);
  const all = access.places();
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
    ...access,
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
    snapshot: () => kept.snapshot(step),
    restore(snapshot) {
      kept.restore(snapshot);
      step = snapshot.step;
    },
    close: () => session.close(),
  };
}
