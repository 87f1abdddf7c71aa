import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FileError } from '../../core/errors.ts';
import { Frame } from '../../core/frame.ts';
import { shapValues } from '../tree-explanations/shap-values.ts';
import { boostingFixture, drawCategories } from './boosting.fixture.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';
import { parseLightgbm } from './lightgbm-text.ts';
import { readLightgbm } from './read-lightgbm.ts';
import { lightgbmText } from './write-lightgbm.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-lightgbm-categories-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'model.txt');

function read(text: string) {
  writeFileSync(path, text);
  return readLightgbm(path);
}

/** The table of parity/boosting.py with a column of texts. */
function drawTable() {
  const { x, y } = drawCategories(6, 24, 0.1);
  const town = Array.from(x.column(2), (c) =>
    Number.isNaN(c) ? null : `${String.fromCharCode(97 + (c % 26))}${c}`,
  );
  const table = Frame.fromColumns({ size: x.column(0), age: x.column(1), town, kind: x.column(3) });
  return { table, y };
}

test('a model of LightGBM on a table of pandas takes texts here, and predicts the same', async () => {
  const { text, rows, predicted } = boostingFixture.pandas;
  const model = await read(text);
  const found = (await model.predict(rows)) as Float64Array;
  for (const [i, wanted] of predicted.entries()) {
    // Sums of a few leaves.
    assert.ok(Math.abs(found[i]! - wanted) < 1e-13, `${i}: ${found[i]} ≠ ${wanted}`);
    assert.equal((model as { predictRow(row: unknown): number }).predictRow(rows[i]), found[i]);
  }
  // What is in no set goes right, unknown texts as missing ones.
  const [unknown, missing] = await model.predict([
    { ...rows[0], town: 'nowhere' },
    { ...rows[0], town: null },
  ]);
  assert.equal(unknown, missing);
});

test('Shapley values of an imported model with splits by category are those of LightGBM', async () => {
  const { text, contributions, seed, levels } = boostingFixture.cases.find((one) => one.text !== undefined)!;
  const model = await read(text!);
  const { x } = drawCategories(seed, levels);
  const { outputs } = await shapValues(model, x.take(contributions!.map((_, i) => i)));
  for (const [i, row] of contributions!.entries()) {
    for (const [j, wanted] of row.entries()) {
      const found = j < 4 ? outputs[0]!.values.at(i, j) : outputs[0]!.baseValue;
      // Sums over 12 trees in another order.
      assert.ok(Math.abs(found - wanted) < 1e-12, `row ${i}, column ${j}: ${found} ≠ ${wanted}`);
    }
  }
});

// The parity script loads what is written with LightGBM and compares; --test-update-snapshots writes it anew.
test('texts, rare ones and missing ones are written as LightGBM was seen to load them', async (t) => {
  const { table, y } = drawTable();
  const options = { nEstimators: 8, maxBins: 16, maxLeafNodes: 8, catSmooth: 1, minDataPerGroup: 10 };
  const model = await gradientBoostingRegressor(options).fit(table, y);
  const rows = table.take(Array.from({ length: 60 }, (_, i) => i));
  const predicted = await model.predict(rows);
  const text = await lightgbmText(model);
  const file = fileURLToPath(new URL('../../../parity/fixtures/lightgbm-categories.json', import.meta.url));
  t.assert.fileSnapshot({ text, predicted: Array.from(predicted) }, file, {
    serializers: [(value) => `${JSON.stringify(value)}\n`],
  });
  const back = (await (await read(text)).predict(rows)) as Float64Array;
  // The baseline is summed in another order.
  for (const [i, value] of back.entries()) assert.ok(Math.abs(value - predicted[i]!) < 1e-13);
});

test('codes that are whole numbers stay so, other numbers become levels', async () => {
  const { x, y } = drawCategories(7);
  const options = { nEstimators: 4, categoricalFeatures: [2, 3] };
  const plain = await lightgbmText(await gradientBoostingRegressor(options).fit(x, y));
  assert.match(plain, /pandas_categorical:null/);
  for (let i = 0; i < x.rows; i++) x.data[4 * i + 3]! -= 0.5;
  const model = await gradientBoostingRegressor(options).fit(x, y);
  const text = await lightgbmText(model);
  assert.match(text, /pandas_categorical:\[\[0,1,2,.*\],\[-0.5,0.5,1.5\]\]/);
  const back = (await (await read(text)).predict(x)) as Float64Array;
  for (const [i, value] of (await model.predict(x)).entries()) assert.ok(Math.abs(value - back[i]!) < 1e-13);
});

test('damaged and hostile categories are refused', () => {
  const { text } = boostingFixture.pandas;
  const change = (from: RegExp, to: string) => {
    const changed = text.replace(from, to);
    assert.notEqual(changed, text);
    return changed;
  };
  for (const [content, message] of [
    [change(/num_cat=\d+/, 'num_cat=2000000000'), /cat_boundaries of tree 0/],
    [change(/cat_boundaries=0 \d+/, 'cat_boundaries=0 2000000000'), /cat_threshold of tree 0|asks for set 0/],
    [change(/cat_boundaries=0 (\d+)/, 'cat_boundaries=9 $1'), /asks for set 0 of/],
    [change(/cat_threshold=\d+/, 'cat_threshold=nan'), /"nan", not a finite number/],
    [change(/pandas_categorical:.*/, 'pandas_categorical:[["a","a"]]'), /no distinct levels/],
    [change(/pandas_categorical:.*/, 'pandas_categorical:[[{}]]'), /no distinct levels/],
    [change(/pandas_categorical:.*/, 'pandas_categorical:5'), /no list of levels/],
    [change(/pandas_categorical:.*/, 'pandas_categorical:[['), /no JSON/],
  ] as const) {
    assert.throws(
      () => parseLightgbm(content, 'f'),
      (error: unknown) => {
        assert.ok(error instanceof FileError, String(error));
        assert.equal(error.code, 'file/damaged');
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
