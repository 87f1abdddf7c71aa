import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lbfgs, maxNorm, type Objective } from './lbfgs.ts';

/** Σ 100 (x[i+1] − x[i]²)² + (1 − x[i])², minimum 0 at ones. */
const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1]! - x[i]! * x[i]!;
    const b = 1 - x[i]!;
    value += 100 * a * a + b * b;
    gradient[i]! += -400 * a * x[i]! - 2 * b;
    gradient[i + 1]! += 200 * a;
  }
  return value;
};

/** ½ Σ c[i] (x[i] − i)² */
const quadratic =
  (curvatures: ArrayLike<number>): Objective =>
  (x, gradient) => {
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      gradient[i] = curvatures[i]! * (x[i]! - i);
      value += (gradient[i]! * (x[i]! - i)) / 2;
    }
    return value;
  };

test('the Rosenbrock valley is followed to its end', async () => {
  const start = new Float64Array(10).map((_, i) => (i % 2 === 0 ? -1.2 : 1));
  const found = await lbfgs(rosenbrock, start, { gtol: 1e-10, ftol: 0, maxIter: 500 });
  assert.equal(found.reason, 'gradient');
  assert.ok(found.converged);
  // The Hessian's smallest eigenvalue is about 0.3 there, so a gradient of 1e-10 means an error below 1e-9.
  for (const xi of found.x) assert.ok(Math.abs(xi - 1) < 1e-9);
  assert.equal(start[0], -1.2);
  // Every line search but a few takes its first trial.
  assert.ok(found.evaluations < 1.5 * found.iterations, `${found.evaluations} for ${found.iterations}`);
});

test('an asynchronous objective gives the same bits as the synchronous one', async () => {
  const start = new Float64Array(6);
  const slow: Objective = async (x, gradient) => rosenbrock(x, gradient);
  assert.deepEqual(await lbfgs(slow, start), await lbfgs(rosenbrock, start));
});

test('convex quadratics of any scale are solved to the requested gradient', async () => {
  const curvatures = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(curvatures, async (c) => {
      const found = await lbfgs(quadratic(c), new Float64Array(c.length), {
        gtol: 1e-9,
        ftol: 0,
        maxIter: 2000,
      });
      assert.equal(found.reason, 'gradient');
      assert.ok(maxNorm(found.gradient) <= 1e-9);
    }),
    { numRuns: 100 },
  );
});

test('the exact inverse diagonal of a separable quadratic leads to its minimum in one step', async () => {
  const c = [1e-4, 1, 1e6];
  const inverseDiagonal = Float64Array.from(c, (ci) => 1 / ci);
  const found = await lbfgs(quadratic(c), new Float64Array(3), { inverseDiagonal, gtol: 1e-8 });
  assert.equal(found.iterations, 1);
});

test('a step into an infinite region is shortened', async () => {
  // x − log x, infinite left of 0, minimum at 1; the first step from 1e-3 overshoots from either side.
  const barrier: Objective = (x, gradient) => {
    gradient[0] = 1 - 1 / x[0]!;
    return x[0]! > 0 ? x[0]! - Math.log(x[0]!) : Number.POSITIVE_INFINITY;
  };
  for (const start of [1e-3, 50]) {
    const inverseDiagonal = Float64Array.of(1e3);
    const found = await lbfgs(barrier, Float64Array.of(start), { inverseDiagonal, gtol: 1e-10, ftol: 0 });
    assert.equal(found.reason, 'gradient');
    assert.ok(Math.abs(found.x[0]! - 1) < 1e-9);
  }
});

test('iterations are limited, counted and reported', async () => {
  const seen: number[] = [];
  const onIteration = (iteration: number) => seen.push(iteration);
  const found = await lbfgs(rosenbrock, new Float64Array(4), { maxIter: 5, onIteration });
  assert.deepEqual(
    { ...found, x: 0, gradient: 0 },
    { ...found, x: 0, gradient: 0, iterations: 5, converged: false, reason: 'iterations' },
  );
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
});

test('what the iteration hook throws ends the search', async () => {
  const stop = () => {
    throw new RangeError('enough');
  };
  await assert.rejects(lbfgs(rosenbrock, new Float64Array(4), { onIteration: stop }), /enough/);
});

test('a function without a minimum is never called converged', async () => {
  const unbounded: Objective = (x, gradient) => {
    gradient[0] = -1;
    return -x[0]!;
  };
  assert.equal((await lbfgs(unbounded, Float64Array.of(0), { maxIter: 20 })).converged, false);
});

test('a tight gradient tolerance is met where the values are only noise any more', async () => {
  // 1e3 + Σ c (cosh(x − i) − 1) with an error of up to 1e-12, a few units in the last place of 1e3; the gradient keeps its digits.
  const noisy: Objective = (x, gradient) => {
    let value = 1e3;
    for (let i = 0; i < x.length; i++) {
      const c = 3 ** i;
      const d = x[i]! - i / 4;
      value += c * (Math.cosh(d) - 1) + 3e-13 * Math.sin(1e12 * d);
      gradient[i] = c * Math.sinh(d);
    }
    return value;
  };
  const found = await lbfgs(noisy, new Float64Array(6), { gtol: 1e-10, ftol: -1, maxIter: 200 });
  assert.equal(found.reason, 'gradient');
  assert.ok(found.evaluations < 3 * found.iterations, `${found.evaluations} for ${found.iterations}`);
});
