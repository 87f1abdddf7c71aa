import { Matrix } from '../../src/core/matrix.ts';
import { ridge } from '../../src/models/ridge/ridge.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'ridge 200,000 × 100',
  goal: 2,
  async prepare(directory) {
    const x = new Matrix({ rows: 200_000, columns: 100, data: await readF64(`${directory}/x.f64`) });
    const y = await readF64(`${directory}/y.f64`);
    return {
      run: () => ridge({ alpha: 1 }).fit(x, y),
      quality: ({ coef, intercept }: { coef: Float64Array; intercept: number }) => ({
        ...Object.fromEntries(Array.from(coef, (value, j) => [`coef${j}`, value])),
        intercept,
      }),
    };
  },
  // As for linear regression.
  compare: figuresAgree(1e-8),
};
