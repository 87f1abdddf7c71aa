/**
 * A process that trains a network with a checkpoint, says each pass and writes the weights when it has ended:
 * `node killed-training.fixture.ts CHECKPOINT WEIGHTS`.
 */
import { writeFile } from 'node:fs/promises';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { neuralNetworkClassifier } from './neural-network-classifier.ts';
import type { NeuralNetworkState } from './neural-network-state.ts';

const [path, out] = process.argv.slice(2) as [string, string];
const random = new RandomState(3);
const x = Matrix.zeros(600, 16);
random.fillNormal(x.data);
const y = Array.from({ length: 600 }, (_, i) => (x.at(i, 0) * x.at(i, 1) > 0 ? 'yes' : 'no'));
const model = await neuralNetworkClassifier({
  inputShape: [1, 4, 4],
  layers: [
    { kind: 'conv2d', filters: 4, kernelSize: 3, padding: 'same' },
    { kind: 'batchNorm' },
    { kind: 'activation', function: 'relu' },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.2 },
  ],
  ...{ epochs: 40, patience: null, validationFraction: 0.2, shards: 2, schedule: 'cosine' },
}).fit(x, y, {
  checkpoint: { path },
  onWarning() {},
  onProgress: ({ message = '' }) => void process.stdout.write(`${message}\n`),
});
const { parameters } = (model.state as NeuralNetworkState).network;
await writeFile(
  out,
  Buffer.concat(
    parameters.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ),
);
