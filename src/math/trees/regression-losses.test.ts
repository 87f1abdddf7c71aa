import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import type { KernelLoss } from './boosting-loss.ts';
import { absoluteErrorLoss, huberLoss, quantileLoss, tweedieLoss } from './regression-losses.ts';

const teams = [new Team(1), new Team(2)];
after(() => Promise.all(teams.map((team) => team.close())));

const ROWS = 100_001;
const random = new RandomState(3);
const scores = Float64Array.from({ length: ROWS + 1 }, () => random.standardNormal());
const y = Float64Array.from({ length: ROWS + 1 }, () => 3 * random.randomSample() + 0.01);
const weights = Float64Array.from({ length: ROWS }, () => 0.5 + random.randomSample());

/** Pairs (gradient, hessian) of all rows but the first two. */
function derivatives(team: Team, loss: KernelLoss, isWeighted: boolean): Float32Array {
  const { arena } = team;
  return arena.scope(() => {
    const gradients = arena.f64(ROWS + 1);
    const rows = {
      ...{
        scores: arena.place(scores),
        lanes: 1,
        outputs: 1,
        y: arena.place(y),
        gradients,
        plane: 0,
        scratch: 0,
      },
      weights: isWeighted ? arena.place(weights) : 0,
    };
    loss.gradients(team, rows, 2, ROWS);
    return arena.viewF32(gradients, 2 * ROWS).slice(4);
  });
}

const losses: readonly (readonly [string, KernelLoss, isSmooth: boolean])[] = [
  ['absolute error', absoluteErrorLoss, false],
  ['quantile', quantileLoss(0.8), false],
  ['Poisson', tweedieLoss(1), true],
  ['gamma', tweedieLoss(2), true],
  ['Tweedie', tweedieLoss(1.4), true],
];

for (const [name, loss, isSmooth] of losses) {
  test(`the kernel gives the derivatives of the ${name} loss, times the weight, on any number of threads`, () => {
    const lossAt = (row: number, score: number) => loss.lossOfRow(Float64Array.of(score), 0, y[row]!, 1);
    const [one, two] = teams.map((team) => derivatives(team, loss, true));
    assert.deepEqual(one, two);
    const plain = derivatives(teams[0]!, loss, false);
    for (let row = 2; row < ROWS; row += 997) {
      const score = scores[row]!;
      if (!isSmooth && Math.abs(score - y[row]!) < 1e-3) continue;
      const h = 1e-4;
      const [below, here, above] = [lossAt(row, score - h), lossAt(row, score), lossAt(row, score + h)];
      const [gradient, hessian] = plain.subarray(2 * (row - 2), 2 * (row - 1));
      const scale = 1 + Math.abs(here) + hessian!;
      // Differences are off by h² and by rounding over h (h² for the second); float32 by 6e-8.
      assert.ok(Math.abs(gradient! - (above - below) / (2 * h)) < 1e-6 * scale, `gradient of row ${row}`);
      if (isSmooth) {
        const second = (above - 2 * here + below) / h ** 2;
        assert.ok(
          Math.abs(hessian! - second) < 1e-6 * scale,
          `hessian of row ${row}: ${hessian} ≠ ${second}`,
        );
      } else assert.equal(hessian, 1);
      for (const [k, value] of [gradient!, hessian!].entries()) {
        // Both were rounded to float32.
        assert.ok(Math.abs(one![2 * (row - 2) + k]! - weights[row]! * value) < 3e-7 * Math.abs(value));
      }
    }
  });
}

test('the huber loss clips residuals at the quantile of their size', () => {
  const loss = huberLoss(0.7);
  const residuals = Float64Array.from({ length: ROWS - 2 }, (_, i) => y[i + 2]! - scores[i + 2]!);
  loss.prepare!(residuals.slice(), undefined);
  const delta = residuals.map(Math.abs).sort()[Math.floor(0.7 * (residuals.length - 1))]!;
  const found = derivatives(teams[0]!, loss, false);
  for (let i = 0; i < residuals.length; i += 997) {
    const wanted = -Math.max(-delta, Math.min(delta, residuals[i]!));
    // The quantile lies between two of 99,999 values; float32.
    assert.ok(Math.abs(found[2 * i]! - wanted) < 1e-4);
    assert.equal(found[2 * i + 1], 1);
  }
  // A leaf moves from the median by the mean of the clipped rest: median 0, rest −δ, 0, δ.
  assert.equal(loss.leafOfResiduals!(Float64Array.of(-100, 0, 50), undefined), 0);
  assert.ok(loss.leafOfResiduals!(Float64Array.of(0, 0, 50), undefined) > 0);
});
