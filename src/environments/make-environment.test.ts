import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEnvironment } from './check-environment.ts';
import { listEnvironments, makeEnvironment } from './make-environment.ts';
import { recorded } from './recorded.fixture.ts';
import type { Space } from './space.ts';

function spaceFacts(space: Space) {
  if (space.kind === 'discrete') return { n: space.n };
  if (space.kind === 'multi-discrete') return { sizes: space.sizes };
  const finite = (bounds: Float32Array) =>
    Array.from(bounds, (value) => (Number.isFinite(value) ? value : null));
  return { low: finite(space.low), high: finite(space.high) };
}

test("spaces, time limits and thresholds are Gymnasium's", () => {
  const listed = new Map(listEnvironments().map((one) => [one.name, one]));
  for (const [name, facts] of Object.entries<Record<string, unknown>>(recorded.facts)) {
    const { observationSpace, actionSpace, maxEpisodeSteps } = makeEnvironment(name);
    assert.deepEqual(spaceFacts(observationSpace), facts.observation, name);
    assert.deepEqual(spaceFacts(actionSpace), facts.action, name);
    assert.equal(maxEpisodeSteps ?? null, facts.limit, name);
    assert.equal(listed.get(name)!.rewardThreshold ?? null, facts.threshold, name);
  }
});

test('every environment passes the check', () => {
  for (const { name } of listEnvironments()) {
    const { warnings } = checkEnvironment(makeEnvironment(name), { steps: 600, seed: 3 });
    assert.deepEqual(
      warnings.filter((warning) => !warning.startsWith('No episode ended')),
      [],
      name,
    );
  }
});

test('an unknown name or option is refused with the nearest one', () => {
  assert.throws(() => makeEnvironment('Taxi-v5'), {
    code: 'environment/unknown',
    message: /Did you mean 'Taxi-v[34]'/,
  });
  assert.throws(() => makeEnvironment('toString'), { code: 'environment/unknown' });
  assert.throws(() => makeEnvironment('FrozenLake-v1', { isSlipery: false }), {
    code: 'option/unknown',
    message: /Did you mean 'isSlippery'/,
  });
  assert.throws(() => makeEnvironment('Taxi-v3', { maxEpisodeSteps: 0 }), { code: 'option/invalid' });
});

test('a fall of the pole costs 1 with the reward of the book', () => {
  const pole = makeEnvironment('CartPole-v1', { suttonBartoReward: true });
  pole.reset({ seed: 0 });
  let last = pole.step(0);
  assert.equal(last.reward, 0);
  while (!last.terminated) last = pole.step(0);
  assert.equal(last.reward, -1);
});
