import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { plainLloyd } from '../../kernels/plain/lloyd.ts';
import { placePoints } from '../points/points.ts';
import { lloyd } from './lloyd.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly clusters: number;
  readonly weighted?: boolean;
  /** Values are whole numbers, so that rows tie between centres and repeat. */
  readonly whole?: boolean;
}

const shapes: Shape[] = [
  { rows: 1, columns: 1, clusters: 1 },
  { rows: 40, columns: 3, clusters: 5 },
  { rows: 700, columns: 8, clusters: 9, weighted: true },
  { rows: 3000, columns: 2, clusters: 4, whole: true },
  { rows: 1500, columns: 33, clusters: 17 },
  { rows: 4000, columns: 1, clusters: 30 },
  { rows: 1000, columns: 5, clusters: 200, weighted: true },
  { rows: 3000, columns: 5, clusters: 20, whole: true },
];

for (const shape of shapes) {
  for (const team of teams) {
    test(`pruned Lloyd agrees with the formulas on ${JSON.stringify(shape)} by ${team.threads} threads`, async () => {
      const { rows, columns, clusters, weighted, whole } = shape;
      const random = new RandomState(5);
      const x = Matrix.zeros(rows, columns);
      for (let i = 0; i < x.data.length; i++)
        x.data[i] = whole ? random.randint(0, 8) / 8 : random.uniform(-1, 1);
      const weights = Float64Array.from({ length: rows }, (_, i) => (weighted ? (1 + (i % 5)) / 4 : 1));
      const start = Array.from({ length: clusters }, (_, c) => Array.from(x.row(c)));
      const workers = { team, checkpoint() {} };
      for (const iterations of [1, 4, 25]) {
        await team.arena.scopeAsync(async () => {
          const points = await placePoints(workers, x, { mean: new Float64Array(columns), scale: 1 });
          const data = {
            points,
            sampleWeight: weighted ? weights : undefined,
            weights: weighted ? team.arena.place(weights) : 0,
          };
          const options = { start: Float64Array.from(start.flat()), maxIter: iterations, tol: -1 };
          const { centers, labels, nIter } = lloyd(workers, data, options);
          const plain = plainLloyd(x.toRows(), Array.from(weights), start, nIter);
          // Sums in another order, of numbers up to 1.
          plain.centers.flat().forEach((value, at) => {
            assert.ok(Math.abs(centers[at]! - value) < 1e-13, `${centers[at]} ≠ ${value}`);
          });
          assert.deepEqual(Array.from(labels), plain.labels);
        });
      }
    });
  }
}
