import { Matrix } from '../../src/core/matrix.ts';
import { linearRegression } from '../../src/models/linear-regression/linear-regression.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'linear regression 1,000,000 × 20',
  goal: 8,
  async prepare(directory) {
    const x = new Matrix({ rows: 1_000_000, columns: 20, data: await readF64(`${directory}/x.f64`) });
    const y = await readF64(`${directory}/y.f64`);
    return {
      run: () => linearRegression().fit(x, y),
      quality: ({ coef, intercept }: { coef: Float64Array; intercept: number }) => ({
        ...Object.fromEntries(Array.from(coef, (value, j) => [`coef${j}`, value])),
        intercept,
      }),
    };
  },
  // The tolerance for coefficients.
  compare: figuresAgree(1e-8),
};
