import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Matrix } from '../../../core/matrix.ts';
import { RandomState } from '../../../core/random.ts';
import { Team } from '../../../kernels/host/team.ts';
import { plainMarginLoss } from '../../../kernels/plain/svm.ts';
import { placeDesign } from '../../place-design.ts';
import { MarginLoss } from './margin-loss.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

for (const epsilon of [null, 0.3]) {
  for (const intercept of [true, false]) {
    const what = `${epsilon === null ? 'hinge' : 'errors of values'}, ${intercept ? 'an' : 'no'} intercept`;
    test(`a squared loss and its derivatives are the plain ones: ${what}`, async () => {
      const random = new RandomState(11);
      const [rows, columns] = [300, 5];
      const data = random.fillNormal(new Float64Array(rows * columns)).map((v, i) => 3 * v + (i % columns));
      const x = new Matrix({ rows, columns, data });
      const y = Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : -1));
      const sampleWeight = Float64Array.from({ length: rows }, (_, i) => (i % 4) / 2);
      const settings = { C: 0.7, interceptScaling: 2, epsilon };
      const results = await Promise.all(
        teams.map((team) =>
          team.arena.scopeAsync(async () => {
            const design = await placeDesign(team, x, { sampleWeight, intercept, scale: 'deviation' });
            const loss = new MarginLoss({ team, design, y, ...settings }, 'hessian');
            const draw = new RandomState(12);
            const w = Float64Array.from({ length: loss.size }, () => 0.3 * draw.standardNormal());
            const gradient = new Float64Array(loss.size);
            const value = loss.evaluate(w, gradient);
            const hessian = new Float64Array(loss.size ** 2);
            loss.hessian(hessian);
            const slopes = new Float64Array(loss.size ** 2);
            const differences = Float64Array.from(w, (_, j) => {
              const [up, down] = [w.slice(), w.slice()];
              up[j]! += 1e-6;
              down[j]! -= 1e-6;
              const [above, below] = [new Float64Array(loss.size), new Float64Array(loss.size)];
              const difference = (loss.evaluate(up, above) - loss.evaluate(down, below)) / 2e-6;
              above.forEach((slope, i) => {
                slopes[i * loss.size + j] = (slope - below[i]!) / 2e-6;
              });
              return difference;
            });
            return { value, gradient, hessian, differences, slopes, solution: loss.solution(w) };
          }),
        ),
      );
      for (const other of results.slice(1)) assert.deepEqual(other, results[0]);
      const { value, gradient, hessian, differences, slopes, solution } = results[0]!;
      const plain = plainMarginLoss(
        { x: x.toRows(), y: [...y], weights: [...sampleWeight], epsilon, C: 0.7, scaling: 2 },
        [...solution.coef],
        solution.intercept,
      );
      const total = 0.7 * sampleWeight.reduce((a, b) => a + b, 0);
      // Sums in another order.
      assert.ok(Math.abs(value - plain / total) <= 1e-12 * value);
      // Central differences of a function of size 1 with step 1e-6.
      gradient.forEach((slope, j) => {
        assert.ok(Math.abs(slope - differences[j]!) < 1e-7 * (1 + Math.abs(slope)));
      });
      // No row's kink lies within the step here, so that only the rounding of the gradients is left.
      hessian.forEach((curve, at) => {
        assert.ok(Math.abs(curve - slopes[at]!) < 1e-7 * (1 + Math.abs(curve)), `entry ${at}`);
      });
    });
  }
}
