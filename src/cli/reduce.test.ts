import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { pca } from '../models/pca/pca.ts';
import { loadModel } from '../store/model-file.ts';
import { csv, folderOf, heddle } from './run.fixture.ts';

/** Two columns that say nearly the same, one of noise, a category, an identifier, an answer. */
function plants(rows = 50) {
  const random = new RandomState(4);
  const length = Array.from({ length: rows }, () => random.standardNormal());
  return {
    plant_id: length.map((_, i) => i + 1),
    length,
    width: length.map((value) => 10 * value + random.standardNormal()),
    noise: length.map(() => random.standardNormal()),
    soil: length.map((_, i) => ['clay', 'sand'][i % 2]!),
    species: length.map((value) => (value > 0 ? 'a' : 'b')),
  };
}

test('a table is written in components, beside the columns that are no part of them', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('plants.csv', csv(plants()));
  const { code, json, stderr } = await heddle(
    ...[
      'reduce',
      data,
      '--model',
      'pca',
      '--components',
      '2',
      '--drop',
      'species',
      '--out',
      path('o.csv'),
      '--json',
    ],
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(json.features, ['length', 'width', 'noise', 'soil']);
  assert.equal(json.leftOut[0].name, 'plant_id');
  assert.equal(json.transformed.length, 50);
  assert.equal(json.transformed[0].length, 2);
  assert.deepEqual(
    json.components[0].loadings
      .slice(0, 2)
      .map(({ column }: { column: string }) => column)
      .sort(),
    ['length', 'width'],
  );
  const lines = readFileSync(path('o.csv'), 'utf8').trim().split('\n');
  assert.equal(lines[0], 'plant_id,species,pca0,pca1');
  assert.equal(Number(lines[1]!.split(',')[2]), json.transformed[0][0]);
});

test('complete numbers in their own units are those of the model itself', async (t) => {
  const { file } = folderOf(t);
  const { length, width, noise } = plants();
  const data = file('numbers.csv', csv({ length, width, noise }));
  const { json } = await heddle('reduce', data, '--components', '2', '--no-standardise', '--json');
  const model = await pca({ nComponents: 2 }).fit(length.map((_, i) => [length[i]!, width[i]!, noise[i]!]));
  assert.equal(json.components[0].explainedVarianceRatio, model.explainedVarianceRatio[0]);
  assert.deepEqual(json.preparation, []);
});

test('a share of the variance decides how many, and people read what each is mostly made of', async (t) => {
  const { file } = folderOf(t);
  const data = file('plants.csv', csv(plants()));
  const { stdout } = await heddle('reduce', data, '--components', '0.5', '--features', 'length,width,noise');
  assert.match(stdout, /components {2}1\n/);
  assert.match(stdout, /pca0 +6\d\.\d% +6\d\.\d% {2}0\.\d\d (?:length|width), 0\.\d\d (?:length|width)/);
});

test('a saved model reduces later rows alike', async (t) => {
  const { file, path } = folderOf(t);
  const columns = plants();
  const data = file('plants.csv', csv(columns));
  const flags = ['--components', '2', '--drop', 'species', '--save', path('m.heddle'), '--json'];
  const { json } = await heddle('reduce', data, ...flags);
  const model = (await loadModel(path('m.heddle'))) as unknown as {
    transform(x: unknown): Promise<{ row(i: number): ArrayLike<number> }>;
  };
  const { length, width, noise, soil } = columns;
  const rows = length.map((_, i) => ({ length: length[i], width: width[i], noise: noise[i], soil: soil[i] }));
  const transformed = await model.transform(rows);
  assert.deepEqual(Array.from(transformed.row(3)), json.transformed[3]);
});

test('what cannot be done is refused in one line', async (t) => {
  const { file } = folderOf(t);
  const data = file('plants.csv', csv(plants()));
  const refused = async (pattern: RegExp, ...argv: string[]) => {
    const { code, stderr } = await heddle('reduce', data, ...argv);
    assert.equal(code, 1);
    assert.match(stderr, pattern);
  };
  await refused(/at most/, '--components', '99');
  await refused(/nComponents/, '--components', 'many');
  await refused(/k-means does not reduce/, '--model', 'k-means');
  await refused(/leave it or nComponents out/, '--components', '2', '--set', 'nComponents=3');
});
