import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices, integers, logUniform, uniform } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { normalMass } from './normal-mass.ts';
import { parzen } from './parzen.ts';
import { type Params, type Spaces, sampleParams } from './search-spaces.ts';
import { type Observation, proposeByTpe } from './tpe.ts';
import { trialRandom } from './trial-seed.ts';

type Numbers = Readonly<Record<string, number>>;
const box = (n: number, low: number, high: number): Spaces =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`x${i}`, uniform(low, high)]));
const valuesOf = (p: Params) => Object.values(p as Numbers);

/** Standard test functions of optimisation; each minimum is 0 (Branin's and Hartmann's known minimum is taken off). */
const functions: Record<string, { spaces: Spaces; loss: (p: Params) => number }> = {
  branin: {
    spaces: { x0: uniform(-5, 10), x1: uniform(0, 15) },
    loss: (p) => {
      const [a, b] = valuesOf(p);
      const square = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
      return square ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10 - 0.39788735772973816;
    },
  },
  rosenbrock: {
    spaces: box(2, -2, 2),
    loss: (p) => {
      const [a, b] = valuesOf(p);
      return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    },
  },
  ackley: {
    spaces: box(5, -10, 10),
    loss: (p) => {
      const x = valuesOf(p);
      const mean = (f: (v: number) => number) => x.reduce((sum, v) => sum + f(v), 0) / x.length;
      return (
        20 +
        Math.E -
        20 * Math.exp(-0.2 * Math.sqrt(mean((v) => v * v))) -
        Math.exp(mean((v) => Math.cos(2 * Math.PI * v)))
      );
    },
  },
  hartmann: { spaces: box(6, 0, 1), loss: (p) => hartmann6(valuesOf(p)) },
  mixed: {
    spaces: {
      rate: logUniform(1e-5, 1),
      depth: integers(1, 64, true),
      kind: choices('a', 'b', 'c', null),
      x: uniform(-5, 5),
    },
    loss: ({ rate, depth, kind, x }) =>
      (Math.log10(rate as number) + 3) ** 2 +
      Math.log2((depth as number) / 8) ** 2 +
      (kind === 'b' ? 0 : 2) +
      (x as number) ** 2,
  },
};

function hartmann6(x: readonly number[]): number {
  const c = [1, 1.2, 3, 3.2];
  const a = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ];
  const p = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ];
  const sum = c.reduce((total, weight, i) => {
    const square = x.reduce((part, value, j) => part + a[i][j] * (value - p[i][j]) ** 2, 0);
    return total + weight * Math.exp(-square);
  }, 0);
  return 3.32236801141551 - sum;
}

const TRIALS = 60;
const SEEDS = 20;

function regret(name: string, seed: number, propose: typeof proposeByTpe): number {
  const { spaces, loss } = functions[name];
  const observed: Observation[] = [];
  // As in a search with four trials at once: a proposal does not see the last three.
  for (let t = 0; t < TRIALS; t++) {
    const params = propose(spaces, observed.slice(0, Math.max(0, t - 3)), trialRandom(seed, t));
    observed.push({ params, loss: loss(params), progress: 1 });
  }
  return Math.min(...observed.map((trial) => trial.loss));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
}

for (const name of Object.keys(functions)) {
  test(`TPE ends nearer to the minimum of ${name} than random search, by the median of 20 seeds`, () => {
    const of = (propose: typeof proposeByTpe) =>
      median(Array.from({ length: SEEDS }, (_, seed) => regret(name, seed, propose)));
    const tpe = of(proposeByTpe);
    const random = of((spaces, _, generator) => sampleParams(spaces, generator));
    assert.ok(tpe < random, `TPE ${tpe}, random ${random}`);
  });
}

test('a density integrates to one over its interval, and sums to one over integers', () => {
  const observed = [0.3, 0.31, 0.8, 0.9, -0.2];
  const { logDensity } = parzen(uniform(-1, 1), observed);
  let integral = 0;
  const n = 20_000;
  for (let i = 0; i < n; i++) integral += (Math.exp(logDensity(-1 + (2 * (i + 0.5)) / n)) * 2) / n;
  // The density leaves out the constant 1/√(2π); the midpoint rule errs by about 1e-8 here.
  assert.ok(Math.abs(integral / Math.sqrt(2 * Math.PI) - 1) < 1e-7, String(integral));
  for (const log of [false, true]) {
    const mass = parzen(integers(1, 30, log), [3, 4, 4, 20]);
    const sum = Array.from({ length: 30 }, (_, i) => Math.exp(mass.logDensity(i + 1))).reduce(
      (a, b) => a + b,
      0,
    );
    // Rounding of thirty terms.
    assert.ok(Math.abs(sum - 1) < 1e-12, String(sum));
  }
});

test('the mass of a normal between two points is right in the middle and in the tails', () => {
  // scipy.stats.norm: cdf(1) - cdf(-1), sf(6) - sf(7), cdf(-3) - cdf(-4), cdf(0.1) - cdf(0).
  const cases = [
    [-1, 1, 0.6826894921370859],
    [6, 7, 9.853078324938088e-10],
    [-4, -3, 0.0013182267897969735],
    [0, 0.1, 0.03982783727702899],
  ];
  for (const [a, b, mass] of cases) assert.ok(Math.abs(normalMass(a, b) / mass - 1) < 1e-12, `${a} ${b}`);
});

test('values stay within their space and of its kind', () => {
  const spaces: Spaces = {
    u: uniform(0, 1),
    l: logUniform(1e-3, 10),
    i: integers(2, 4),
    c: choices(null, true),
    one: integers(3, 3),
  };
  const observed: Observation[] = [];
  for (let t = 0; t < 60; t++) {
    const params = proposeByTpe(spaces, observed, trialRandom(1, t));
    const { u, l, i, c, one } = params as Record<string, never>;
    assert.ok(
      u >= 0 &&
        u <= 1 &&
        l >= 1e-3 &&
        l <= 10 &&
        [2, 3, 4].includes(i) &&
        [null, true].includes(c) &&
        one === 3,
    );
    observed.push({
      params,
      loss: t % 7 === 0 ? Number.NaN : (u as number),
      progress: t % 5 === 0 ? 0.4 : 1,
    });
  }
});

test('drawing a trial again draws the same, and other trials or seeds draw something else', () => {
  const draw = (seed: number, number: number) => sampleParams(box(3, 0, 1), trialRandom(seed, number));
  assert.deepEqual(draw(5, 3), draw(5, 3));
  const all = [0, 1, 2].flatMap((seed) => [0, 1, 2].map((number) => JSON.stringify(draw(seed, number))));
  assert.equal(new Set(all).size, 9);
  assert.notDeepEqual(draw(0, 0), sampleParams(box(3, 0, 1), new RandomState(0)));
});

test('trials that were given up rank behind complete ones, whatever their scores so far', () => {
  const spaces: Spaces = { x: uniform(0, 1) };
  const observed: Observation[] = Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0
      ? { params: { x: 0.75 + i / 400 }, loss: i / 100, progress: 1 }
      : { params: { x: 0.15 + i / 400 }, loss: -1, progress: 0.4 },
  );
  const proposals = Array.from(
    { length: 30 },
    (_, t) => proposeByTpe(spaces, observed, trialRandom(2, t)).x as number,
  );
  // By chance alone half of them would be above ½.
  assert.ok(proposals.filter((x) => x > 0.5).length > 25, proposals.join(' '));
});

test('observations older than the last 25 fade', () => {
  const observed = [...Array(25).fill(0.2), ...Array(25).fill(0.8)];
  const { logDensity } = parzen(uniform(0, 1), observed);
  assert.ok(logDensity(0.8) > logDensity(0.2) + 0.5);
  const { logDensity: logShare } = parzen(
    choices('a', 'b'),
    observed.map((x) => (x < 0.5 ? 'a' : 'b')),
  );
  // Weights 1/26 … 25/26 add up to 12.5; the prior adds one half to each.
  assert.ok(Math.abs(logShare('a') - Math.log(13 / 38.5)) < 1e-12);
});
