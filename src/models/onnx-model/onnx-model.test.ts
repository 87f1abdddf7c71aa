import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { OnnxElement } from '../../define/onnx.ts';
import { columnTransformer } from '../../prepare/column-transformer/column-transformer.ts';
import { oneHotEncoder } from '../../prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../../prepare/simple-imputer/simple-imputer.ts';
import { standardScaler } from '../../prepare/standard-scaler/standard-scaler.ts';
import { loadModel, saveModel } from '../../store/model-file.ts';
import { exportOnnx } from '../../tensor/onnx/export-onnx.ts';
import { OnnxGraph, type OnnxShape } from '../../tensor/onnx/onnx-graph.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { writeOnnx } from '../../tensor/onnx/write-onnx.ts';
import { logisticRegression } from '../logistic-regression/logistic-regression.ts';
import { ridge } from '../ridge/ridge.ts';
import { importOnnx } from './import-onnx.ts';
import { onnxClassifier } from './onnx-classifier.ts';
import { onnxRegressor } from './onnx-regressor.ts';
import { onnxTransformer } from './onnx-transformer.ts';

function folderOf(t: TestContext): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-onnx-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** A file with one input; `build` adds the outputs. */
async function fileOf(
  element: OnnxElement,
  shape: OnnxShape,
  build: (graph: OnnxGraph, x: string) => void,
  metadata: Record<string, string> = {},
): Promise<Uint8Array> {
  const graph = new OnnxGraph();
  build(graph, graph.input('input', element, shape));
  return writeOnnx(graph, { metadata });
}

/** Sum of each row of three float32 numbers. */
const sums = (rows: number | string = 'n', output: OnnxShape = ['n', 1]) =>
  fileOf('float32', [rows, 3], (graph, x) => {
    const sum = graph.node('ReduceSum', [x, graph.constant([1])], { keepdims: output.length - 1 });
    graph.output('variable', sum, 'float32', output);
  });

/** Probabilities of three classes as softmax of a row. */
const softmax = (metadata = {}, name = 'probabilities') =>
  fileOf(
    'float32',
    ['n', 3],
    (graph, x) => graph.output(name, graph.node('Softmax', [x], { axis: 1 }), 'float32', ['n', 3]),
    metadata,
  );

const x = Frame.fromColumns({
  size: [1, null, 3, 8, 5, 6],
  colour: ['red', 'blue', null, 'blue', 'red', 'red'],
});
const prepare = columnTransformer({
  transformers: [
    { name: 'numbers', columns: ['size'], transformer: pipeline(simpleImputer(), standardScaler()) },
    { name: 'text', columns: ['colour'], transformer: oneHotEncoder() },
  ],
});

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `place ${i}: ${actual[i]} ≠ ${expected[i]}`);
}

test('an exported regressor comes back: columns, kinds, missing cells and predictions', async () => {
  const model = await pipeline(prepare, ridge({ alpha: 0.1 })).fit(x, [1, 2, 3, 4, 5, 7]);
  const { bytes } = await exportOnnx(model as FittedModel);
  const imported = await importOnnx(bytes);
  assert.equal(imported.kind, 'regressor');
  assert.deepEqual(imported.schema, { columns: 2, names: ['size', 'colour'], kinds: ['number', 'string'] });
  // Rounding errors of a few sums.
  assertClose((await imported.predict(x)) as Float64Array, await model.predict(x), 1e-14);
  const record = [{ colour: 'blue', size: 8, other: 1 }];
  assertClose((await imported.predict(record)) as Float64Array, await model.predict(record), 1e-14);
  await assert.rejects(imported.predict([{ size: 1 }]), { code: 'data/missing-column', message: /'colour'/ });
});

test('an exported classifier comes back with its classes, and lives on in a file of its own', async (t) => {
  const path = folderOf(t);
  const labels = ['Ünicorn', 'dog', '猫', 'dog', '猫', 'Ünicorn'];
  const model = await pipeline(prepare, logisticRegression()).fit(x, labels);
  writeFileSync(path('m.onnx'), (await exportOnnx(model as FittedModel)).bytes);
  const imported = await importOnnx(path('m.onnx'), { kind: 'classifier' });
  rmSync(path('m.onnx'));
  assert.deepEqual(imported.classes, model.classes);
  await saveModel(imported, path('m.heddle'));
  const loaded = await loadModel(path('m.heddle'));
  assert.ok(loaded.kind === 'classifier');
  assert.deepEqual(await loaded.predict(x), await model.predict(x));
  assertClose((await loaded.predictProba(x)).data, (await model.predictProba(x)).data, 1e-14);
});

test('a graph of another program in float32, with a fixed number of rows or none', async () => {
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [0, 0, 1],
    [1, 1, 1],
  ];
  for (const bytes of [await sums(), await sums(1), await sums(2), await sums('n', ['n'])]) {
    const model = await importOnnx(bytes, { kind: 'regressor' });
    assert.deepEqual(Array.from(await model.predict(rows)), [6, 15, 24, 1, 3]);
    assert.deepEqual(Array.from(await model.predict(Frame.fromColumns({ a: [1], b: [2], c: [3] }))), [6]);
    await assert.rejects(model.predict([[1, 2]]), { code: 'data/column-count' });
  }
});

test('many rows go through in pieces, with the same bits on any threads, and can be stopped', async () => {
  const model = await importOnnx(await sums(), { kind: 'regressor' });
  const many = new Matrix({
    rows: 10_000,
    columns: 3,
    data: Float64Array.from({ length: 30_000 }, (_, i) => i % 11),
  });
  const expected = Float64Array.from({ length: 10_000 }, (_, i) => many.row(i).reduce((a, b) => a + b, 0));
  for (const threads of [1, 3])
    assert.deepEqual(Float64Array.from(await model.predict(many, { threads })), expected);
  await assert.rejects(model.predict(many, { signal: AbortSignal.abort() }), { code: 'job/aborted' });
});

test('pictures go in as rows and features come out flat', async () => {
  const bytes = await fileOf('float32', ['n', 2, 4, 4], (graph, image) => {
    graph.output(
      'pooled',
      graph.node('MaxPool', [image], { kernel_shape: [2, 2], strides: [2, 2] }),
      'float32',
      ['n', 2, 2, 2],
    );
  });
  const model = await importOnnx(bytes);
  assert.ok(model.kind === 'transformer');
  const image = Array.from({ length: 32 }, (_, i) => i);
  const features = (await model.transform([image])) as Matrix;
  assert.deepEqual(features.toRows(), [[5, 7, 13, 15, 21, 23, 29, 31]]);
  assert.deepEqual(
    model.featureNamesOut,
    Array.from({ length: 8 }, (_, k) => `onnx${k}`),
  );
});

test('a frozen step of a pipeline is fitted with it, saved with it, and written as one graph with it', async (t) => {
  const path = folderOf(t);
  const doubled = await fileOf('float64', ['n', 'p'], (graph, input) => {
    graph.output('features', graph.node('Mul', [input, graph.scalar(2)]), 'float64', ['n', 'p']);
  });
  writeFileSync(path('features.onnx'), doubled);
  const steps = { frozen: onnxTransformer({ file: path('features.onnx') }), model: ridge({ alpha: 0 }) };
  const numbers = Frame.fromColumns({ a: [1, 2, 4, 7], b: [0, 1, 1, 5] });
  const model = await pipeline(steps).fit(numbers, [3, 5, 9, 15]);
  rmSync(path('features.onnx'));
  assertClose(await model.predict(numbers), [3, 5, 9, 15], 1e-9);
  await saveModel(model, path('m.heddle'));
  const loaded = await loadModel(path('m.heddle'));
  assert.deepEqual(await (loaded as unknown as typeof model).predict(numbers), await model.predict(numbers));
  const { prediction } = await runExported(model as FittedModel, numbers);
  assertClose(prediction as number[], await model.predict(numbers), 1e-12);
});

test('a file of another operator set cannot become part of a graph, and says so', async () => {
  const model = await importOnnx(await sums(2), { kind: 'regressor' });
  await assert.rejects(exportOnnx(model as FittedModel), {
    code: 'onnx/unsupported',
    message: /onnx-regressor cannot be written as ONNX: its file takes 2 rows at a time/,
  });
  const float = await exportOnnx((await importOnnx(await sums(), { kind: 'regressor' })) as FittedModel);
  assert.equal(float.precision, 'float32');
});

test('classes are those of the file, those given, or numbers', async () => {
  const rows = [
    [9, 0, 0],
    [0, 0, 9],
  ];
  const numbered = await importOnnx(await softmax());
  assert.ok(numbered.kind === 'classifier');
  assert.deepEqual(await numbered.predict(rows), [0, 2]);
  const named = await importOnnx(await softmax(), { kind: 'classifier', classes: ['z', 'b', 'a'] });
  assert.deepEqual(
    [await named.predict(rows), named.classes],
    [
      ['z', 'a'],
      ['a', 'b', 'z'],
    ],
  );
  const first = (await named.predictProba(rows)).row(0);
  assert.ok(first[2]! > 0.99 && first[0]! < 0.01);
  const said = await importOnnx(await softmax({ 'heddle.classes': '["p","q","r"]' }));
  assert.ok(said.kind === 'classifier');
  assert.deepEqual(await said.predict(rows), ['p', 'r']);
  // As skl2onnx writes them.
  const linear = await fileOf('float32', ['n', 3], (graph, input) => {
    const [label, scores] = graph.nodes('ai.onnx.ml.LinearClassifier', [input], 2, {
      coefficients: { floats: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
      intercepts: { floats: [0, 0, 0] },
      classlabels_strings: ['low', 'mid', 'high'],
      post_transform: 'SOFTMAX',
    });
    graph.output('label', label!, 'string', ['n']);
    graph.output('probabilities', scores!, 'float32', ['n', 3]);
  });
  const listed = await importOnnx(linear);
  assert.ok(listed.kind === 'classifier');
  assert.deepEqual(
    [await listed.predict(rows), listed.classes],
    [
      ['low', 'high'],
      ['high', 'low', 'mid'],
    ],
  );
  assert.ok((await listed.predictProba(rows)).at(0, 1) > 0.99);
  await assert.rejects(importOnnx(await softmax(), { kind: 'classifier', classes: ['a', 'b'] }), {
    code: 'option/invalid',
    message: /3 numbers a row, but there are 2 classes/,
  });
});

test('one probability is that of the second class; labels alone do without', async () => {
  const sigmoid = await fileOf('float32', ['n', 1], (graph, input) =>
    graph.output('p', graph.node('Sigmoid', [input]), 'float32', ['n', 1]),
  );
  const binary = await importOnnx(sigmoid, {
    kind: 'classifier',
    classes: ['no', 'yes'],
    positiveClass: 'no',
  });
  assert.deepEqual([await binary.predict([[9], [-9]]), binary.positiveClass], [['yes', 'no'], 'no']);
  const labels = await fileOf('float32', ['n', 2], (graph, input) => {
    const codes = graph.node('ArgMax', [input], { axis: 1, keepdims: 0 });
    graph.output('label', graph.node('Gather', [graph.constant(['猫', 'dog']), codes]), 'string', ['n']);
  });
  const only = await importOnnx(labels, { kind: 'classifier', classes: ['猫', 'dog'] });
  assert.deepEqual(
    await only.predict([
      [1, 0],
      [0, 1],
    ]),
    ['猫', 'dog'],
  );
  await assert.rejects(only.predictProba([[1, 0]]), { code: 'model/no-method', message: /predictProba/ });
  const wrong = await importOnnx(labels, { kind: 'classifier', classes: ['cat', 'dog'] });
  await assert.rejects(wrong.predict([[1, 0]]), { code: 'onnx/unexpected-output', message: /class "猫"/ });
});

test('a fit on other classes than those of the file is refused with both', async (t) => {
  const file = folderOf(t)('m.onnx');
  writeFileSync(file, await softmax());
  const specification = onnxClassifier({ file, classes: ['a', 'b', 'c'] });
  const rows = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  assert.deepEqual(await (await specification.fit(rows, ['c', 'b', 'a'])).predict(rows), ['a', 'b', 'c']);
  await assert.rejects(specification.fit(rows, ['a', 'b', 'x']), {
    code: 'data/other-classes',
    message: /"x"/,
  });
});

test('what must be said is asked for, with what there is to choose from', async () => {
  const two = await fileOf('float32', ['n', 'p'], (graph, input) => {
    graph.output('mean', graph.node('ReduceMean', [input, graph.constant([1])]), 'float32', ['n', 1]);
    graph.output('most', graph.node('ReduceMax', [input, graph.constant([1])]), 'float32', ['n', 1]);
  });
  const refused = (bytes: Uint8Array, options: object, code: string, message: RegExp) =>
    assert.rejects(importOnnx(bytes, options), { code, message });
  await refused(two, { columns: 2 }, 'option/required', /kind: 'regressor'/);
  await refused(two, { kind: 'regressor' }, 'option/required', /how many columns its input 'input' takes/);
  await refused(
    two,
    { kind: 'regressor', columns: 2 },
    'option/required',
    /'mean' \(float32 \[n, 1\]\), 'most'/,
  );
  await refused(
    two,
    { kind: 'regressor', columns: 2, output: 'least' },
    'option/invalid',
    /no output 'least'/,
  );
  const most = await importOnnx(two, { kind: 'regressor', columns: ['a', 'b'], output: 'most' });
  assert.deepEqual(Array.from(await most.predict([{ b: 1, a: 2 }])), [2]);
  await refused(two, { colums: 2 }, 'option/unknown', /no option 'colums'/);
  await refused(two, { kind: 'clusterer' }, 'option/invalid', /option 'kind' cannot be "clusterer"/);
  await refused(two, { threads: 0 }, 'option/invalid', /option 'threads' cannot be 0/);
  await refused(await sums(), { columns: 4 }, 'option/invalid', /takes 3 columns, but columns says 4/);
});

test('a file that is none, one that the runtime does not know and one without numbers are refused', async (t) => {
  const path = folderOf(t);
  await assert.rejects(importOnnx(path('no.onnx')), { code: 'file/not-found' });
  writeFileSync(path('text.onnx'), 'not a model');
  await assert.rejects(importOnnx(path('text.onnx')), { code: 'file/not-onnx', message: /text\.onnx/ });
  const unknown = await fileOf('float32', ['n', 3], (graph, input) =>
    graph.output('y', graph.node('Frobnicate', [input]), 'float32', ['n', 1]),
  );
  await assert.rejects(importOnnx(unknown), { code: 'file/unfit-model', message: /Frobnicate/ });
  const text = await fileOf('float32', ['n', 1], (graph, input) =>
    graph.output('y', graph.node('Cast', [input], { to: 8 }), 'string', ['n', 1]),
  );
  await assert.rejects(importOnnx(text, { kind: 'regressor' }), {
    code: 'file/unfit-model',
    message: /no output that could be predictions/,
  });
  const image = await fileOf('float32', ['n', 3], (graph, input) => {
    graph.input('mask', 'float32', ['n', 5]);
    graph.output('y', graph.node('Neg', [input]), 'float32', ['n', 3]);
  });
  await assert.rejects(importOnnx(image), {
    message: /'input' takes rows of 3 numbers; of several inputs each must take one column/,
  });
});

test('a damaged state does not run under the name of another', async () => {
  const model = await importOnnx(await sums(), { kind: 'regressor' });
  const state = { ...model.state, bytes: Uint8Array.from(await softmax()), digest: 'f'.repeat(64) };
  const { schema, target, summary } = model;
  const damaged = onnxRegressor({ file: 'm.onnx' }).restore({ schema, target, summary, state });
  await assert.rejects(damaged.predict([[1, 2, 3]]), { code: 'file/checksum' });
});

test('without onnxruntime-node the error says how to install it', () => {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name === 'onnxruntime-node') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    } });
    const { openOnnxSession } = await import(${url('../../tensor/onnx/onnx-session.ts')});
    await openOnnxSession(new Uint8Array(3)).catch((error) => console.log(error.name, error.code, error.message));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  assert.match(stdout, /^DependencyError dependency\/onnxruntime .*npm install onnxruntime-node/, stderr);
});
