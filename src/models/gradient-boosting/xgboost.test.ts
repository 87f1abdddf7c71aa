import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { FileError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { shapValues } from '../tree-explanations/shap-values.ts';
import { readXgboost } from './read-xgboost.ts';
import type { ForeignBooster } from './restore-foreign.ts';
import { parseXgboost } from './xgboost-json.ts';

/** What parity/xgboost_json.py writes. */
const { cases } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/xgboost-json.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly {
    readonly name: string;
    readonly text: string;
    readonly x: readonly (readonly (number | null)[])[];
    readonly predicted: readonly (number | readonly number[])[];
  }[];
};
const textOf = (name: string) => cases.find((one) => one.name === name)!.text;

const folder = mkdtempSync(join(tmpdir(), 'heddle-xgboost-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'model.json');

function read(text: string, options = {}): Promise<ForeignBooster> {
  writeFileSync(path, text);
  return readXgboost(path, options);
}

for (const { name, text, x, predicted } of cases) {
  test(`a model of XGBoost predicts here as there: ${name}`, async () => {
    const model = await read(text);
    const rows = Matrix.fromRows(x, model.schema.names);
    const wanted = predicted.flat() as number[];
    const shares = 'predictProba' in model ? await model.predictProba(rows) : undefined;
    const found =
      shares === undefined
        ? ((await model.predict(rows)) as Float64Array)
        : shares.columns === 2
          ? shares.column(1)
          : shares.data;
    assert.equal(found.length, wanted.length);
    for (const [i, value] of found.entries()) {
      // XGBoost adds leaves in float32: a few units of its last place, of numbers up to the largest score.
      assert.ok(
        Math.abs(value - wanted[i]!) <= 1e-6 * Math.max(1, Math.abs(wanted[i]!)),
        `${i}: ${value} ≠ ${wanted[i]}`,
      );
    }
  });
}

test('columns and classes have their names, and the model explains itself', async () => {
  const model = await read(textOf('two classes'), { classes: ['no', 'yes'] });
  assert.deepEqual(model.schema.names, ['area', 'rooms', '年份', 'code']);
  const { x } = cases.find(({ name }) => name === 'two classes')!;
  const rows = Matrix.fromRows(x, model.schema.names);
  assert.ok(((await model.predict(rows)) as string[]).every((label) => label === 'no' || label === 'yes'));
  assert.equal((await shapValues(model, rows)).outputs[0]!.values.rows, x.length);
  await assert.rejects(read(textOf('three classes'), { classes: ['a', 'b'] }), /must name the 3 classes/);
});

/** The text with another value at a path below `learner`. */
function put(text: string, path: string, value: unknown): string {
  const json = JSON.parse(text);
  const keys = path.split('.');
  const last = keys.pop()!;
  const place = keys.reduce((at, key) => at[key], json.learner);
  place[last] = value;
  return JSON.stringify(json);
}

const first = 'gradient_booster.model.trees.0';
const broken: readonly [string, (text: string) => string, string, RegExp][] = [
  ['another text', () => 'tree\nversion=v4', 'file/not-xgboost', /no JSON model of XGBoost/],
  ['another JSON', () => '{"a":1}', 'file/not-xgboost', /has no "learner"/],
  ['a cut file', (text) => text.slice(0, 900), 'file/not-xgboost', /no JSON model/],
  [
    'a linear booster',
    (text) => put(text, 'gradient_booster', { name: 'gblinear', model: { weights: [] } }),
    'file/unsupported',
    /booster 'gblinear'/,
  ],
  [
    'an objective of another kind',
    (text) => put(text, 'objective.name', 'survival:cox'),
    'file/unsupported',
    /objective 'survival:cox'/,
  ],
  [
    'a circle of nodes',
    (text) => put(text, `${first}.left_children.1`, 0),
    'file/damaged',
    /node 1 of tree 0 leads to 0/,
  ],
  [
    'a column that is not there',
    (text) => put(text, `${first}.split_indices.0`, 9),
    'file/damaged',
    /asks for column 9 of 4/,
  ],
  [
    'arrays of other lengths',
    (text) => put(text, `${first}.default_left`, [1, 0]),
    'file/damaged',
    /default_left of tree 0 has 2 numbers for 15 nodes/,
  ],
  [
    'a base score that is no number',
    (text) => put(text, 'learner_model_param.base_score', '[x]'),
    'file/damaged',
    /base_score/,
  ],
  [
    'several targets',
    (text) => put(text, 'learner_model_param.num_target', '3'),
    'file/unsupported',
    /several targets/,
  ],
];

for (const [name, edit, code, message] of broken) {
  test(`${name} is refused by name`, async () => {
    await assert.rejects(read(edit(textOf('squared error'))), { code, message });
  });
}

test('whatever is wrong in a file, it is refused as a file or read, never worse', () => {
  const text = textOf('categories');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: text.length - 1 }),
      fc.constantFrom('9', '-', '"', ']', 'e'),
      (at, character) => {
        try {
          parseXgboost(text.slice(0, at) + character + text.slice(at + 1), 'model.json');
        } catch (error) {
          assert.ok(error instanceof FileError, String(error));
        }
      },
    ),
    { numRuns: 300 },
  );
});
