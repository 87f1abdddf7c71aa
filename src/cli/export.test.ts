import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { dummyClassifier } from '../models/dummy/dummy-classifier.ts';
import { kMeans } from '../models/k-means/k-means.ts';
import { saveModel } from '../store/model-file.ts';
import { openOnnxSession } from '../tensor/onnx/onnx-session.ts';
import { readOnnx } from '../tensor/onnx/read-onnx.ts';
import { csv, folderOf, heddle, houses } from './run.fixture.ts';

const flowers = {
  length: [1.4, 1.3, '', 4.5, 1.5, 4.9, 1.2, 4.4, 1.6, 5.1],
  colour: ['white', 'white', 'red', 'red', 'white', 'red', '', 'red', 'white', 'red'],
  kind: ['setosa', 'setosa', 'other', 'other', 'setosa', 'other', 'setosa', 'other', 'setosa', 'other'],
};

async function trained(t: TestContext, table: string, target: string, ...flags: string[]) {
  const folder = folderOf(t);
  const model = folder.path('m.heddle');
  const data = folder.file('data.csv', table);
  const { code, stderr } = await heddle('train', data, '--target', target, '--out', model, ...flags);
  assert.equal(code, 0, stderr);
  return { ...folder, model, data };
}

test('a trained table model becomes one graph from raw columns, text and gaps included, to the same predictions', async (t) => {
  const { model, path, data } = await trained(t, csv(flowers), 'kind', '--model', 'logistic-regression');
  const { code, json } = await heddle('export', model, '--onnx', path('m.onnx'), '--json');
  assert.equal(code, 0);
  assert.deepEqual([json.kind, json.precision, json.file], ['classifier', 'float64', path('m.onnx')]);
  const ports = (list: { name: string; element: string }[]) =>
    list.map(({ name, element }) => `${name} ${element}`);
  assert.deepEqual(ports(json.inputs), ['length float64', 'colour string']);
  assert.deepEqual(ports(json.outputs), ['label string', 'probabilities float64']);
  const bytes = readFileSync(path('m.onnx'));
  assert.equal(bytes.length, json.bytes);
  const { metadata, producer } = await readOnnx(bytes);
  assert.deepEqual([producer.name, metadata['heddle.target']], ['heddle', '["kind"]']);
  assert.equal(metadata['heddle.classes'], '["other","setosa"]');
  const { json: expected } = await heddle('predict', model, data, '--json');
  const session = await openOnnxSession(bytes);
  const dims = [10, 1];
  const lengths = Float64Array.from(flowers.length, (cell) => (cell === '' ? Number.NaN : Number(cell)));
  const found = await session.run({
    length: { element: 'float64', dims, data: lengths },
    colour: { element: 'string', dims, data: flowers.colour },
  });
  assert.deepEqual(found.label!.data, expected.predictions);
  // Rounding errors of a few sums.
  for (const [i, p] of (found.probabilities!.data as Float64Array).entries())
    assert.ok(Math.abs(p - expected.probabilities.flat()[i]) < 1e-14);
});

test('people see size, precision, inputs and outputs', async (t) => {
  const { model, path } = await trained(t, houses, '售价', '--model', 'ridge');
  const { code, stdout } = await heddle('export', model, '--onnx', path('m.onnx'));
  assert.equal(code, 0);
  assert.match(stdout, /^pipeline-regressor in .*m\.onnx \(\d\.\d kB, float64\)\n/);
  assert.match(stdout, /^ {2}input {3}面积 +float64 {2}\[rows, 1\]$/m);
  assert.match(stdout, /^ {2}output {2}prediction {2}float64 {2}\[rows, 1\]$/m);
});

test('models of any kind are exported; one that has no ONNX form says why and leaves no file', async (t) => {
  const { path } = folderOf(t);
  const x = Frame.fromColumns({ a: [1, 2, 8, 9] });
  await saveModel(await kMeans({ nClusters: 2 }).fit(x), path('k.heddle'));
  const { json } = await heddle('export', path('k.heddle'), '--onnx', path('k.onnx'), '--json');
  assert.deepEqual(json.outputs, [{ name: 'cluster', element: 'int64', shape: ['rows'] }]);
  const drawn = await dummyClassifier({ strategy: 'uniform' }).fit(x, ['a', 'b', 'a', 'b']);
  await saveModel(drawn, path('d.heddle'));
  const { code, stdout, stderr } = await heddle('export', path('d.heddle'), '--onnx', path('d.onnx'));
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /dummy-classifier cannot be written as ONNX: with strategy 'uniform' classes are drawn/,
  );
  assert.ok(!existsSync(path('d.onnx')));
});

test('help names the flags and how columns become inputs', async () => {
  const { stdout } = await heddle('export', '--help');
  assert.match(stdout, /Usage: heddle export MODEL/);
  assert.match(stdout, /--onnx FILE +The ONNX file to write/);
  assert.match(stdout, /milliseconds since 1970/);
});

test('a missing flag, model or folder is one line that says what to do', async (t) => {
  const { path } = folderOf(t);
  assert.match((await heddle('export', 'm.heddle')).stderr, /export needs --onnx FILE/);
  assert.match(
    (await heddle('export', path('no.heddle'), '--onnx', path('m.onnx'))).stderr,
    /there is no such file/,
  );
  const { stderr } = await heddle('export', path('no.heddle'), '--onnx', path('no/m.onnx'));
  assert.match(stderr, /the folder it should go into does not exist/);
});
