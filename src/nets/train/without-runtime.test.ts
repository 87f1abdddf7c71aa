import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { Team } from '../../kernels/host/team.ts';
import { denseRow } from '../dense/dense-layers.ts';
import { adam } from '../optimizers/optimizers.ts';
import { openTrainer, type TrainingProblem } from './open-trainer.ts';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'onnxruntime-node') throw new Error(`Cannot find package '${specifier}'`);
    return next(specifier, context);
  },
});

test('training without ONNX Runtime says how to install it, and predicting needs none', async () => {
  const team = new Team(2);
  const job = {
    threads: 2,
    team,
    checkpoint: () => {},
    progress: () => {},
    warn: () => {},
  } as unknown as Job;
  const x = new Matrix({ rows: 4, columns: 1, data: Float64Array.of(1, 2, 3, 4) });
  const problem: TrainingProblem = {
    network: { inputShape: [1], layers: [{ kind: 'dense', units: 1 }] },
    ...{ loss: { kind: 'squaredError' }, optimizer: adam(0.1), x, target: x.data, batchSize: 4, shards: 2 },
    random: new RandomState(0),
  };
  await assert.rejects(openTrainer(job, problem), {
    name: 'DependencyError',
    message: /npm install onnxruntime-node/,
  });
  await team.close();
  const layer = { weights: Float32Array.of(2), bias: Float32Array.of(1), activation: 'relu' } as const;
  assert.deepEqual(denseRow(Float64Array.of(3), [layer]), Float64Array.of(7));
});
