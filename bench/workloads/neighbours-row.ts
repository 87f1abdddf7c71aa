import { Matrix } from '../../src/core/matrix.ts';
import { kNeighborsClassifier } from '../../src/models/k-neighbors/k-neighbors-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'k-NN by brute force among 20,000 × 50, 200 rows one by one',
  goal: 1,
  async prepare(directory) {
    const x = new Matrix({ rows: 20_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const model = await kNeighborsClassifier({ algorithm: 'brute' }).fit(
      x,
      await readF64(`${directory}/y.f64`),
    );
    const rows = Array.from({ length: 200 }, (_, i) => x.row(i));
    return {
      run: async () => rows.map((row) => model.predictRow(row)),
      quality: (results: number[]) => ({ positive: results.reduce((a, b) => a + b, 0) }),
    };
  },
  compare: figuresAgree(0),
};
