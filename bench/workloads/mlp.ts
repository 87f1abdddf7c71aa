import { Matrix } from '../../src/core/matrix.ts';
import { mlpClassifier } from '../../src/models/mlp/mlp-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'perceptron 784-256-128-10, 3 passes over 12,800 rows, batch 128',
  goal: 2,
  async prepare(directory) {
    const x = new Matrix({ rows: 12_800, columns: 784, data: await readF64(`${directory}/x.f64`) });
    const y = Array.from(await readF64(`${directory}/y.f64`));
    const model = mlpClassifier({ hiddenLayerSizes: [256, 128], batchSize: 128, maxIter: 3 });
    return {
      run: () => model.fit(x, y, { onWarning: () => {} }),
      quality: ({ lossCurve }: { readonly lossCurve: Float64Array }) =>
        Object.fromEntries(Array.from(lossCurve, (loss, i) => [`loss${i}`, loss])),
    };
  },
  // The same weights and batches on both sides, in float32: what other sums round away grows over 300 steps of Adam.
  compare: figuresAgree(5e-3),
};
