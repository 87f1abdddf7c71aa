import { Matrix } from '../../src/core/matrix.ts';
import { linearSvmClassifier } from '../../src/models/support-vector/linear-svm-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'linear SVM 200,000 × 50',
  goal: 1.5,
  async prepare(directory) {
    const x = new Matrix({ rows: 200_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const y = await readF64(`${directory}/y.f64`);
    return {
      run: () => linearSvmClassifier().fit(x, y),
      quality({ coef, intercept }: { coef: Matrix; intercept: Float64Array }) {
        const [w, b] = [coef.row(0), intercept[0]!];
        let objective = 0.5 * (w.reduce((sum, value) => sum + value * value, 0) + b * b);
        for (let i = 0; i < x.rows; i++) {
          let margin = b;
          for (let j = 0; j < x.columns; j++) margin += x.data[i * x.columns + j]! * w[j]!;
          objective += Math.max(0, 1 - (2 * y[i]! - 1) * margin) ** 2;
        }
        return { objective };
      },
    };
  },
  // The peer's default tol leaves some 1e-8 to gain.
  compare: figuresAgree(1e-6),
};
