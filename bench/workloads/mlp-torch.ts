import { Matrix } from '../../src/core/matrix.ts';
import { neuralNetworkClassifier } from '../../src/models/neural-network/neural-network-classifier.ts';
import { figuresAgree, type InProcess, readF64, readRounded } from '../workload.ts';

const dense = (units: number) =>
  [{ kind: 'dense', units } as const, { kind: 'activation', function: 'relu' } as const] as const;

export const workload: InProcess = {
  title: 'dense layers 784-256-128-10 beside PyTorch, 3 passes over 12,800 rows, batch 128',
  goal: 1.2,
  async prepare(directory) {
    const x = new Matrix({ rows: 12_800, columns: 784, data: await readRounded(`${directory}/x.f64`) });
    const y = Array.from(await readF64(`${directory}/y.f64`));
    const layers = [...dense(256), ...dense(128)];
    const model = neuralNetworkClassifier({ layers, batchSize: 128, epochs: 3, patience: null });
    return {
      run: () => model.fit(x, y, { onWarning: () => {} }),
      quality: ({ lossCurve }: { readonly lossCurve: Float64Array }) => ({ loss: lossCurve.at(-1)! }),
    };
  },
  // Other initial weights and orders of rows on each side; a fifth of the labels are wrong, so that the loss stays far from 0.
  compare: figuresAgree(0.08),
};
