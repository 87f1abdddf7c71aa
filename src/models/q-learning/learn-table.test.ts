import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../environments/environment.ts';
import { SeedStream } from '../../environments/episode-seed.ts';
import { evaluatePolicy } from '../../environments/evaluate-policy.ts';
import { makeEnvironment } from '../../environments/make-environment.ts';
import { policyActor } from '../../environments/policy/define-policy.ts';
import { wrapEnvironment } from '../../environments/wrappers/wrap-environment.ts';
import { qLearning } from './q-learning.ts';
import type { QLearningOptions } from './q-learning-options.ts';

interface Seen {
  readonly state: number;
  readonly action: number;
  readonly reward: number;
  readonly next: number;
  readonly terminated: boolean;
  readonly isOver: boolean;
}

/** A slippery lake that writes down what happens in it. */
function watched(): { readonly environment: Environment<number>; readonly episodes: Seen[][] } {
  const episodes: Seen[][] = [];
  const lake = makeEnvironment<number>('FrozenLake-v1', {
    maxEpisodeSteps: 12,
    rewardSchedule: [5, -2, -0.1],
  });
  let state = 0;
  const environment = wrapEnvironment<number>(lake, {
    reset(options) {
      episodes.push([]);
      state = lake.reset(options);
      return state;
    },
    step(action) {
      const { observation: next, reward, terminated, truncated } = lake.step(action);
      const isOver = terminated || truncated;
      episodes.at(-1)!.push({ state, action: action as number, reward, next, terminated, isOver });
      state = next;
      return { observation: next, reward, terminated, truncated };
    },
  });
  return { environment, episodes };
}

/** The table after the recorded episodes, by the definitions. */
function oracle(
  episodes: readonly Seen[][],
  { algorithm, nSteps, gamma, learningRate, learningRatePower, learningRateSchedule }: QLearningOptions,
  epsilon: number,
): number[][] {
  const q = Array.from({ length: 16 }, () => [0, 0, 0, 0]);
  const visits = Array.from({ length: 16 }, () => [0, 0, 0, 0]);
  const worth = (state: number, taken: number | undefined) => {
    const row = q[state]!;
    if (algorithm === 'sarsa') return row[taken!]!;
    const most = Math.max(...row);
    if (algorithm === 'q-learning') return most;
    return (1 - epsilon) * most + (epsilon * row.reduce((sum, value) => sum + value, 0)) / 4;
  };
  for (const steps of episodes) {
    for (let t = 0; t < steps.length; t++) {
      const isLast = steps[t]!.isOver;
      // Pair τ is learned when its n rewards are in, those left at the end of the episode.
      const first = t - nSteps + 1;
      for (let tau = Math.max(0, first); tau <= (isLast ? t : first); tau++) {
        const { state, action } = steps[tau]!;
        const { next, terminated } = steps[t]!;
        let target = 0;
        // The action after the last step of an episode is never seen; then SARSA is not compared here.
        if (!terminated) target = gamma ** (t - tau + 1) * worth(next, steps[t + 1]?.action);
        for (let k = tau; k <= t; k++) target += gamma ** (k - tau) * steps[k]!.reward;
        const n = ++visits[state]![action]!;
        const rate = learningRateSchedule === 'visits' ? learningRate / n ** learningRatePower : learningRate;
        q[state]![action]! += rate * (target - q[state]![action]!);
      }
    }
  }
  return q;
}

const cases: Partial<QLearningOptions>[] = [
  { algorithm: 'q-learning' },
  { algorithm: 'q-learning', learningRateSchedule: 'visits', learningRate: 1 },
  { algorithm: 'q-learning', nSteps: 3 },
  { algorithm: 'expected-sarsa' },
  { algorithm: 'expected-sarsa', nSteps: 20 },
  { algorithm: 'sarsa' },
  { algorithm: 'sarsa', nSteps: 2 },
];

for (const given of cases) {
  test(`the table of ${JSON.stringify(given)} follows its definition step by step`, async () => {
    const { environment, episodes } = watched();
    const epsilon = 0.3;
    const specification = qLearning({
      ...{ learningRate: 0.2, learningRateSchedule: 'constant', gamma: 0.9 },
      ...{ epsilon, epsilonSchedule: 'constant', finalLearningRate: 0 },
      ...given,
    });
    const model = await specification.learn(environment, { episodes: 60, evaluations: 0, finalEpisodes: 0 });
    const options = specification.options as QLearningOptions;
    const isSarsa = options.algorithm === 'sarsa';
    // Truncated episodes bootstrap from an action that SARSA draws but does not take: leave those out for it.
    const isWhole = episodes.every((steps) => steps.at(-1)!.terminated);
    if (isSarsa && !isWhole) {
      const cut = episodes.findIndex((steps) => !steps.at(-1)!.terminated);
      const shorter = watched();
      const partial = await specification.learn(shorter.environment, {
        ...{ episodes: cut, evaluations: 0, finalEpisodes: 0 },
      });
      compare(partial.qTable, oracle(episodes.slice(0, cut), options, epsilon));
      return;
    }
    compare(model.qTable, oracle(episodes, options, epsilon));
  });
}

function compare({ data }: { readonly data: Float64Array }, expected: readonly (readonly number[])[]) {
  const flat = expected.flat();
  assert.ok(flat.some((value) => value !== 0));
  for (const [k, value] of data.entries()) {
    // Discounted sums are associated otherwise.
    assert.ok(Math.abs(value - flat[k]!) <= 1e-12, `value ${k}: ${value}, ${flat[k]}`);
  }
}

/** The best values by value iteration. */
function bestValues(name: string, options: Record<string, unknown>, gamma: number): Float64Array {
  const { states, actions, offsets, probability, next, reward, terminated } = makeEnvironment(name, options)
    .transitions!;
  const q = new Float64Array(states * actions);
  const most = (state: number) => Math.max(...q.subarray(state * actions, (state + 1) * actions));
  for (let sweep = 0; sweep < 300; sweep++) {
    for (let row = 0; row < q.length; row++) {
      let sum = 0;
      for (let k = offsets[row]!; k < offsets[row + 1]!; k++) {
        sum += probability[k]! * (reward[k]! + (terminated[k] === 1 ? 0 : gamma * most(next[k]!)));
      }
      q[row] = sum;
    }
  }
  return q;
}

test('every way of learning finds the values of a lake that does not slip', async () => {
  const options = { isSlippery: false, maxEpisodeSteps: null };
  const best = bestValues('FrozenLake-v1', options, 0.9);
  for (const algorithm of ['q-learning', 'double-q-learning'] as const) {
    const model = await qLearning({
      algorithm,
      gamma: 0.9,
      learningRateSchedule: 'constant',
      learningRate: 0.5,
      finalEpsilon: 1,
    }).learn({ name: 'FrozenLake-v1', options }, { steps: 60_000, evaluations: 0 });
    const { transitions } = makeEnvironment('FrozenLake-v1', options);
    for (let row = 0; row < 64; row++) {
      // Nothing is learned in the end itself. Each pair is met a hundred times or more at rate ½, by either of two tables half as often:
      // what is left of the way is below 2^−30.
      if (transitions!.next[row] === row >> 2 && transitions!.terminated[row] === 1) continue;
      assert.ok(Math.abs(model.qTable.data[row]! - best[row]!) < 1e-6, `${algorithm} ${row}`);
    }
    assert.equal(model.learning.evaluation!.meanReturn, 1);
    assert.equal(model.learning.evaluation!.meanLength, 6);
  }
});

test('along a cliff Q-learning takes the edge and SARSA keeps away from it, as in the book', async () => {
  const learnt = async (algorithm: 'q-learning' | 'sarsa') =>
    qLearning({
      ...{ algorithm, gamma: 1, learningRate: 0.3, learningRateSchedule: 'constant' },
      ...{ epsilon: 0.1, epsilonSchedule: 'constant' },
    }).learn('CliffWalking-v1', { episodes: 1500, evaluations: 0, maxEpisodeSteps: 2000 });
  const [edge, safe] = await Promise.all([learnt('q-learning'), learnt('sarsa')]);
  assert.equal(edge.learning.evaluation!.meanReturn, -13);
  // The optimal path is 13 long; one row up or more makes 15 or 17.
  const { meanReturn } = safe.learning.evaluation!;
  assert.ok(meanReturn <= -15 && meanReturn >= -25, `return ${meanReturn}`);
});

test('a short learning drives the taxi about as well as can be', async () => {
  const model = await qLearning().learn('Taxi-v3', { episodes: 4000, finalEpisodes: 300 });
  // The best policy has a mean of 7.93 with a standard error of 0.15 over 300 episodes.
  assert.ok(model.learning.evaluation!.meanReturn > 7.3, String(model.learning.evaluation!.meanReturn));
  assert.equal(model.learning.curve.steps.length, 20);
  assert.ok(model.learning.curve.meanReturn[0]! < model.learning.curve.meanReturn.at(-1)!);
});

test('the policy that did best on the way is kept, unless there were no evaluations', async () => {
  // A rate of ½ on chancy outcomes keeps the policy changing.
  const specification = qLearning({ learningRate: 0.5, learningRateSchedule: 'constant', randomState: 2 });
  const budget = { episodes: 3000, finalEpisodes: 0 };
  const kept = await specification.learn('FrozenLake-v1', {
    ...budget,
    evaluations: 12,
    evaluationEpisodes: 40,
  });
  const { meanReturn } = kept.learning.curve;
  assert.ok(meanReturn.at(-1)! < Math.max(...meanReturn), 'the last policy is not the best');
  const again = await evaluatePolicy(makeEnvironment('FrozenLake-v1'), policyActor(kept), {
    ...{ episodes: 40, randomState: 2, stream: SeedStream.choose },
  });
  assert.equal(again.meanReturn, Math.max(...meanReturn));
  const last = await specification.learn('FrozenLake-v1', { ...budget, evaluations: 0 });
  assert.deepEqual(last.qTable.data, (kept.state as { policy: { last: Float64Array } }).policy.last);
  assert.notDeepEqual(last.qTable.data, kept.qTable.data);
});
