import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { cholesky } from './cholesky.ts';
import { type CurvedObjective, newtonCholesky } from './newton-cholesky.ts';

const team = new Team(1);
after(() => team.close());
const factorize = (matrix: Float64Array, size: number) => cholesky({ team }, matrix, size)?.solve;

/** Σ_k softplus-like cosh(a_k·x − k) with random a_k: smooth, convex, of growing curvature. */
function steep(size: number): CurvedObjective & { hessians: number } {
  const random = new RandomState(1);
  const rows = Array.from({ length: 3 * size }, () =>
    Float64Array.from({ length: size }, () => random.standardNormal()),
  );
  const margins = new Float64Array(rows.length);
  return {
    size,
    hessians: 0,
    evaluate(x, gradient) {
      let value = 0;
      gradient.fill(0);
      rows.forEach((a, k) => {
        const m = a.reduce((sum, v, i) => sum + v * x[i]!, -k / size);
        margins[k] = m;
        value += Math.cosh(m);
        for (let i = 0; i < size; i++) gradient[i]! += a[i]! * Math.sinh(m);
      });
      return value;
    },
    hessian(out) {
      this.hessians++;
      out.fill(0);
      rows.forEach((a, k) => {
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) out[i * size + j]! += a[i]! * a[j]! * Math.cosh(margins[k]!);
        }
      });
    },
  };
}

test('a convex function is minimised to rounding errors, with fewer Hessians than steps', () => {
  const objective = steep(8);
  const start = new Float64Array(8).fill(4);
  const found = newtonCholesky(objective, start, { factorize, gtol: 1e-10 });
  assert.equal(found.reason, 'gradient');
  assert.ok(found.gradientNorm <= 1e-10);
  assert.ok(objective.hessians < found.iterations, `${objective.hessians} for ${found.iterations}`);
  assert.ok(start.every((v) => v === 4));
});

test('a quadratic takes one step', () => {
  const bowl: CurvedObjective = {
    size: 2,
    evaluate(x, gradient) {
      gradient.set([4 * (x[0]! - 1), 2e6 * (x[1]! + 3)]);
      return 2 * (x[0]! - 1) ** 2 + 1e6 * (x[1]! + 3) ** 2;
    },
    hessian: (out) => out.set([4, 0, 0, 2e6]),
  };
  const found = newtonCholesky(bowl, new Float64Array(2), { factorize, gtol: 1e-6 });
  assert.equal(found.iterations, 1);
  // Factoring and solving a 2 × 2 system rounds a few times.
  [1, -3].forEach((v, i) => {
    assert.ok(Math.abs(found.x[i]! - v) < 1e-14);
  });
});

test('full steps that overshoot are halved', () => {
  // √(1 + x²): from |x| > 1 full Newton steps diverge.
  const hull: CurvedObjective = {
    size: 1,
    evaluate(x, gradient) {
      const root = Math.sqrt(1 + x[0]! ** 2);
      gradient[0] = x[0]! / root;
      point = x[0]!;
      return root;
    },
    hessian: (out) => out.fill((1 + point ** 2) ** -1.5),
  };
  let point = 0;
  const found = newtonCholesky(hull, Float64Array.of(5), { factorize, gtol: 1e-10 });
  assert.equal(found.reason, 'gradient');
  assert.ok(Math.abs(found.x[0]!) < 1e-9);
});

test('a Hessian that cannot be factorised is reported with the point reached', () => {
  const valley: CurvedObjective = {
    size: 2,
    evaluate(x, gradient) {
      gradient.fill(2 * (x[0]! + x[1]! - 1));
      return (x[0]! + x[1]! - 1) ** 2;
    },
    hessian: (out) => out.fill(2),
  };
  const found = newtonCholesky(valley, new Float64Array(2), { factorize });
  assert.equal(found.reason, 'singular');
  assert.equal(found.converged, false);
});

test('iterations are limited and reported', () => {
  const seen: number[] = [];
  const found = newtonCholesky(steep(5), new Float64Array(5).fill(6), {
    factorize,
    maxIter: 2,
    onIteration: (iteration) => seen.push(iteration),
  });
  assert.equal(found.reason, 'iterations');
  assert.deepEqual(seen, [1, 2]);
});
