import { Matrix } from '../../src/core/matrix.ts';
import { svmClassifier } from '../../src/models/support-vector/svm-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'RBF SVC 20,000 × 50, 200 MiB cache',
  goal: 5,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const y = await readF64(`${directory}/y.f64`);
    const asked = x.take(Array.from({ length: 500 }, (_, i) => i));
    return {
      async run() {
        const model = await svmClassifier({ cacheSize: 200 }).fit(x, y);
        return { support: model.support.length, decisions: await model.decisionFunction(asked) };
      },
      quality: ({ support, decisions }: { support: number; decisions: Matrix }) => ({
        support,
        decision: decisions.data.reduce((sum, value) => sum + Math.abs(value), 0) / decisions.rows,
      }),
    };
  },
  // Both stop within tol 1e-3 of optimal.
  compare: figuresAgree(2e-3),
};
