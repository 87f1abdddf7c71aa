import { Matrix } from '../../src/core/matrix.ts';
import { kNeighborsRegressor } from '../../src/models/k-neighbors/k-neighbors-regressor.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

const [rows, columns] = [100_000, 8];

export const workload: InProcess = {
  title: 'k-NN, 10,000 queries among 100,000 × 8, tree',
  goal: 2,
  async prepare(directory) {
    const data = await readF64(`${directory}/x.f64`);
    const x = new Matrix({ rows, columns, data: data.subarray(0, rows * columns) });
    const asked = new Matrix({
      rows: data.length / columns - rows,
      columns,
      data: data.subarray(rows * columns),
    });
    const model = await kNeighborsRegressor({ algorithm: 'kd-tree' }).fit(x, x.column(0));
    return {
      run: () => model.predict(asked),
      quality: (predictions: Float64Array) => ({
        mean: predictions.reduce((sum, value) => sum + Math.abs(value), 0) / predictions.length,
        largest: Math.max(...predictions),
      }),
    };
  },
  // The same neighbours.
  compare: figuresAgree(1e-10),
};
