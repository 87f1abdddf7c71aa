import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { FileError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { draw } from '../../math/trees/trees.fixture.ts';
import { decisionTreeRegressor } from '../decision-tree/decision-tree-regressor.ts';
import { shapValues } from '../tree-explanations/shap-values.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';
import { parseLightgbm } from './lightgbm-text.ts';
import { type LightgbmModel, readLightgbm } from './read-lightgbm.ts';
import { lightgbmText, writeLightgbm } from './write-lightgbm.ts';

/** What parity/lightgbm_text.py writes. */
interface Fixture {
  readonly cases: readonly {
    readonly name: string;
    readonly text: string;
    readonly x: readonly (readonly (number | null)[])[];
    readonly predicted: readonly (number | readonly number[])[];
  }[];
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/lightgbm-text.json', import.meta.url), 'utf8'),
) as Fixture;
const textOf = (name: string) => cases.find((one) => one.name === name)!.text;

const folder = mkdtempSync(join(tmpdir(), 'heddle-lightgbm-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'model.txt');

function read(text: string, options = {}): Promise<LightgbmModel> {
  writeFileSync(path, text);
  return readLightgbm(path, options);
}

/** Values, or the probability of each class but, of two, the first. */
async function predictionsOf(model: LightgbmModel, x: Matrix): Promise<number[]> {
  if (!('predictProba' in model)) return Array.from((await model.predict(x)) as Float64Array);
  const shares = await model.predictProba(x);
  return shares.columns === 2 ? Array.from(shares.column(1)) : Array.from(shares.data);
}

for (const { name, text, x, predicted } of cases) {
  test(`a model of LightGBM predicts here as there: ${name}`, async () => {
    const wanted = predicted.flat() as number[];
    const model = await read(text);
    const found = await predictionsOf(model, Matrix.fromRows(x, model.schema.names));
    assert.equal(found.length, wanted.length);
    for (const [i, value] of found.entries()) {
      // Sums of a few leaves, and one exponential.
      assert.ok(
        Math.abs(value - wanted[i]!) <= 1e-13 * Math.max(1, Math.abs(wanted[i]!)),
        `${i}: ${value} ≠ ${wanted[i]}`,
      );
    }
  });
}

test('columns keep their names, classes get those that are given, and the model is explained like any other', async () => {
  const houses = await read(textOf('regression'));
  assert.deepEqual(houses.schema.names, ['area', 'rooms', 'year', 'quality']);
  const { names, outputs } = await shapValues(houses, [{ area: 1, rooms: -1, year: 0, quality: 2 }]);
  assert.deepEqual([names.length, outputs.length], [4, 1]);
  const named = await read(textOf('three classes'), { classes: ['low', 'middle', 'high'] });
  assert.ok(['low', 'middle', 'high'].includes(String((await named.predict([[3, 0, 0, 0]]))[0])));
  await assert.rejects(read(textOf('two classes'), { classes: ['a'] }), {
    code: 'option/invalid',
    message: /2 classes/,
  });
  assert.equal((await read(textOf('quantile'))).specification.options.loss, 'quantile');
});

// The parity script loads what is written with LightGBM and compares; --test-update-snapshots writes it anew.
test('what is written is what LightGBM was seen to load', async (t) => {
  const written: string[] = [];
  for (const { text } of cases) written.push(await lightgbmText(await read(text)));
  const file = fileURLToPath(new URL('../../../parity/fixtures/lightgbm-written.txt', import.meta.url));
  t.assert.fileSnapshot(written.join('\n=====\n'), file, { serializers: [(text) => `${text}\n`] });
});

test('models of heddle come back from their text with the same predictions', async () => {
  const { x, y, classes } = draw(41, { rows: 500, missing: 0.1 });
  const options = { nEstimators: 6 };
  const models = [
    await gradientBoostingRegressor(options).fit(x, y),
    await gradientBoostingRegressor({ ...options, loss: 'gamma' }).fit(x, y),
    await gradientBoostingRegressor({ nEstimators: 0 }).fit(x, y),
    await gradientBoostingClassifier(options).fit(
      x,
      classes.map((c) => Number(c > 0)),
    ),
    await gradientBoostingClassifier(options).fit(x, classes),
  ] as LightgbmModel[];
  for (const model of models) {
    await writeLightgbm(model, path);
    const found = await predictionsOf(await readLightgbm(path), x);
    for (const [i, value] of (await predictionsOf(model, x)).entries()) {
      // The baseline is summed in another order.
      assert.ok(Math.abs(found[i]! - value) < 1e-13 * Math.max(1, value));
    }
  }
  const tree = await decisionTreeRegressor().fit([[1], [2]], [1, 2]);
  await assert.rejects(writeLightgbm(tree, path), { code: 'model/no-method', message: /exportOnnx/ });
  await assert.rejects(readLightgbm(join(folder, 'absent.txt')), { code: 'file/not-found' });
});

test('a large text is read by a worker thread, with the same errors', async () => {
  const { x, y } = draw(42, { rows: 500 });
  const model = await gradientBoostingRegressor({ nEstimators: 150 }).fit(x, y);
  const text = await lightgbmText(model);
  assert.ok(text.length > 200_000);
  const found = await predictionsOf(await read(text), x);
  // The baseline is summed in another order.
  for (const [i, value] of (await model.predict(x)).entries()) assert.ok(Math.abs(found[i]! - value) < 1e-12);
  await assert.rejects(read(text.replace(/leaf_value=\S+/, 'leaf_value=x')), { code: 'file/damaged' });
});

test('damaged and hostile texts are refused, naming what is wrong', async () => {
  const text = textOf('regression');
  const change = (from: RegExp | string, to: string) => {
    const changed = text.replace(from, to);
    assert.notEqual(changed, text);
    return changed;
  };
  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['', 'file/not-lightgbm', /first line/],
    ['{"learner":{}}', 'file/not-lightgbm', /first line/],
    [text.slice(0, 900), 'file/damaged', /cut off/],
    [
      change(/left_child=.*/, 'left_child=0 0 0 0'),
      'file/damaged',
      /leads to 0, which is not there or has another parent/,
    ],
    [change(/left_child=\S+/, 'left_child=1e9'), 'file/damaged', /leads to 1000000000/],
    [change(/right_child=\S+/, 'right_child=-99'), 'file/damaged', /leads to -99/],
    [change(/num_leaves=5/, 'num_leaves=2147483648'), 'file/damaged', /num_leaves of tree 0/],
    [change(/num_leaves=5/, 'num_leaves=2000000000'), 'file/damaged', /leaf_value of tree 0 has 5 numbers/],
    [change(/split_feature=\S+/, 'split_feature=4'), 'file/damaged', /column 4 of 4/],
    [change(/split_feature=\S+/, 'split_feature=-1'), 'file/damaged', /column -1/],
    [change(/leaf_value=\S+/, 'leaf_value=nan'), 'file/damaged', /"nan", not a finite number/],
    [change(/max_feature_idx=3/, 'max_feature_idx=300000000'), 'file/damaged', /names 4 columns/],
    [change(/Tree=1\n/, 'Tree=7\n'), 'file/damaged', /tree 1 is called "7"/],
    [change(/num_cat=0/, 'num_cat=1'), 'file/damaged', /cat_boundaries of tree 0 has 0 numbers/],
    [change(/decision_type=\d+/, 'decision_type=1'), 'file/damaged', /asks for set .* of 0/],
    [change(/is_linear=0/, 'is_linear=1'), 'file/unsupported', /linear models/],
    [change(/decision_type=\d+/, 'decision_type=4'), 'file/unsupported', /zero_as_missing|leads/],
    [change(/objective=.*/, 'objective=multiclassova num_class:3'), 'file/unsupported', /multiclassova/],
    [change(/objective=.*/, 'objective=__proto__'), 'file/unsupported', /__proto__/],
    [change(/objective=.*/, 'objective=multiclass num_class:3'), 'file/unsupported', /with 1 trees/],
  ];
  for (const [content, code, message] of bad) {
    await assert.rejects(
      read(content),
      (error: unknown) => {
        assert.ok(error instanceof FileError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        assert.match(error.message, /model\.txt/);
        return true;
      },
      `${message} is not reported`,
    );
  }
});

test('whatever is changed in a text, it is read or refused with a FileError', () => {
  const text = textOf('two classes');
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.nat(40), fc.string({ maxLength: 12 }), (at, length, put) => {
      try {
        parseLightgbm(text.slice(0, at) + put + text.slice(at + length), 'f');
      } catch (error) {
        assert.ok(error instanceof FileError, String(error));
      }
    }),
    { numRuns: 400 },
  );
});
