import { Matrix } from '../../src/core/matrix.ts';
import { neuralNetworkClassifier } from '../../src/models/neural-network/neural-network-classifier.ts';
import { figuresAgree, type InProcess, readF64, readRounded } from '../workload.ts';

const conv = (filters: number) =>
  [
    { kind: 'conv2d', filters, kernelSize: 3, padding: 'same' },
    { kind: 'activation', function: 'relu' },
    { kind: 'maxPool2d', size: 2 },
  ] as const;

export const workload: InProcess = {
  title: 'convolutions 32-64 of 3×3, 3 passes over 6,400 pictures of 28×28, batch 64',
  goal: 1,
  async prepare(directory) {
    const x = new Matrix({ rows: 6400, columns: 784, data: await readRounded(`${directory}/x.f64`) });
    const y = Array.from(await readF64(`${directory}/y.f64`));
    const model = neuralNetworkClassifier({
      layers: [
        ...[...conv(32), ...conv(64), { kind: 'flatten' } as const],
        ...[{ kind: 'dense', units: 128 } as const, { kind: 'activation', function: 'relu' } as const],
      ],
      ...{ inputShape: [1, 28, 28], batchSize: 64, epochs: 3, patience: null },
    });
    return {
      run: () => model.fit(x, y, { onWarning: () => {} }),
      quality: ({ lossCurve }: { readonly lossCurve: Float64Array }) => ({ loss: lossCurve.at(-1)! }),
    };
  },
  // Other initial weights and orders of rows on each side; a fifth of the labels are wrong, so that the loss stays far from 0.
  compare: figuresAgree(0.05),
};
