import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { draw } from '../../math/trees/trees.fixture.ts';
import { gradientBoostingRegressor } from '../gradient-boosting/gradient-boosting-regressor.ts';
import { randomForestClassifier } from '../random-forest/random-forest-classifier.ts';
import { drawBeeswarm, drawWaterfall } from './draw-shap.ts';
import { shapSummary } from './shap-summary.ts';
import { shapValues } from './shap-values.ts';

const { x, y, classes } = draw(22, { rows: 200, missing: 0.1 });
const records = x.toRows().map(([a, b, c, d, e]) => ({ '<i>a': a!, b: b!, c: c!, d: d!, e: e! }));
const boosted = await shapValues(
  await gradientBoostingRegressor({ nEstimators: 20 }).fit(records, y),
  records,
);
const forest = await shapValues(
  await randomForestClassifier({ nEstimators: 10, maxDepth: 4 }).fit(records, classes),
  records,
);

const texts = (svg: string) =>
  [...parseHTML(svg).document.querySelectorAll('text')].map((node) => node.textContent!);

test('the summary is the mean of the absolute values, columns that matter first', () => {
  const [first, ...others] = shapSummary(boosted);
  const own = boosted.outputs[0]!.values.column(boosted.names.indexOf(first!.column));
  const mean = own.reduce((sum, value) => sum + Math.abs(value), 0) / own.length;
  // The same sum of 200 terms.
  assert.ok(Math.abs(first!.meanAbsolute - mean) < 1e-12);
  assert.ok(others.every(({ meanAbsolute }) => meanAbsolute <= first!.meanAbsolute));
  // y is made of the first three columns.
  assert.deepEqual(
    new Set([first, ...others].slice(0, 3).map((one) => one!.column)),
    new Set(['<i>a', 'b', 'c']),
  );
  for (const { byOutput, meanAbsolute } of shapSummary(forest)) {
    assert.equal(byOutput.length, 3);
    assert.ok(Math.abs(byOutput.reduce((sum, value) => sum + value, 0) - meanAbsolute) < 1e-15);
  }
});

test('the swarm shows the columns by importance, sums up the others and keeps names text', async () => {
  const svg = await drawBeeswarm(boosted, { maxDisplay: 2 });
  const order = shapSummary(boosted).map(({ column }) => column);
  const labels = texts(svg).filter((text) => order.includes(text) || /others/.test(text));
  assert.deepEqual(labels, [...order.slice(0, 2), '3 others']);
  assert.equal(parseHTML(svg).document.querySelector('i'), null);
  assert.match(svg, /effect on the prediction/);
  assert.ok(texts(await drawBeeswarm(boosted)).includes('missing'));
});

test('the waterfall leads from the base value to the prediction of the row', async () => {
  const labels = texts(await drawWaterfall(boosted, 3, { maxDisplay: 2 }));
  assert.ok(
    labels.includes('base value') && labels.includes('3 others') && labels.includes('the prediction'),
  );
  assert.equal(labels.filter((text) => / = | missing$/.test(text)).length, 2);
});

test('of several classes the one that is meant must be named', async () => {
  assert.match(await drawWaterfall(forest, 0, { output: 2 }), /the probability of 2/);
  await assert.rejects(drawBeeswarm(forest), { code: 'option/invalid', message: /0, 1, 2/ });
  await assert.rejects(drawBeeswarm(forest, { output: 'x' }), { code: 'option/invalid' });
  await assert.rejects(drawBeeswarm(boosted, { output: 'x' }), { message: /leave the option out/ });
  await assert.rejects(drawWaterfall(boosted, 200), { code: 'option/invalid', message: /0 to 199/ });
});
