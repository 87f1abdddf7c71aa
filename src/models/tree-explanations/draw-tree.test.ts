import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { decisionTreeClassifier } from '../decision-tree/decision-tree-classifier.ts';
import { decisionTreeRegressor } from '../decision-tree/decision-tree-regressor.ts';
import { gradientBoostingClassifier } from '../gradient-boosting/gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from '../gradient-boosting/gradient-boosting-regressor.ts';
import { randomForestRegressor } from '../random-forest/random-forest-regressor.ts';
import { ridge } from '../ridge/ridge.ts';
import { decisionPath } from './decision-path.ts';
import { drawTree } from './draw-tree.ts';

const houses = Array.from({ length: 40 }, (_, i) => ({ area: 1000 + 50 * i, quality: 1 + (i % 4) }));
const prices = houses.map(({ area, quality }) => (area > 1970 ? 200_000 : 100_000) + 10_000 * quality);
const kinds = houses.map(({ area }) => (area > 1970 ? '<b>large' : 'small'));

function texts(svg: string): string[] {
  const { document } = parseHTML(svg);
  return [...document.querySelectorAll('text')].map((node) => node.textContent!);
}

test('the way of a row is told in words: what it was asked, where it went, what the leaf says', async () => {
  const model = await decisionTreeRegressor({ maxDepth: 2 }).fit(houses, prices);
  const path = decisionPath(model, { area: 1983.25, quality: 1 });
  assert.equal(path.text, 'area 1,983 > 1,975 → quality 1 ≤ 2.5 → 215,000 (n = 10)');
  assert.deepEqual(
    path.steps.map(({ column, side }) => [column, side]),
    [
      ['area', 'right'],
      ['quality', 'left'],
    ],
  );
  assert.deepEqual([path.samples, ...path.values], [10, 215_000]);
  assert.equal(path.values[0], model.predictRow({ area: 1983.25, quality: 1 }));
});

test('numbers that differ in a late digit are told apart, and equal ones are not', async () => {
  const model = await decisionTreeRegressor({ maxDepth: 1 }).fit([[1], [1.0002]], [1, 2]);
  assert.match(decisionPath(model, [1.00011]).text, /^x0 1\.00011 > 1\.0001 → 2 \(n = 1\)$/);
  assert.match(decisionPath(model, [1.0001]).text, /^x0 1 ≤ 1 → 1 /);
});

test('a missing value is told as such, with the side it counts to', async () => {
  const gaps = houses.map((house, i) => ({ ...house, area: i % 5 === 0 ? null : house.area }));
  const split = await decisionTreeRegressor({ maxDepth: 1 }).fit(gaps, prices);
  assert.match(decisionPath(split, { area: null, quality: 1 }).text, /^area missing, as if > 2,000 → /);
  const only = await decisionTreeRegressor().fit([[1], [1], [null as never]], [1, 1, 5]);
  assert.match(decisionPath(only, [Number.NaN]).text, /^x0 missing → 5 \(n = 1\)$/);
  assert.match(decisionPath(only, [7]).text, /^x0 7, not missing → 1 \(n = 2\)$/);
});

test('classes are told with their share, trees of boosting with what they add and to what', async () => {
  const tree = await decisionTreeClassifier({ maxDepth: 1 }).fit(houses, kinds);
  assert.match(decisionPath(tree, houses[0]!).text, /→ small 100% \(n = 20\)$/);
  const boosted = await gradientBoostingClassifier({ nEstimators: 2, minSamplesLeaf: 5 }).fit(houses, kinds);
  const { text, values } = decisionPath(boosted, houses[0]!, { tree: 1 });
  assert.match(text, /→ \+0\.\d+ to the score of small \(n = 20\)$/);
  assert.ok(values[0]! > 0);
});

test('a split by category is told by its levels, in words and in the drawing', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    town: ['Aa', 'Be', 'Ce', 'De', 'Eg', 'Fa'][i % 6]!,
    id: i,
  }));
  const options = {
    nEstimators: 1,
    learningRate: 1,
    maxLeafNodes: 2,
    minSamplesLeaf: 1,
    catSmooth: 0,
    minDataPerGroup: 0,
    catL2: 0,
  } as const;
  const model = await gradientBoostingRegressor(options).fit(
    rows,
    rows.map(({ town }) => (town === 'Be' || town === 'Eg' ? 5 : 1)),
  );
  assert.match(decisionPath(model, { town: 'Eg', id: 3 }).text, /^town Eg, one of Be or Eg → /);
  assert.match(decisionPath(model, { town: 'De', id: 3 }).text, /^town De, one of Aa, Ce, De or Fa → /);
  assert.match(
    decisionPath(model, { town: 'Xi', id: 3 }).text,
    /^town missing or unknown, as if Aa, Ce, De or Fa → /,
  );
  assert.ok(texts(await drawTree(model)).includes('town: Be or Eg'));
  const codes = await gradientBoostingRegressor({ ...options, categoricalFeatures: [0] }).fit(
    rows.map((_, i) => [10 * (i % 6)]),
    rows.map((_, i) => (i % 6 === 1 || i % 6 === 4 ? 5 : 1)),
  );
  assert.match(decisionPath(codes, [40]).text, /^x0 40, one of 10 or 40 → /);
});

test('a tree is drawn down to a depth, with what is below it counted', async () => {
  const model = await decisionTreeRegressor().fit(houses, prices);
  const whole = texts(await drawTree(model));
  assert.ok(whole.includes('area ≤ 1,975') && whole.includes('n = 40'));
  assert.equal(whole.filter((line) => line.startsWith('quality ≤')).length, 6);
  const top = await drawTree(model, { depth: 1 });
  assert.equal(texts(top).filter((line) => line === '… 4 leaves').length, 2);
  assert.equal(texts(await drawTree(model, { depth: 0 })).filter((line) => line === '… 8 leaves').length, 1);
  assert.equal(top, await drawTree(model, { depth: 1 }));
});

test('classes have a legend and stay text, trees of ensembles say which they are', async () => {
  const tree = await drawTree(await decisionTreeClassifier().fit(houses, kinds));
  assert.ok(texts(tree).includes('<b>large') && texts(tree).includes('small 100%'));
  assert.equal(parseHTML(tree).document.querySelector('b'), null);
  const forest = await drawTree(await randomForestRegressor({ nEstimators: 3 }).fit(houses, prices), {
    tree: 2,
  });
  assert.match(forest, /<title>Tree 2 of 3<\/title>/);
  const boosted = await gradientBoostingClassifier({ nEstimators: 2, minSamplesLeaf: 5 }).fit(houses, kinds);
  assert.match(await drawTree(boosted), /Tree 0 of 2 that adds to the score of small/);
});

test('a root alone is drawn and told', async () => {
  const model = await decisionTreeRegressor().fit([[1], [2]], [3, 3]);
  assert.deepEqual(texts(await drawTree(model)), ['3', 'n = 2']);
  assert.equal(decisionPath(model, [1]).text, '3 (n = 2)');
});

test('other models, trees that do not exist and a negative depth are refused', async () => {
  const linear = await ridge().fit([[1], [2]], [1, 2]);
  await assert.rejects(drawTree(linear), { code: 'model/no-method', message: /drawTree.*not ridge/ });
  assert.throws(() => decisionPath(linear, [1]), { code: 'model/no-method' });
  const model = await decisionTreeRegressor().fit(houses, prices);
  await assert.rejects(drawTree(model, { tree: 1 }), { code: 'option/invalid', message: /0 to 0, not 1/ });
  await assert.rejects(drawTree(model, { depth: -1 }), { code: 'option/invalid' });
  assert.throws(() => decisionPath(model, [5]), { code: 'data/column-count' });
});
