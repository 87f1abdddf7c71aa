import { JobError } from '../../core/errors.ts';
import type { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { fuse } from '../../nets/optimizers/fuse.ts';
import { adam } from '../../nets/optimizers/optimizers.ts';
import { stepSpecs } from '../../nets/step/step-graph.ts';
import { openParameters, type ParameterAccess, type StepSnapshot } from '../../nets/step/step-parameters.ts';
import type { DqnOptions } from './dqn-options.ts';
import { type QShape, qNetworks } from './q-network.ts';
import { placeQPlan } from './q-plan.ts';
import {
  assess,
  lossOf,
  runUpdates,
  type UpdatesRun,
  updatesControl,
  updatesDone,
  updatesModule,
} from './run-updates.ts';

/** What the names of target networks begin with. */
const TARGET = 'target.';

/** Added to what an action that is not allowed is worth: less than any value, yet finite. */
export const FORBIDDEN = -1e9;

/** Rows of batches that are laid ready at most. */
const READY_ROWS = 2048;
/** Products for which calling the other threads pays: as many take about as long as the call, half a millisecond. */
const SHARED_PRODUCTS = 10e6;

export interface QStepRequest {
  readonly shape: QShape;
  readonly options: DqnOptions;
  readonly random: RandomState;
  /** Whether only some actions are allowed in the next states. */
  readonly masked: boolean;
  /** Updates in a row, whose batches may be laid ready before the first of them. Default 1. */
  readonly round?: number;
}

/** Updates of a Q-network. Its memory is freed with the job's. */
export interface QStep extends ParameterAccess {
  readonly inputs: QInputs;
  /** Q(x, a) − r − d max Q′(x′) of the last batch, before its update. */
  readonly error: Float32Array;
  /** Batches that `inputs` have room for, one after another. */
  readonly room: number;
  /** Updates done. */
  readonly step: number;
  /**
   * Updates on the first batches that `inputs` hold.
   * @returns the loss before the last of them. @throws JobError `train/not-finite`, what `pause` throws.
   */
  run(batches: number, options?: QRunOptions): Promise<number>;
  /** The loss of the first batch, and its errors; parameters stay. */
  compute(): number;
  snapshot(): StepSnapshot;
  restore(snapshot: StepSnapshot): void;
}

/** Arrays to fill, row-major; those that may be missing are there for prioritized steps and masked actions. */
export interface QInputs {
  readonly x: Float32Array;
  readonly next: Float32Array;
  readonly action: Int32Array;
  readonly reward: Float32Array;
  /** Of the value of the next state. */
  readonly discount: Float32Array;
  readonly weight: Float32Array | undefined;
  /** For each action of the next state 0 or {@link FORBIDDEN}. */
  readonly forbidden: Float32Array | undefined;
}

export interface QRunOptions {
  /** Default: the first. */
  readonly rate?: number | undefined;
  /**
   * Called between updates. It is waited for unless several threads work, which they do only for a worker, whose event loop nothing waits for.
   */
  readonly pause?: (() => void | Promise<void>) | undefined;
}

/**
 * An update of a Q-network on a batch lowers the mean over its steps of w h(Q(x, a) − r − d max Q′(x′)), h being Huber's loss, Q′ the target
 * network (V. Mnih et al., Nature 518, 2015). With `double` Q chooses the action that Q′ judges (H. van Hasselt et al., arXiv:1509.06461).
 */
export function openQStep(
  { team }: Pick<Job, 'team'>,
  { shape, options, random, masked, round = 1 }: QStepRequest,
): QStep {
  const { batchSize: rows, double, prioritized, learningRate, maxGradNorm } = options;
  const { inputs: width, actions } = shape;
  const { arena, threads } = team;
  const networks = qNetworks(shape);
  const frozen = Object.fromEntries(Object.entries(networks).map(([name, one]) => [TARGET + name, one]));
  const { access, memory, ...kept } = openParameters(arena, stepSpecs({ networks, frozen }), { random });
  // What an update finds changes the priorities by which the next batch is drawn.
  const room = prioritized ? 1 : Math.max(1, Math.min(round, Math.floor(READY_ROWS / rows)));
  const optimizer = fuse(adam(learningRate, maxGradNorm === null ? {} : { clipNorm: maxGradNorm }));
  const plan = placeQPlan(arena, {
    ...{ shape, rows, room, double, prioritized, masked, threads, optimizer, memory },
    targetPrefix: TARGET,
  });
  const products = plan.layers.reduce((sum, { inputs, outputs }) => sum + 4 * rows * inputs * outputs, 0);
  const self = team.alone();
  const floats = (address: number, size: number) => arena.viewF32(address, room * rows * size);
  const { x, next, action, reward, discount, weight, forbidden } = plan.inputs;
  let step = 0;

  function requireFinite(loss: number): number {
    if (Number.isFinite(loss)) return loss;
    throw new JobError(
      'train/not-finite',
      `Training left the finite numbers: after ${step} steps the loss is ${loss}. Lower the learning rate, or scale observations and rewards.`,
      { step },
    );
  }

  moveTarget(access, shape, 1);
  return {
    ...access,
    inputs: {
      ...{ x: floats(x, width), next: floats(next, width), action: arena.viewI32(action, room * rows) },
      ...{ reward: floats(reward, 1), discount: floats(discount, 1) },
      weight: prioritized ? floats(weight, 1) : undefined,
      forbidden: masked ? floats(forbidden, actions) : undefined,
    },
    error: arena.viewF32(plan.error, rows),
    room,
    get step() {
      return step;
    },
    async run(batches, { rate = learningRate, pause } = {}) {
      const control = updatesControl();
      const run: UpdatesRun = { plan, batches, step, rate, control };
      if (threads === 1 || batches * products < SHARED_PRODUCTS) await runUpdates(self, run, pause);
      else {
        const name = 'runUpdates' satisfies keyof typeof import('./run-updates.ts');
        await team.gang(updatesModule, name, run, () => void pause?.());
      }
      step += updatesDone(control);
      return requireFinite(control.loss[0]!);
    },
    compute() {
      assess(self, plan, 0, { index: 0, of: 1 });
      return requireFinite(lossOf(self, plan));
    },
    snapshot: () => kept.snapshot(step),
    restore(snapshot) {
      kept.restore(snapshot);
      step = snapshot.step;
    },
  };
}

/** Moves the target networks towards the networks, by a share of the way. */
export function moveTarget(parameters: Pick<ParameterAccess, 'blend'>, shape: QShape, share: number): void {
  for (const name of Object.keys(qNetworks(shape))) parameters.blend(TARGET + name, name, share);
}
