import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { SeededSource } from '../../environments/random-source.ts';
import { box } from '../../environments/space.ts';
import { inlineJob } from '../../jobs/inline.ts';
import { type ActorCritic, openActorCritic } from './actor-critic.ts';
import { Ending, generalizedAdvantages } from './advantages.ts';
import { choiceHead } from './choice-head.ts';
import { numberHead } from './number-head.ts';
import { completeOptions, eitherOptions, type GivenOptions } from './policy-gradient-options.ts';
import { Rollout } from './rollout.ts';
import { updatePolicy } from './update-policy.ts';

interface Case {
  readonly options: Record<string, unknown>;
  readonly algorithm: string;
  readonly features: number[];
  readonly actions: number[];
  readonly rewards: number[];
  readonly values: number[];
  readonly logProbabilities: number[];
  readonly ends: number[];
  readonly lastValues: number[];
  readonly advantages: number[];
  readonly returns: number[];
  readonly before: Record<string, number[]>;
  readonly after: Record<string, number[]>;
  readonly policyLogProbabilities: number[];
  readonly entropy: number;
}
const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/policy-gradient.json', import.meta.url), 'utf8'),
) as { environments: number; steps: number; width: number; cases: Record<string, Case> };
const { environments, width, steps } = fixture;
const rows = steps * environments;
const job = inlineJob();
const opened: ActorCritic[] = [];
after(async () => {
  for (const networks of opened) await networks.close();
});

/** The rollout that the peer learned from, and networks with its parameters. */
async function prepare(given: Case) {
  const isChoice = given.before.logStd === undefined;
  // The peer's buffer is flat by step, then environment, as is ours.
  const rollout = new Rollout({ width, kept: isChoice ? 1 : 2, isWhole: isChoice, masked: 0 }, rows);
  for (let row = 0; row < rows; row++) rollout.add();
  rollout.features.set(given.features);
  rollout.actions.set(given.actions);
  rollout.logProbabilities.set(given.logProbabilities);
  rollout.rewards.set(given.rewards);
  rollout.entropy = rows * given.entropy;
  const cutValues: number[] = [];
  for (let row = 0; row < rows; row++) {
    rollout.owners[row] = row % environments;
    if (given.ends[row] === 1) rollout.endings[row] = Ending.terminated;
    else if (row >= rows - environments) {
      rollout.cut(row, new Float32Array(width), 0);
      cutValues.push(given.lastValues[row % environments]!);
    }
  }
  const options = completeOptions(
    eitherOptions.parse({
      ...{ algorithm: given.algorithm, numEnvs: environments, nSteps: steps, hiddenLayers: [5] },
      ...given.options,
    }) as GivenOptions,
  );
  const networks = await openActorCritic(job, {
    ...{ options, width, isMasked: false, actingRows: environments, randomState: 0 },
    makeHead: (logStd) =>
      isChoice
        ? choiceHead({ n: 4 })
        : numberHead(box([-1, -1], [1, 1]), { isSquashed: false, logStdInit: 0, logStd }),
  });
  opened.push(networks);
  const step = await networks.stepFor(rows);
  step.setParameters(new Map(Object.entries(given.before)));
  return { rollout, options, networks, step, cutValues };
}

for (const [name, given] of Object.entries(fixture.cases)) {
  test(`an update of ${name} leads from the peer's parameters to those it has afterwards`, async () => {
    const { rollout, options, networks, step, cutValues } = await prepare(given);
    const values = await networks.values(rollout.features, rows, () => {});
    // Float32 on both sides, through two layers.
    for (const [i, value] of values.entries()) assert.ok(Math.abs(value - given.values[i]!) < 2e-6);
    const { gamma, gaeLambda, learningRate, clipRange } = options;
    const found = generalizedAdvantages(rollout, given.values, cutValues, { gamma, gaeLambda, environments });
    for (let row = 0; row < rows; row++) {
      // Float32 in the peer, of magnitudes up to 10.
      assert.ok(Math.abs(found.advantages[row]! - given.advantages[row]!) < 1e-5, `advantage ${row}`);
      assert.ok(Math.abs(found.returns[row]! - given.returns[row]!) < 1e-5, `return ${row}`);
    }
    await updatePolicy(networks, {
      ...{ rollout, values: Float64Array.from(given.values), ...found },
      ...{ options, learningRate, clipRange, random: new SeededSource(1), pause() {} },
    });
    const now = networks.parameters();
    let moved = 0;
    for (const [parameter, expected] of Object.entries(given.after)) {
      for (const [i, value] of now.get(parameter)!.entries()) {
        // Up to 30 steps of 0.01 in float32; Adam divides by the roots of squares of gradients, which doubles their relative errors.
        assert.ok(
          Math.abs(value - expected[i]!) < 3e-5,
          `${parameter}[${i}]: ${value} against ${expected[i]}`,
        );
        moved = Math.max(moved, Math.abs(value - given.before[parameter]![i]!));
      }
    }
    assert.ok(moved > 0.005, 'the update moved something');
    assert.ok(step.step >= 1);
  });
}

test('the passes end before a step that goes too far', async () => {
  const given = fixture.cases['ppo-target-kl']!;
  const { rollout, options, networks, step } = await prepare(given);
  const { learningRate, clipRange } = options;
  const request = {
    ...{ rollout, values: Float64Array.from(given.values), options, learningRate, clipRange },
    ...{ advantages: Float64Array.from(given.advantages), returns: Float64Array.from(given.returns) },
    ...{ random: new SeededSource(1), pause() {} },
  };
  await updatePolicy(networks, request);
  assert.ok(step.step > 0 && step.step < 30, `${step.step} steps`);
  const before = step.step;
  await updatePolicy(networks, { ...request, options: { ...options, targetKl: 1e-9 } });
  assert.equal(step.step, before);
});

test('batches that do not fill up and other batch sizes go on with the same parameters', async () => {
  const given = fixture.cases['ppo-numbers']!;
  const { rollout, options, networks } = await prepare(given);
  const request = {
    ...{ rollout, values: Float64Array.from(given.values), learningRate: 1e-9, clipRange: 0.2 },
    ...{ advantages: Float64Array.from(given.advantages), returns: Float64Array.from(given.returns) },
    ...{ random: new SeededSource(1), pause() {} },
  };
  // 16 rows in batches of 6: the last has 4. With such a rate nothing moves.
  const figures = await updatePolicy(networks, { ...request, options: { ...options, batchSize: 6 } });
  assert.equal(networks.rows, 6);
  for (const [parameter, values] of networks.parameters()) {
    for (const [i, value] of values.entries())
      assert.ok(Math.abs(value - given.before[parameter]![i]!) < 1e-6, parameter);
  }
  const misses = given.values.map((value, row) => (value - given.returns[row]!) ** 2);
  const weighed = misses.reduce((sum, miss) => sum + miss, 0) / rows;
  // The mean over the batches, of which the last is smaller.
  assert.ok(Math.abs(figures.valueLoss - weighed) < 0.5 * weighed);
  assert.ok(figures.approxKl > 0 && figures.clipFraction > 0.05);
});
