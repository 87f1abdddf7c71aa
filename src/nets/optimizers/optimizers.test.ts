import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Team } from '../../kernels/host/team.ts';
import { fuse } from './fuse.ts';
import { blocksOf, fusedStep } from './fused-step.ts';
import { adam, adamw, rmsprop, sgd } from './optimizers.ts';
import { rateAt, type Schedule } from './schedule.ts';
import { applyPlainly, type Optimizer, plainMoments } from './transforms.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/optimizers.json', import.meta.url), 'utf8'),
);
const start = Float64Array.from(fixture.weights as number[]);
const gradients = (fixture.gradients as number[][]).map((row) => Float64Array.from(row));

const oneCycle: Schedule = { kind: 'oneCycle', rate: 0.1, steps: 51 };
const cosine: Schedule = { kind: 'cosine', rate: 0.1, steps: 49, end: 0.01 };
const warmStep: Schedule = {
  ...{ kind: 'exponential', rate: 0.1, decay: 0.5, every: 7, staircase: true, warmup: 5 },
};

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(0.1),
  momentum: sgd(0.1, { momentum: 0.9 }),
  nesterov: sgd(0.1, { momentum: 0.9, nesterov: true, decay: 0.01 }),
  rmsprop: rmsprop(0.01),
  rmspropMomentum: rmsprop(0.01, { rho: 0.9, momentum: 0.5, decay: 0.1 }),
  adam: adam(0.01),
  adamDecay: adam(0.01, { beta1: 0.8, beta2: 0.9, epsilon: 1e-6, decay: 0.1 }),
  adamw: adamw(0.01, { weightDecay: 0.1 }),
  clipNorm: adamw(0.01, { clipNorm: 1 }),
  clipValue: sgd(0.1, { momentum: 0.9, clipValue: 0.5 }),
  momentumOneCycle: sgd(oneCycle, { momentum: 0.9 }),
  adamwWarmStep: adamw(warmStep, { weightDecay: 0.1 }),
  rmspropCosine: rmsprop(cosine, { momentum: 0.9 }),
};

/** The weights after a step for each gradient. */
function plainly(
  optimizer: Optimizer,
  from: Float64Array,
  steps: readonly Float64Array[],
  decays = true,
): Float64Array {
  const values = from.slice();
  const moments = plainMoments(optimizer, [values.length]);
  for (const [step, gradient] of steps.entries())
    applyPlainly(optimizer, [{ values, decays }], [gradient], moments, step);
  return values;
}

/** The same by the kernels, with the gradient divided among `shards`. */
function byKernels(
  team: Team,
  optimizer: Optimizer,
  from: Float64Array,
  steps: readonly Float64Array[],
  shards: number,
): Float32Array {
  const { arena } = team;
  return arena.scope(() => {
    const size = Math.ceil(from.length / 4) * 4;
    const zeros = (count: number) => {
      const address = arena.f32(count);
      arena.viewF32(address, count).fill(0);
      return address;
    };
    const memory = {
      ...{ size, decaying: size, weights: zeros(size), gradients: zeros(shards * size) },
      ...{ first: zeros(size), second: zeros(size), squares: arena.f64(2 * blocksOf(size) + 1) },
    };
    const weights = arena.viewF32(memory.weights, from.length);
    weights.set(from);
    const fused = fuse(optimizer);
    for (const [step, gradient] of steps.entries()) {
      for (let shard = 0; shard < shards; shard++)
        arena.viewF32(memory.gradients + 4 * size * shard, from.length).set(gradient.map((g) => g / shards));
      fusedStep(team.alone(), fused, memory, { shards, step, rate: rateAt(fused.schedule, step), decay: 0 });
    }
    return weights.slice();
  });
}

const team = new Team(1);

for (const [name, optimizer] of Object.entries(optimizers)) {
  test(`${name} takes the steps of PyTorch`, () => {
    const expected = fixture.optimizers[name] as number[];
    // 50 steps, both in float64; the fixture has 13 digits.
    for (const [i, value] of plainly(optimizer, start, gradients).entries())
      assert.ok(Math.abs(value - expected[i]!) < 1e-11, `${value} against ${expected[i]}`);
  });
  test(`the kernels take the steps of ${name}, with one shard and with three`, () => {
    const expected = plainly(optimizer, start, gradients);
    for (const shards of [1, 3]) {
      // 50 steps in float32, each of which rounds by up to 6e-8. PyTorch's own in float32 end up to 2.1e-6 from those in float64, and as far
      // as these in each case.
      for (const [i, value] of byKernels(team, optimizer, start, gradients, shards).entries())
        assert.ok(
          Math.abs(value - expected[i]!) < 2e-6 * Math.max(1, Math.abs(expected[i]!)),
          `${value} against ${expected[i]}`,
        );
    }
  });
}

test('the kernels treat all blocks of a large parameter alike', () => {
  const large = Float64Array.from({ length: 10_001 }, (_, i) => Math.sin(i));
  const steps = [0, 1, 2].map((step) => large.map((value, i) => Math.cos(step + i) + 0.1 * value));
  for (const optimizer of [adamw(0.1, { clipNorm: 3 }), sgd(0.1, { momentum: 0.9 }), rmsprop(0.01)]) {
    const expected = plainly(optimizer, large, steps);
    // A norm of 10,001 numbers that are rounded to float32, and three steps.
    for (const [i, value] of byKernels(team, optimizer, large, steps, 2).entries())
      assert.ok(Math.abs(value - expected[i]!) < 3e-6, `place ${i}: ${value} against ${expected[i]}`);
  }
});

test('moments whose gradients stay away come to 0 instead of resting among the smallest numbers, and NaN stays', () => {
  const { arena } = team;
  const place = (value: number) => arena.place(new Float32Array(4).fill(value));
  for (const optimizer of [
    adam(0.1, { beta2: 0.9 }),
    sgd(0.1, { momentum: 0.9 }),
    rmsprop(0.1, { rho: 0.9, momentum: 0.9 }),
  ]) {
    const memory = {
      ...{ size: 4, decaying: 4, weights: place(1), gradients: place(1), squares: arena.f64(1) },
      ...{ first: place(0), second: place(0) },
    };
    const step = (number: number) =>
      fusedStep(team.alone(), fuse(optimizer), memory, { shards: 1, step: number, rate: 0.1, decay: 0 });
    step(0);
    arena.viewF32(memory.gradients, 4).fill(0);
    for (let k = 1; k < 1500; k++) step(k);
    assert.deepEqual(arena.viewF32(memory.first, 4), new Float32Array(4));
    assert.deepEqual(arena.viewF32(memory.second, 4), new Float32Array(4));
    arena.viewF32(memory.gradients, 4).set([Number.NaN, 0, 0, 0]);
    step(1500);
    assert.deepEqual(Array.from(arena.viewF32(memory.first, 4), Number.isNaN), [true, false, false, false]);
  }
});

test('what does not decay is not decayed', () => {
  const zero = [new Float64Array(12)];
  assert.deepEqual(plainly(sgd(0.1, { decay: 0.5 }), start, zero, false), start);
  assert.notDeepEqual(plainly(sgd(0.1, { decay: 0.5 }), start, zero), start);
});

test('an order of steps that no kernel follows is refused', () => {
  assert.throws(() => fuse([]), /cannot have the steps none/);
  assert.throws(() => fuse([{ kind: 'trace', momentum: 0.9, nesterov: false }]), /always with scaleByRate/);
  assert.throws(
    () => fuse([...adam(0.1), { kind: 'clipByValue', value: 1 }]),
    /scaleByAdam, scaleByRate, clipByValue/,
  );
});

const exponential = { kind: 'exponential', rate: 0.1, decay: 0.9, every: 1 } as const;
const schedules: Readonly<Record<string, Schedule>> = {
  constant: { kind: 'constant', rate: 0.1 },
  step: { kind: 'exponential', rate: 0.1, decay: 0.5, every: 7, staircase: true },
  multiStep: { kind: 'multiStep', rate: 0.1, decay: 0.3, milestones: [10, 15, 40] },
  exponential,
  linear: { kind: 'linear', rate: 0.1, steps: 20, end: 0.02 },
  polynomial: { kind: 'polynomial', rate: 0.1, steps: 40, power: 2 },
  ...{ cosine, oneCycle, warmStep },
  cosineRestarts: { kind: 'cosineRestarts', rate: 0.1, steps: 7, longer: 2, end: 0.001 },
  warmExponential: { ...exponential, warmup: 5 },
};

for (const [name, schedule] of Object.entries(schedules)) {
  test(`the rates of ${name} are PyTorch's`, () => {
    for (const [step, expected] of (fixture.schedules[name] as number[]).entries())
      assert.ok(
        Math.abs(rateAt(schedule, step) - expected) < 1e-12,
        `step ${step}: ${rateAt(schedule, step)} against ${expected}`,
      );
  });
}

test('a warm-up rises in equal parts to the rate, from which the schedule starts', () => {
  const schedule: Schedule = { kind: 'inverseScaling', rate: 1, power: 1, warmup: 4 };
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((step) => rateAt(schedule, step)),
    [0.25, 0.5, 0.75, 1, 1, 0.5],
  );
});
