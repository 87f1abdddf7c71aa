import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import type { Network } from '../../nets/network.ts';
import { adam, rmsprop } from '../../nets/optimizers/optimizers.ts';
import { type OnlineForward, onlineForward, onlineLayers } from '../../nets/step/online-forward.ts';
import { openStep, type Step } from '../../nets/step/open-step.ts';
import type { StepSnapshot } from '../../nets/step/step-parameters.ts';
import type { ActionHead } from './action-head.ts';
import { orthogonalWeights, uniformWeights } from './initial-weights.ts';
import { LOG_STD } from './number-head.ts';
import type { PolicyGradientOptions } from './policy-gradient-options.ts';
import { buildPolicyLoss, lossInputs } from './policy-loss.ts';

export interface ActorCriticParts {
  /** Made with the parameters at hand, which it may need to draw. */
  readonly makeHead: (logStd: () => Float32Array) => ActionHead;
  readonly options: PolicyGradientOptions;
  /** Inputs of the networks. */
  readonly width: number;
  readonly isMasked: boolean;
  /** Most rows that the policy is asked for at a time. */
  readonly actingRows: number;
  readonly randomState: number;
}

/** A policy and the values beside it, in training. */
export interface ActorCritic {
  readonly head: ActionHead;
  readonly policyNetwork: Network;
  readonly valueNetwork: Network;
  /** The policy as it is now; another object after {@link ActorCritic.stepFor} other rows. */
  readonly acting: OnlineForward;
  /** V for rows of inputs. @param pause Called between blocks of rows. */
  values(features: Float32Array, rows: number, pause: () => void | Promise<void>): Promise<Float64Array>;
  /** Rows of the batches that steps take now; 0 before the first. */
  readonly rows: number;
  /** Steps of the loss for batches of so many rows, on the same parameters whatever the rows. */
  stepFor(rows: number): Promise<Step>;
  /** Copies of all parameters by name. */
  parameters(): Map<string, Float32Array>;
  snapshot(): StepSnapshot;
  restore(snapshot: StepSnapshot, rows: number): Promise<void>;
  close(): Promise<void>;
}

/** Rows of which values are asked at a time. */
const VALUE_ROWS = 256;

/** @throws DependencyError without ONNX Runtime. */
export async function openActorCritic(job: Job, parts: ActorCriticParts): Promise<ActorCritic> {
  const { options, width, isMasked, actingRows, randomState } = parts;
  let step: Step | undefined;
  let rows = 0;
  const head = parts.makeHead(() => logStd!);
  const { hiddenLayers, activation } = options;
  const policyNetwork = makeNetwork(width, hiddenLayers, head.outputs, activation);
  const valueNetwork = makeNetwork(width, hiddenLayers, 1, activation);
  const random = new RandomState(randomState);
  const values = initialValues(options, width, head, random);
  let logStd: Float32Array | undefined;
  let [acting, judging] = [undefined, undefined] as (OnlineForward | undefined)[];

  async function open(count: number): Promise<Step> {
    const shape = { rows: count, width, isMasked };
    const opened = await openStep(job, {
      networks: { policy: policyNetwork, value: valueNetwork },
      extra: head.extra,
      inputs: lossInputs(head, options, shape),
      build: (builder) => buildPolicyLoss(head, options, builder),
      optimizer: optimizerOf(options),
      ...{ random, values },
    });
    if (step !== undefined) {
      opened.restore(step.snapshot());
      await step.close();
    }
    [step, rows] = [opened, count];
    logStd = step.views().get(LOG_STD);
    acting = onlineForward(job.team, onlineLayers(policyNetwork, step.places('policy')), actingRows);
    judging = onlineForward(job.team, onlineLayers(valueNetwork, step.places('value')), VALUE_ROWS);
    return opened;
  }

  return {
    ...{ head, policyNetwork, valueNetwork },
    get acting() {
      return acting!;
    },
    get rows() {
      return rows;
    },
    async values(features, count, pause) {
      const out = new Float64Array(count);
      for (let from = 0; from < count; from += VALUE_ROWS) {
        const block = Math.min(VALUE_ROWS, count - from);
        judging!.inputs.set(features.subarray(from * width, (from + block) * width));
        out.set(judging!.run(block).subarray(0, block), from);
        const waiting = pause();
        if (waiting !== undefined) await waiting;
      }
      return out;
    },
    stepFor: async (count) => (step !== undefined && rows === count ? step : open(count)),
    parameters: () => step!.parameters(),
    snapshot: () => step!.snapshot(),
    async restore(snapshot, count) {
      (step !== undefined && rows === count ? step : await open(count)).restore(snapshot);
    },
    close: async () => step?.close(),
  };
}

function makeNetwork(
  width: number,
  hiddenLayers: readonly number[],
  outputs: number,
  activation: 'tanh' | 'relu',
): Network {
  return {
    inputShape: [width],
    layers: [
      ...hiddenLayers.flatMap(
        (units) =>
          [
            { kind: 'dense', units },
            { kind: 'activation', function: activation },
          ] as const,
      ),
      { kind: 'dense', units: outputs },
    ],
  };
}

/**
 * Orthogonal weights with gain √2, of the last layer of the policy 0.01 and of the values 1, and biases of 0, as is usual since J.
 * Schulman et al. (2017); or uniform ones.
 */
function initialValues(
  { hiddenLayers, orthoInit }: PolicyGradientOptions,
  width: number,
  head: ActionHead,
  random: RandomState,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, outputs, lastGain] of [
    ['policy', head.outputs, 0.01],
    ['value', 1, 1],
  ] as const) {
    let inputs = width;
    for (const [k, units] of [...hiddenLayers, outputs].entries()) {
      const gain = k === hiddenLayers.length ? lastGain : Math.SQRT2;
      // Dense layers have an activation between them.
      const layer = `${name}.${2 * k}`;
      values.set(
        `${layer}.weights`,
        orthoInit
          ? orthogonalWeights(inputs, units, gain, random)
          : uniformWeights(inputs * units, inputs, random),
      );
      values.set(
        `${layer}.bias`,
        orthoInit ? new Float32Array(units) : uniformWeights(units, inputs, random),
      );
      inputs = units;
    }
  }
  return values;
}

/** With the settings of Stable-Baselines3 beside the rate, which each step gets. */
function optimizerOf({ algorithm, learningRate, maxGradNorm }: PolicyGradientOptions) {
  const clipNorm = maxGradNorm ?? undefined;
  return algorithm === 'a2c'
    ? rmsprop(learningRate, { rho: 0.99, epsilon: 1e-5, clipNorm })
    : adam(learningRate, { epsilon: 1e-5, clipNorm });
}
