import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Matrix } from '../../core/matrix.ts';
import { importOnnx } from './import-onnx.ts';
import { onnxTransformer } from './onnx-transformer.ts';

interface Classified {
  readonly file: string;
  readonly labels: unknown[];
  readonly probabilities: number[][];
}

const fixture: {
  readonly table: Classified & { readonly maps: string; readonly rows: Record<string, unknown>[] };
  readonly x: number[][];
  readonly boosting: { readonly file: string; readonly predictions: number[] };
  readonly forest: Classified;
  readonly pca: { readonly file: string; readonly scores: number[][] };
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/foreign-onnx.json', import.meta.url), 'utf8'));

const bytesOf = (file: string) => new Uint8Array(Buffer.from(file, 'base64'));

/** Numbers about 1 from files that compute in float32, whose unit of rounding is 6e-8. */
const ROUNDING = 2e-6;

function assertClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i]! - value) <= ROUNDING, `place ${i}: ${actual[i]} ≠ ${value}`);
}

test('a pipeline of scikit-learn over numbers and text tells its columns and classes itself', async () => {
  const { file, rows, labels, probabilities } = fixture.table;
  const model = await importOnnx(bytesOf(file));
  assert.ok(model.kind === 'classifier');
  assert.deepEqual(model.schema, { columns: 2, names: ['size', 'colour'], kinds: ['number', 'string'] });
  assert.deepEqual(model.classes, ['no', 'yes']);
  assert.deepEqual(await model.predict(rows), labels);
  assertClose((await model.predictProba(rows)).data, probabilities.flat());
});

test('probabilities as maps are left out, and whoever asks for them is told how to write them', async () => {
  const { maps, rows, labels } = fixture.table;
  const model = await importOnnx(bytesOf(maps), { kind: 'classifier' });
  assert.deepEqual(await model.predict(rows), labels);
  await assert.rejects(model.predictProba(rows), { code: 'model/no-method', message: /zipmap=False/ });
});

test('boosted trees of scikit-learn predict what they did there', async () => {
  const model = await importOnnx(bytesOf(fixture.boosting.file));
  assert.equal(model.kind, 'regressor');
  assertClose((await model.predict(fixture.x)) as Float64Array, fixture.boosting.predictions);
});

test('a forest of scikit-learn knows its classes, which are numbers', async () => {
  const { file, labels, probabilities } = fixture.forest;
  const model = await importOnnx(bytesOf(file));
  assert.ok(model.kind === 'classifier');
  assert.deepEqual(model.classes, [0, 1, 2]);
  assert.deepEqual(await model.predict(fixture.x), labels);
  assertClose((await model.predictProba(fixture.x)).data, probabilities.flat());
});

test('components of scikit-learn are a transformer', async () => {
  const model = await importOnnx(bytesOf(fixture.pca.file));
  assert.ok(model.kind === 'transformer' && onnxTransformer.definition.name === model.specification.name);
  assertClose(((await model.transform(fixture.x)) as Matrix).data, fixture.pca.scores.flat());
});
