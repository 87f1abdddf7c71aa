import { Matrix } from '../../src/core/matrix.ts';
import { svmClassifier } from '../../src/models/support-vector/svm-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'SVC with 8,468 support vectors × 50, 500 rows one by one',
  goal: 5,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const model = await svmClassifier().fit(x, await readF64(`${directory}/y.f64`));
    const rows = Array.from({ length: 500 }, (_, i) => x.row(i));
    return {
      run: async () => rows.map((row) => model.predictRow(row)),
      quality: (labels: number[]) => ({ positive: labels.reduce((a, b) => a + b, 0) }),
    };
  },
  // Rows within tol of the boundary may fall on either side.
  compare: figuresAgree(0.01),
};
