import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { neuralNetworkClassifier } from './neural-network-classifier.ts';
import { neuralNetworkRegressor } from './neural-network-regressor.ts';

const quiet = { onWarning: () => {} };

/** Pictures of 8 × 8 with a bright bar that lies or stands, at any place. */
function bars(count: number, seed = 0): { readonly x: Matrix; readonly y: string[] } {
  const random = new RandomState(seed);
  const x = Matrix.zeros(count, 64);
  random.fillUniform(x.data, 0, 0.5);
  const y = Array.from({ length: count }, (_, i) => {
    const lies = random.randint(2) === 0;
    const [along, across] = [random.randint(5), random.randint(8)];
    for (let k = along; k < along + 4; k++) x.data[64 * i + (lies ? 8 * across + k : 8 * k + across)] = 1;
    return lies ? 'lying' : 'standing';
  });
  return { x, y };
}

const convolutional = {
  inputShape: [1, 8, 8],
  layers: [
    { kind: 'conv2d', filters: 8, kernelSize: 3, padding: 'same' },
    { kind: 'activation', function: 'relu' },
    { kind: 'maxPool2d', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 16 },
    { kind: 'activation', function: 'relu' },
  ],
  ...{ epochs: 15, learningRate: 0.01, patience: null },
} as const;

test('a network of convolutions, given as data, learns pictures from flat rows', async () => {
  const [training, other] = [bars(400), bars(200, 1)];
  const model = await neuralNetworkClassifier
    .from(JSON.parse(JSON.stringify(convolutional)))
    .fit(training.x, training.y, quiet);
  const found = await model.predict(other.x);
  // Chance gives 100 of 200; this network got 200 when it was written, on whatever machine.
  assert.ok(found.filter((label, i) => label === other.y[i]).length >= 190);
  assert.deepEqual(
    model.layers.map(({ layer, outputShape, parameters }) => [layer, outputShape, parameters]),
    [
      ['1 (conv2d)', [8, 8, 8], 80],
      ['2 (activation)', [8, 8, 8], 0],
      ['3 (maxPool2d)', [8, 4, 4], 0],
      ['4 (flatten)', [128], 0],
      ['5 (dense)', [16], 2064],
      ['6 (activation)', [16], 0],
      ['7 (dense)', [1], 17],
    ],
  );
  assert.equal(model.parameterCount, 2161);
  assert.match(model.architecture, /^5 \(dense\) +\[16\] +2,064$/m);
  assert.throws(() => model.predictRow(other.x.row(0)), { code: 'model/no-row-prediction' });
});

test('a row has the same bits by itself, among few and among many, though blocks are filled up', async () => {
  const { x, y } = bars(60);
  const model = await neuralNetworkClassifier({ ...convolutional, epochs: 1 }).fit(x, y, quiet);
  const whole = (await model.predictProba(x, { threads: 2 })).data;
  for (const rows of [[7], [59, 7], Array.from({ length: 33 }, (_, i) => i)]) {
    const some = (await model.predictProba(x.take(rows), { threads: 1 })).data;
    for (const [i, row] of rows.entries())
      assert.deepEqual(some.slice(2 * i, 2 * i + 2), whole.slice(2 * row, 2 * row + 2));
  }
});

test('layers that do not fit are refused with their number, kind and shapes, before any training', async () => {
  const { x, y } = bars(20);
  const fit = (options: object) => neuralNetworkClassifier.from(options).fit(x, y, quiet);
  const conv = { kind: 'conv2d', filters: 2, kernelSize: 3 };
  await assert.rejects(fit({ layers: [conv] }), {
    code: 'tensor/shape',
    message: 'Layer 1 (conv2d): conv2d takes 3 dimensions an example, but gets the shape [64].',
  });
  await assert.rejects(fit({ inputShape: [1, 2, 32], layers: [conv] }), {
    code: 'tensor/shape',
    message: /^Layer 1 \(conv2d\): .*\[\d, 1, 2, 32\].*\[2, 1, 3, 3\]/,
  });
  await assert.rejects(fit({ inputShape: [3, 8, 8] }), {
    code: 'data/column-count',
    message: /64 columns cannot take the inputShape \[3, 8, 8\], which has 192/,
  });
  await assert.rejects(fit({ output: 'given', layers: [{ kind: 'dense', units: 3 }] }), {
    code: 'tensor/shape',
    message: /end with the shape \[3\], but \[1\] or \[2\] is needed/,
  });
  assert.throws(() => neuralNetworkClassifier.from({ layers: [{ kind: 'dens', units: 3 }] }), {
    code: 'option/invalid',
    message: /option 'layers.0.kind' cannot be "dens".*'dense'/,
  });
  assert.throws(() => neuralNetworkClassifier.from({ layers: [{ kind: 'dense', units: 0 }] }), {
    message: /option 'layers.0.units' cannot be 0/,
  });
  assert.throws(() => neuralNetworkClassifier.from({ layers: [{ kind: 'dense', units: 2, size: 3 }] }), {
    message: "neural-network-classifier: option 'layers.0' cannot have 'size'.",
  });
});

test('options that contradict each other are refused', () => {
  for (const options of [
    { schedule: 'exponential', finalLearningRate: 0 },
    { learningRate: 0.01, finalLearningRate: 0.1 },
    { output: 'given', layers: [] },
  ])
    assert.throws(() => neuralNetworkRegressor.from(options), { code: 'option/conflict' });
});

test('layers that give the outputs themselves predict as those with a layer added', async () => {
  const { x, y } = bars(60);
  const hidden = { kind: 'dense', units: 4 } as const;
  const options = { epochs: 3, patience: null };
  const added = await neuralNetworkClassifier({ ...options, layers: [hidden] }).fit(x, y, quiet);
  const given = await neuralNetworkClassifier({
    ...{ ...options, output: 'given' },
    layers: [hidden, { kind: 'dense', units: 1 }],
  }).fit(x, y, quiet);
  assert.deepEqual(await given.predictProba(x), await added.predictProba(x));
  // Two outputs for two classes are scores of both.
  const both = await neuralNetworkClassifier({
    ...{ ...options, output: 'given' },
    layers: [hidden, { kind: 'dense', units: 2 }],
  }).fit(x, y, quiet);
  assert.equal((await both.predictProba(x)).columns, 2);
});

test('a learning rate of a million ends in finite numbers, or names the first layer that left them', async () => {
  const { x, y } = bars(100);
  for (const optimizer of ['sgd', 'adam'] as const) {
    const options = { optimizer, learningRate: 1e6, epochs: 10 };
    try {
      const model = await neuralNetworkClassifier(options).fit(x, y, quiet);
      assert.ok((await model.predictProba(x)).data.every(Number.isFinite));
    } catch (error) {
      const { code, message } = error as Error & { code: string };
      assert.equal(code, 'train/not-finite');
      assert.match(
        message,
        /(layer \d \(\w+\)|the loss) is the first that is not finite\. Lower the learning rate/,
      );
    }
  }
  // Plain steps of such a size do not stay finite.
  await assert.rejects(
    neuralNetworkRegressor({ optimizer: 'sgd', learningRate: 1e6, epochs: 10 }).fit(x, x.column(3), quiet),
    { code: 'train/not-finite', message: /layer \d \(\w+\)/ },
  );
});

test('numbers that are none are refused by column and row, and a batch larger than the data is all of them', async () => {
  const { x, y } = bars(30);
  const spoiled = new Matrix({ rows: 30, columns: 64, data: x.data.slice() });
  spoiled.data[64 * 3 + 5] = Number.NaN;
  await assert.rejects(neuralNetworkClassifier(convolutional).fit(spoiled, y, quiet), {
    name: 'DataError',
    message: /5.*3|3.*5/,
  });
  spoiled.data[64 * 3 + 5] = 1e300;
  await assert.rejects(neuralNetworkClassifier(convolutional).fit(spoiled, y, quiet), {
    code: 'data/too-large',
    message: /'5', row 3: 1e\+300 is beyond the largest float32/,
  });
  const fit = (batchSize: number) => neuralNetworkClassifier({ batchSize, epochs: 4 }).fit(x, y, quiet);
  const [all, more] = [await fit(30), await fit(10_000)];
  assert.deepEqual(more.lossCurve, all.lossCurve);
  assert.equal(more.steps, 4);
});

test('rows given as validation say when to stop, and the best weights are kept', async () => {
  const { x, y } = bars(40);
  const other = bars(60, 1);
  const fit = (options: object) =>
    neuralNetworkClassifier({ learningRate: 0.01, epochs: 60, patience: 4, ...options }).fit(x, y, {
      ...quiet,
      validation: other,
    });
  const model = await fit({});
  const { validationLossCurve: curve, nIter } = model;
  const best = curve.indexOf(Math.min(...curve));
  assert.equal(nIter, curve.length);
  assert.ok(nIter < 60 && best < nIter - 1);
  const proba = await model.predictProba(other.x);
  const loss = other.y.reduce(
    (sum, label, i) => sum - Math.log(proba.at(i, label === 'lying' ? 0 : 1)) / 60,
    0,
  );
  // The loss of training is of float32, that of the probabilities of float64.
  assert.ok(Math.abs(loss - curve[best]!) < 1e-5, `${loss} ${curve[best]}`);
  const byScore = await fit({ monitor: 'score' });
  const predicted = await byScore.predict(other.x);
  const right = predicted.filter((label, i) => label === other.y[i]).length / 60;
  assert.ok(Math.abs(right - Math.max(...byScore.validationScores)) < 1e-12);
});

test('a plateau lowers the learning rate instead of ending, and a schedule ends where it says', async () => {
  const { x, y } = bars(40);
  const options = { optimizer: 'sgd', learningRate: 0.05, patience: 1, tol: 10, epochs: 8 } as const;
  const ended = await neuralNetworkClassifier(options).fit(x, y, quiet);
  assert.equal(ended.nIter, 3);
  const lowered = await neuralNetworkClassifier({ ...options, plateauFactor: 0.5 }).fit(x, y, quiet);
  assert.equal(lowered.nIter, 8);
  assert.deepEqual(lowered.lossCurve.slice(0, 3), ended.lossCurve);
});

test('smoothed labels and weights of classes change what is learned', async () => {
  const { x, y } = bars(200);
  const sure = (options: object) =>
    neuralNetworkClassifier({ epochs: 30, learningRate: 0.01, ...options })
      .fit(x, y, quiet)
      .then((model) => model.predictProba(x))
      .then(({ data }) => Math.max(...data));
  assert.ok((await sure({ labelSmoothing: 0.2 })) < (await sure({})));
  const model = await neuralNetworkClassifier({ epochs: 5, classWeight: { lying: 100 } }).fit(x, y, quiet);
  const lying = (await model.predict(x)).filter((label) => label === 'lying').length;
  assert.ok(lying > 150, `${lying}`);
});

test('losses that heed outliers less come nearer to what most rows say', async () => {
  const x = Matrix.zeros(200, 1);
  new RandomState(0).fillUniform(x.data, -1, 1);
  // A tenth of the targets is far above the line.
  const y = Array.from(x.data, (value, i) => value + (i % 10 === 0 ? 20 : 0));
  const error = async (loss: 'squaredError' | 'absoluteError' | 'huber') => {
    const options = { layers: [], learningRate: 0.02, epochs: 60, huberDelta: 0.1 };
    const model = await neuralNetworkRegressor({ ...options, loss }).fit(x, y, quiet);
    const found = await model.predict(x);
    return x.data.reduce((sum, value, i) => sum + Math.abs(found[i]! - value) / 200, 0);
  };
  // The mean lies 2 above; medians and Huber's estimates near the line.
  assert.ok((await error('squaredError')) > 1.5);
  assert.ok((await error('absoluteError')) < 0.5);
  assert.ok((await error('huber')) < 0.5);
});

test('a fit goes on from an earlier one', async () => {
  const { x, y } = bars(60);
  const specification = neuralNetworkClassifier({ epochs: 5 });
  const first = await specification.fit(x, y, quiet);
  const second = await specification.fit(x, y, { ...quiet, from: first });
  assert.ok(second.lossCurve[0]! < first.lossCurve[0]!);
});

test('a fit that is stopped within a long step leaves the process alone', async () => {
  const x = Matrix.zeros(512, 1500);
  new RandomState(0).fillNormal(x.data);
  const abort = new AbortController();
  // A step of this network takes about a second on one thread, far longer than a job may take to notice.
  const wide = { kind: 'dense', units: 3000 } as const;
  const fit = neuralNetworkRegressor({ layers: [wide, wide], batchSize: 512, shards: 1 }).fit(
    x,
    x.column(0),
    {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    },
  );
  setTimeout(() => abort.abort(), 1500);
  await assert.rejects(fit, { code: 'job/aborted' });
  // Its thread ends by itself; ending it in the middle of a product would abort this process.
  const model = await neuralNetworkRegressor({ epochs: 1 }).fit(x.take([0, 1, 2]), [1, 2, 3], quiet);
  assert.equal(model.nIter, 1);
});

test('schedules are given by name or as an object of any kind, in steps', async () => {
  const x = Matrix.zeros(64, 2);
  new RandomState(0).fillNormal(x.data);
  const y = Array.from({ length: 64 }, (_, i) => x.at(i, 0) - x.at(i, 1));
  const how = { layers: [], epochs: 4, batchSize: 16, optimizer: 'sgd', learningRate: 0.05 } as const;
  const weightsOf = async (options: object) => {
    const model = await neuralNetworkRegressor({ ...how, patience: null, ...options }).fit(x, y);
    return (model.state as { network: { parameters: Float32Array[] } }).network.parameters;
  };
  // Four epochs of four steps: half a cosine over all of them is what the name means.
  assert.deepEqual(
    await weightsOf({ schedule: { kind: 'cosine', steps: 16 } }),
    await weightsOf({ schedule: 'cosine' }),
  );
  // A rate that is multiplied by 1 stays.
  assert.deepEqual(
    await weightsOf({ schedule: { kind: 'multiStep', milestones: [4], decay: 1 } }),
    await weightsOf({}),
  );
  assert.notDeepEqual(await weightsOf({ schedule: 'oneCycle' }), await weightsOf({}));
  assert.throws(() => neuralNetworkRegressor({ schedule: { kind: 'multiStep', decay: 1 } as never }), {
    code: 'option/invalid',
    message: /schedule/,
  });
});
