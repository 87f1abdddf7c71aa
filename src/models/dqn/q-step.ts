import type { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { adam } from '../../nets/optimizers/optimizers.ts';
import { openStep, type Step } from '../../nets/step/open-step.ts';
import {
  add,
  greater,
  max,
  mean,
  multiply,
  negative,
  oneHot,
  square,
  subtract,
  sum,
  where,
} from '../../tensor/functions.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { DqnOptions } from './dqn-options.ts';
import { buildQ, type QShape, qNetworks } from './q-network.ts';

/** What the names of target networks begin with. */
export const TARGET = 'target.';

/** Added to what an action that is not allowed is worth: less than any value, yet finite. */
export const FORBIDDEN = -1e9;

export interface QStepRequest {
  readonly shape: QShape;
  readonly options: DqnOptions;
  readonly random: RandomState;
  /** Whether only some actions are allowed in the next states. */
  readonly masked: boolean;
}

/**
 * An update of a Q-network on a batch: the mean over its steps of w h(Q(x, a) − r − d max Q′(x′)), h being Huber's loss, Q′ the target network
 * (V. Mnih et al., Nature 518, 2015). With `double` Q chooses the action that Q′ judges (H. van Hasselt et al., arXiv:1509.06461). Inputs are
 * `x`, `action`, `reward`, `discount`, `next`, `weight` if steps are prioritized, `forbidden` if actions are masked; the output is `error`.
 */
export async function openQStep(
  job: Pick<Job, 'team'>,
  { shape, options, random, masked }: QStepRequest,
): Promise<Step> {
  const { batchSize: rows, double, prioritized, learningRate, maxGradNorm } = options;
  const { inputs: width, actions } = shape;
  const networks = qNetworks(shape);
  const step = await openStep(job, {
    networks,
    frozen: Object.fromEntries(Object.entries(networks).map(([name, one]) => [TARGET + name, one])),
    inputs: {
      ...{ x: { shape: [rows, width] }, next: { shape: [rows, width] } },
      ...{ action: { shape: [rows], element: 'index' } },
      ...{ reward: { shape: [rows] }, discount: { shape: [rows] } },
      ...(prioritized && { weight: { shape: [rows] } }),
      ...(masked && { forbidden: { shape: [rows, actions] } }),
    },
    build({ network, inputs }) {
      const { x, next, action, reward, discount, weight, forbidden } = inputs as Record<string, Tensor>;
      const taken = sum(multiply(buildQ(network, '', shape, x!), oneHot(action!, actions)), { axes: [1] });
      const worth = buildQ(network, TARGET, shape, next!);
      const allowed = (values: Tensor) => (forbidden === undefined ? values : add(values, forbidden));
      const best = double
        ? sum(multiply(worth, firstMax(allowed(buildQ(network, '', shape, next!)))), { axes: [1] })
        : max(allowed(worth), { axes: [1] });
      const error = subtract(taken, add(reward!, multiply(discount!, best)));
      const losses = huber(error);
      return {
        loss: mean(weight === undefined ? losses : multiply(losses, weight)),
        outputs: { error },
      };
    },
    optimizer: adam(learningRate, maxGradNorm === null ? {} : { clipNorm: maxGradNorm }),
    random,
  });
  moveTarget(step, shape, 1);
  return step;
}

/** Moves the target networks towards the networks, by a share of the way. */
export function moveTarget(step: Step, shape: QShape, share: number): void {
  for (const name of Object.keys(qNetworks(shape))) step.blend(TARGET + name, name, share);
}

const firstMax = (x: Tensor): Tensor => x.graph.apply('firstMax', [x], {});

/** ½ e² within ±1, |e| − ½ beyond (P. Huber, 1964). */
function huber(error: Tensor): Tensor {
  const size = where(greater(error, 0), error, negative(error));
  return where(greater(size, 1), subtract(size, 0.5), multiply(square(error), 0.5));
}
