import { Matrix } from '../../src/core/matrix.ts';
import { linearRegression } from '../../src/models/linear-regression/linear-regression.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'linear regression, 500 rows one by one',
  goal: 30,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const model = await linearRegression().fit(x, await readF64(`${directory}/y.f64`));
    const rows = Array.from({ length: 500 }, (_, i) => x.row(i));
    return {
      run: async () => rows.map((row) => model.predictRow(row)),
      quality: (results: number[]) => ({ sum: results.reduce((a, b) => a + b, 0) }),
    };
  },
  // As for the coefficients.
  compare: figuresAgree(1e-8),
};
