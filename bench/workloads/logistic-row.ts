import { Matrix } from '../../src/core/matrix.ts';
import { logisticRegression } from '../../src/models/logistic-regression/logistic-regression.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'logistic regression, 500 rows one by one',
  goal: 30,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const model = await logisticRegression().fit(x, await readF64(`${directory}/y.f64`));
    const rows = Array.from({ length: 500 }, (_, i) => x.row(i));
    return {
      run: async () => rows.map((row) => model.predictRow(row)),
      quality: (results: number[]) => ({ positive: results.reduce((a, b) => a + b, 0) }),
    };
  },
  // Rows within tol of the boundary may fall on either side.
  compare: figuresAgree(0.01),
};
