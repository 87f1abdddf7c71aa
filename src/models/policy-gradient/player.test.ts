import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../environments/environment.ts';
import { SeededSource } from '../../environments/random-source.ts';
import { box, discrete } from '../../environments/space.ts';
import { Ending } from './advantages.ts';
import { choiceHead } from './choice-head.ts';
import { makeObserver, makeRewardScaler } from './observer.ts';
import { Player } from './player.ts';
import { Rollout } from './rollout.ts';

const features = { width: 2, sizes: new Int32Array(0) };

/** Counts its steps: observations are its number and the count, which is the reward too. It ends, or is cut, after `length`. */
function counter(number: number, length: number, how: 'terminated' | 'truncated') {
  let count = 0;
  const seeds: (number | undefined)[] = [];
  const environment: Environment<Float32Array> = {
    observationSpace: box([0, 0], [9, 99]),
    actionSpace: discrete(2),
    reset({ seed } = {}) {
      seeds.push(seed);
      count = 0;
      return Float32Array.of(number, 0);
    },
    step() {
      count++;
      const isOver = count === length;
      return {
        observation: Float32Array.of(number, count),
        reward: count,
        terminated: isOver && how === 'terminated',
        truncated: isOver && how === 'truncated',
      };
    },
  };
  return { environment, seeds };
}

function players(environments: readonly Environment[], scaled = false) {
  const inputs = new Float32Array(environments.length * 2);
  const scores = new Float32Array(environments.length * 2);
  const asked: number[] = [];
  const run = (rows = environments.length) => {
    asked.push(rows);
    return scores;
  };
  const player = new Player(
    {
      ...{ environments, head: choiceHead({ n: 2 }), isMasked: false, randomState: 1, width: 2 },
      observer: makeObserver(features, false, null),
      rewards: makeRewardScaler(scaled, environments.length, 0.5, null),
      forward: () => ({ inputs, run }),
      pause() {},
    },
    { begun: 0, episodes: 0 },
  );
  const rollout = new Rollout({ width: 2, kept: 1, isWhole: true, masked: 0 }, 2);
  return { player, rollout, asked };
}

const rowsOf = ({ rows, features, rewards, owners, endings }: Rollout) =>
  Array.from({ length: rows }, (_, row) => [owners[row], features[2 * row + 1], rewards[row], endings[row]]);
const { none, terminated, cut } = Ending;

test('steps go on from one rollout to the next, and what goes on at its end is cut there by what came next', async () => {
  const [first, second] = [counter(1, 3, 'terminated'), counter(2, 4, 'truncated')];
  const { player, rollout } = players([first.environment, second.environment]);
  const random = new SeededSource(1);
  await player.playSteps(rollout, 4, random);
  // Environment, count before the step, reward, ending.
  assert.deepEqual(rowsOf(rollout), [
    [0, 0, 1, none],
    [1, 0, 1, none],
    [0, 1, 2, none],
    [1, 1, 2, none],
    [0, 2, 3, terminated],
    [1, 2, 3, none],
    [0, 0, 1, cut],
    [1, 3, 4, cut],
  ]);
  // What the cut steps led to, in the order of the rows: the new episode of the first, the last observation of the second.
  assert.deepEqual(Array.from(rollout.cutFeatures.subarray(0, 4)), [1, 1, 2, 4]);
  assert.deepEqual([player.episodes, player.begun], [2, 4]);
  rollout.clear();
  await player.playSteps(rollout, 1, random);
  assert.deepEqual(rowsOf(rollout), [
    [0, 1, 2, cut],
    [1, 0, 1, cut],
  ]);
  assert.equal(new Set([...first.seeds, ...second.seeds]).size, 4, 'each episode has a seed of its own');
  player.interrupt();
  rollout.clear();
  await player.playSteps(rollout, 1, random);
  assert.deepEqual(rowsOf(rollout), [
    [0, 0, 1, cut],
    [1, 0, 1, cut],
  ]);
});

test('episodes are played to their ends, one in each environment or one after another in a single one', async () => {
  const two = players([counter(1, 2, 'terminated').environment, counter(2, 4, 'truncated').environment]);
  await two.player.playEpisodes(two.rollout, 2, new SeededSource(1));
  assert.deepEqual(rowsOf(two.rollout), [
    [0, 0, 1, none],
    [1, 0, 1, none],
    [0, 1, 2, terminated],
    [1, 1, 2, none],
    [1, 2, 3, none],
    [1, 3, 4, cut],
  ]);
  assert.deepEqual(two.asked, [2, 2, 1, 1]);
  const one = players([counter(1, 2, 'terminated').environment]);
  await one.player.playEpisodes(one.rollout, 3, new SeededSource(1));
  assert.equal(one.rollout.rows, 6);
  assert.equal(one.player.episodes, 3);
  const uneven = players([counter(1, 2, 'terminated').environment, counter(2, 3, 'terminated').environment]);
  await uneven.player.playEpisodes(uneven.rollout, 3, new SeededSource(1));
  assert.equal(uneven.rollout.rows, 2 * 2 + 3);
});

test('rewards are scaled by the deviation of the discounted return of each environment', async () => {
  const { player, rollout } = players([counter(1, 3, 'terminated').environment], true);
  await player.playSteps(rollout, 4, new SeededSource(1));
  // R: 1, 2.5, 4.25, then 1 in a new episode; variances by the usual formula, with the weight 10⁻⁴ of mean 0 and variance 1 before.
  const returns = [1, 2.5, 4.25, 1];
  const rewards = [1, 2, 3, 1];
  for (const [k, reward] of rewards.entries()) {
    const seen = returns.slice(0, k + 1);
    const total = seen.length + 1e-4;
    const mean = seen.reduce((sum, value) => sum + value, 0) / total;
    const squares = seen.reduce((sum, value) => sum + value * value, 0) + 1e-4;
    const deviation = Math.sqrt(squares / total - mean * mean + 1e-8);
    // Two ways to sum up.
    assert.ok(Math.abs(rollout.rewards[k]! - Math.min(10, reward / deviation)) < 1e-9, `step ${k}`);
  }
});

test('observations are scaled by what was seen, and looks do not count', () => {
  const observer = makeObserver(features, true, null);
  const out = new Float32Array(2);
  for (let k = 0; k < 1000; k++) observer.write(Float32Array.of(k % 10, 7), out, 0, 'counts');
  const before = observer.scaling()!;
  observer.write(Float32Array.of(9, 7), out, 0, 'only-looks');
  assert.deepEqual(observer.scaling(), before);
  // 0 … 9 has mean 4.5 and variance 8.25; the weight of the start is 10⁻⁷.
  assert.ok(Math.abs(out[0]! - 4.5 / Math.sqrt(8.25)) < 1e-5);
  observer.write(Float32Array.of(9000, -1e6), out, 0, 'only-looks');
  assert.deepEqual(Array.from(out), [10, -10]);
  const again = makeObserver(features, true, before);
  assert.deepEqual(again.scaling(), before);
});
