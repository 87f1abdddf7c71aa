import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { decodePicture } from '../../data/pictures/decode-picture.ts';
import { folderFor } from '../../data/pictures/pictures.fixture.ts';
import { loadModel, saveModel } from '../../store/model-file.ts';
import { OnnxGraph } from '../../tensor/onnx/onnx-graph.ts';
import { writeOnnx } from '../../tensor/onnx/write-onnx.ts';
import { gradCam, maximizeActivations } from './explain/explain-pictures.ts';
import { firstLayerFilters } from './explain/first-layer-filters.ts';
import { type FittedImageClassifier, fitPictures } from './fit-pictures.ts';
import { imageClassifier } from './image-classifier.ts';
import { pictureFormat, predictPictures } from './predict-pictures.ts';
import { shapePictures, shapeSvg } from './shapes.fixture.ts';

const small = { filters: [8, 16], hiddenUnits: 16, dropout: 0, batchSize: 32, learningRate: 0.01 };

async function accuracyOf(model: FittedImageClassifier, seed = 9): Promise<number> {
  const held = await shapePictures({ circle: 40, square: 40, ring: 40 }, { seed });
  const { labels } = await predictPictures(model, held);
  return labels.filter((label, i) => label === held.labels![i]).length / held.count;
}

let fitted: Promise<FittedImageClassifier> | undefined;
/** Fitted once for several tests. */
function shapes(): Promise<FittedImageClassifier> {
  fitted ??= shapePictures({ circle: 90, square: 90, ring: 90 }).then((pictures) =>
    fitPictures(imageClassifier({ ...small, epochs: 15 }), pictures),
  );
  return fitted;
}

test('circles, squares and rings are told apart wherever they are, in whatever colour', async () => {
  const model = await shapes();
  // Chance is 1/3; seeds end from 0.95 to 1.
  assert.ok((await accuracyOf(model)) > 0.85, String(await accuracyOf(model)));
  assert.deepEqual(model.classes, ['circle', 'ring', 'square']);
  assert.deepEqual([model.shape, model.nIter, model.summary.rows], [[3, 16, 16], 15, 270]);
  assert.ok(model.lossCurve.at(-1)! < model.lossCurve[0]! / 2);
});

test('residual blocks learn the same, with classes laid over one another and smoothed', async () => {
  const pictures = await shapePictures({ circle: 50, square: 50, ring: 50 });
  const options = { ...small, preset: 'residual', epochs: 14, labelSmoothing: 0.05 } as const;
  const model = await fitPictures(
    imageClassifier({ ...options, augmentation: { shift: 0.1, flip: 'both', mixup: 0.2 } }),
    pictures,
  );
  assert.ok((await accuracyOf(model)) > 0.8, String(await accuracyOf(model)));
});

test('the same seed gives the same bits on any number of threads, another seed others', async () => {
  const pictures = await shapePictures({ circle: 20, ring: 21 });
  const weightsOf = async (threads: number, randomState = 3) => {
    const options = { ...small, epochs: 2, augmentation: 'strong', balance: 0.5, randomState } as const;
    const { state } = await fitPictures(imageClassifier(options), pictures, { threads });
    return state;
  };
  const one = await weightsOf(1);
  assert.deepEqual(await weightsOf(2), one);
  assert.notDeepEqual(await weightsOf(1, 4), one);
});

test('a saved model says the same of files and remembers their format', async (t) => {
  const folder = await folderFor(t);
  const model = await shapes();
  const file = join(folder, 'circle.svg');
  await writeFile(file, shapeSvg('circle', new RandomState(5)));
  const before = await predictPictures(model, [file]);
  await saveModel(model, join(folder, 'shapes.heddle'));
  const loaded = (await loadModel(join(folder, 'shapes.heddle'))) as FittedImageClassifier;
  assert.deepEqual(await predictPictures(loaded, [file]), before);
  assert.deepEqual(pictureFormat(loaded), model.format);
  assert.equal(before.labels[0], 'circle');
});

test('early stopping ends without a better loss of pictures held out, and keeps what was best for them', async () => {
  const pictures = await shapePictures({ circle: 40, ring: 40 });
  const validation = await shapePictures({ circle: 20, ring: 20 }, { seed: 4 });
  const options = { ...small, epochs: 30, nIterNoChange: 3, schedule: 'constant' } as const;
  const model = await fitPictures(imageClassifier(options), pictures, { validation });
  const curve = [...model.validationLossCurve];
  assert.equal(curve.length, model.nIter);
  const best = Math.min(...curve);
  assert.ok(model.nIter === 30 || model.nIter - 1 - curve.indexOf(best) <= 4);
  const { probabilities } = await predictPictures(model, validation);
  const loss = validation.labels!.reduce(
    (sum, label, i) => sum - Math.log(probabilities.at(i, model.classes.indexOf(label))) / validation.count,
    0,
  );
  // Both of the same float32 scores; one takes logarithms in float32.
  assert.ok(Math.abs(loss - best) <= 1e-5 + 1e-4 * best, `${loss} against ${best}`);
  const own = await fitPictures(imageClassifier({ ...small, epochs: 2, earlyStopping: true }), pictures);
  assert.equal(own.validationLossCurve.length, 2);
});

test('classes shown evenly keep probabilities of the shares in which they came', async () => {
  const pictures = await shapePictures({ circle: 90, ring: 10 });
  // Nothing but noise to tell them apart: the mean of what is predicted must be near the share.
  const random = new RandomState(2);
  for (let i = 0; i < pictures.pixels.length; i++) pictures.pixels[i] = random.randint(256);
  const options = { ...small, epochs: 3, balance: 1, augmentation: 'none', learningRate: 1e-3 } as const;
  const model = await fitPictures(imageClassifier(options), pictures);
  const { probabilities } = await predictPictures(model, pictures);
  const share = probabilities.column(1).reduce((sum, value) => sum + value, 0) / 100;
  // Shown half and half, an uncorrected mean is near 1/2.
  assert.ok(share > 0.02 && share < 0.3, String(share));
});

test('the picture of a unit excites it more than what it begins from', async () => {
  const model = await shapes();
  const tiles = await maximizeActivations(model, { units: [0, 3, 5], steps: 30 });
  const begun = await maximizeActivations(model, { units: [0, 3, 5], steps: 1 });
  assert.equal(tiles.length, 3);
  assert.deepEqual(tiles[0]!.shape, [3, 16, 16]);
  assert.ok(tiles.every(({ values }) => Array.from(values).every((value) => value >= 0 && value <= 1)));
  const spread = ({ values }: { values: ArrayLike<number> }) =>
    Math.max(...Array.from(values)) - Math.min(...Array.from(values));
  assert.ok(tiles.every((tile, i) => spread(tile) > spread(begun[i]!)));
  await assert.rejects(maximizeActivations(model, { units: [99] }), {
    code: 'option/invalid',
    message: /99/,
  });
  await assert.rejects(maximizeActivations(model, { layer: 99 }), { code: 'option/invalid', message: /99/ });
});

test('the heat over a picture lies where the shape is', async () => {
  const model = await shapes();
  const random = new RandomState(3);
  for (const [x, y] of [
    [14, 14],
    [50, 50],
  ] as const) {
    const picture = await decodePicture(shapeSvg('ring', random, [x, y]), model.format!);
    const { heat, label, probability, overlay } = await gradCam(model, picture, { label: 'ring' });
    assert.deepEqual([heat.length, label, overlay.shape], [256, 'ring', [3, 16, 16]]);
    assert.ok(probability > 0.5);
    let [own, all] = [0, 0];
    for (const [p, value] of heat.entries()) {
      const isNear = p % 16 < 8 === x < 32 && p < 128 === y < 32;
      all += value;
      if (isNear) own += value;
    }
    assert.ok(own / all > 0.5, `${own / all} of the heat in the quarter of the ring`);
  }
  await assert.rejects(gradCam(model, new Uint8Array(768), { label: 'cat' }), {
    message: /'cat' is not among/,
  });
});

test('filters of the first layer are pictures of their own size', async () => {
  const filters = firstLayerFilters(await shapes());
  assert.equal(filters.length, 8);
  assert.deepEqual(filters[0]!.shape, [3, 3, 3]);
  for (const { values } of filters) {
    const extremes = [Math.min(...Array.from(values)), Math.max(...Array.from(values))];
    assert.ok(extremes[0]! >= 0 && extremes[1]! <= 1 && (extremes[0] === 0 || extremes[1] === 1));
  }
});

test('dense layers learn from a frozen network of a file, which goes with the model', async (t) => {
  const folder = await folderFor(t);
  const graph = new OnnxGraph();
  const input = graph.input('pixels', 'float32', ['rows', 3, 16, 16]);
  const random = new RandomState(1);
  const filters = Float32Array.from({ length: 12 * 3 * 9 }, () => 0.3 * random.standardNormal());
  const convolved = graph.node('Relu', [graph.node('Conv', [input, graph.constant(filters, [12, 3, 3, 3])])]);
  const pooled = graph.node('MaxPool', [convolved], { kernel_shape: [4, 4], strides: [4, 4] });
  graph.output('features', graph.node('Flatten', [pooled]), 'float32', ['rows', 108]);
  const file = join(folder, 'backbone.onnx');
  await writeFile(file, await writeOnnx(graph));
  const pictures = await shapePictures({ circle: 60, square: 60, ring: 60 });
  const options = {
    ...small,
    preset: 'backbone',
    backbone: file,
    backboneScale: 'unit',
    epochs: 25,
  } as const;
  const model = await fitPictures(imageClassifier(options), pictures);
  assert.ok((await accuracyOf(model)) > 0.6, String(await accuracyOf(model)));
  await saveModel(model, join(folder, 'model.heddle'));
  await writeFile(file, 'gone');
  const loaded = (await loadModel(join(folder, 'model.heddle'))) as FittedImageClassifier;
  const held = await shapePictures({ ring: 3 }, { seed: 2 });
  assert.deepEqual(await predictPictures(loaded, held), await predictPictures(model, held));
  await assert.rejects(maximizeActivations(model), { code: 'model/no-explanation' });
  await assert.rejects(fitPictures(imageClassifier(options), pictures), { name: 'FileError' });
});

test('unfit options and pictures are refused by name', async () => {
  assert.throws(() => imageClassifier({ preset: 'backbone' }), { message: /needs the option backbone/ });
  assert.throws(() => imageClassifier({ backbone: 'x.onnx' }), { message: /belongs to preset/ });
  assert.throws(() => imageClassifier({ augmentation: { rotate: 200 } as never }), {
    code: 'option/invalid',
  });
  const pictures = await shapePictures({ circle: 4 });
  await assert.rejects(fitPictures(imageClassifier(), pictures), {
    code: 'data/one-class',
    message: /circle/,
  });
  const rows = [new Float64Array(12), new Float64Array(12).fill(1)];
  await assert.rejects(imageClassifier({ shape: [3, 3, 3] }).fit(rows, ['a', 'b']), {
    code: 'data/column-count',
    message: /27 numbers, but x has 12/,
  });
  rows[1]![3] = Number.NaN;
  await assert.rejects(imageClassifier().fit(rows, ['a', 'b']), { code: 'data/missing-value' });
  const model = await shapes();
  await assert.rejects(predictPictures(model, await shapePictures({ ring: 1 }, { size: 8 })), {
    code: 'data/column-count',
  });
});

test('a batch larger than the data is all of them, and a learning rate of a million ends in finite numbers or says where', async () => {
  const pictures = await shapePictures({ circle: 5, ring: 4 });
  const model = await fitPictures(imageClassifier({ ...small, epochs: 2, batchSize: 512 }), pictures);
  assert.equal(model.nIter, 2);
  const wild = imageClassifier({ ...small, epochs: 5, learningRate: 1e6, warmup: 0 });
  try {
    const { probabilities } = await predictPictures(await fitPictures(wild, pictures), pictures);
    assert.ok(probabilities.data.every(Number.isFinite));
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'train/not-finite');
  }
});

test('a fit stops when it is told to', async () => {
  const pictures = await shapePictures({ circle: 20, ring: 20 });
  const controller = new AbortController();
  const fit = fitPictures(imageClassifier({ ...small, epochs: 500 }), pictures, {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(fit, { name: 'AbortError' });
});

test('a training that was interrupted goes on from its checkpoint to the bits of one that was not', async (t) => {
  const folder = await folderFor(t);
  const pictures = await shapePictures({ circle: 30, ring: 31 });
  const options = {
    ...small,
    epochs: 6,
    augmentation: 'strong',
    balance: 0.5,
    picturesPerEpoch: 40,
  } as const;
  for (const held of [{}, { earlyStopping: true, validationFraction: 0.2 }]) {
    const specification = imageClassifier({ ...options, ...held });
    const whole = await fitPictures(specification, pictures);
    const checkpoint = { path: join(folder, `state-${Object.keys(held).length}`), every: 2 };
    const abort = new AbortController();
    // On a fast machine it may be done before it is told to stop.
    const onProgress = () => abort.abort();
    await fitPictures(specification, pictures, { checkpoint, signal: abort.signal, onProgress }).catch(
      () => {},
    );
    const resumed = await fitPictures(specification, pictures, { checkpoint });
    assert.deepEqual(resumed.state, whole.state);
    // What has ended is there at once; of other pictures it is not.
    assert.deepEqual((await fitPictures(specification, pictures, { checkpoint })).state, whole.state);
    const others = await shapePictures({ circle: 30, ring: 31 }, { seed: 1 });
    await assert.rejects(fitPictures(specification, others, { checkpoint }), { code: 'file/other-training' });
  }
});
