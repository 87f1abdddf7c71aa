import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { examples } from './charts.fixture.ts';
import {
  barChart,
  beeswarm,
  dotPlot,
  heatMap,
  histogram,
  lineChart,
  scatter,
  treeDiagram,
  unitCurves,
  waterfall,
} from './index.ts';

// `node --test --test-update-snapshots src/draw/charts.test.ts` writes the pictures anew; look at them before committing.
for (const [name, draw] of Object.entries(examples)) {
  test(`the example of ${name} is drawn as its picture in snapshots/`, (t) => {
    const path = fileURLToPath(new URL(`snapshots/${name}.svg`, import.meta.url));
    t.assert.fileSnapshot(draw(), path, { serializers: [(svg) => `${svg}\n`] });
  });
}

test('the same data give the same bytes, however many pictures were drawn before', () => {
  for (const draw of Object.values(examples)) assert.equal(draw(), draw());
});

test('a chart names itself, follows the colour of the page and loads nothing', () => {
  for (const [name, draw] of Object.entries(examples)) {
    if (name === 'spark-bars') continue;
    const svg = draw();
    const { document } = parseHTML(svg);
    const root = document.querySelector('svg')!;
    assert.equal(root.getAttribute('role'), 'img');
    assert.equal(root.getAttribute('aria-label'), root.querySelector('title')!.textContent);
    assert.equal(root.getAttribute('fill'), 'currentColor');
    assert.doesNotMatch(
      svg.replace('http://www.w3.org/2000/svg', ''),
      /https?:|url\((?!#)|@import|<image|<use| style=/,
    );
  }
});

const hostile = '</svg><img src=x onerror="alert(1)">\u0000\u001b]\ud800';

test('hostile texts stay text wherever a chart shows them', () => {
  const options = { title: hostile, description: hostile, xLabel: hostile, yLabel: hostile };
  const pictures = [
    barChart([{ label: hostile, value: 1, text: hostile }], options),
    dotPlot([{ label: hostile, value: 1 }], options),
    heatMap(
      { rows: [hostile], columns: [hostile], shares: [[1]], texts: [[hostile]] },
      { ...options, rowLabel: hostile, columnLabel: hostile },
    ),
    histogram({ min: 0, max: 1, counts: [1] }, options),
    lineChart(
      [
        { name: hostile, x: [1, 2], y: [1, 2] },
        { name: hostile, x: [1], y: [1] },
      ],
      options,
    ),
    scatter({ x: [1], y: [1] }, options),
    unitCurves([{ name: hostile, x: [0, 1], y: [0, 1] }], options),
    beeswarm([{ label: hostile, values: [1], shades: [2] }], { ...options, shadeLabel: hostile }),
    treeDiagram({ lines: [hostile], color: 'red', share: 1, title: hostile, edge: hostile }, options),
    waterfall([{ label: hostile, value: 1 }], {
      ...options,
      start: { label: hostile, value: 1 },
      endLabel: hostile,
    }),
  ];
  for (const svg of pictures) {
    const { document } = parseHTML(`<!doctype html><html><body>${svg}</body></html>`);
    assert.equal(document.querySelector('img, script, [onerror]'), null);
    assert.equal(document.querySelectorAll('svg').length, 1);
    assert.ok(document.querySelector('svg > title')!.textContent!.startsWith('</svg><img src=x'));
    assert.ok(svg.isWellFormed());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(svg, /[\u0000-\u0008\u001b]/);
  }
});

test('data without a finite number, and none at all, still give a picture', () => {
  const options = { title: 'Nothing', xLabel: 'x', yLabel: 'y' };
  const pictures = [
    barChart([], options),
    dotPlot([], options),
    heatMap({ rows: [], columns: [], shares: [] }, { ...options, rowLabel: 'r', columnLabel: 'c' }),
    histogram({ min: 0, max: 0, counts: [] }, options),
    histogram({ min: 5, max: 5, counts: [3] }, options),
    lineChart([{ name: 'a', x: [1, 2], y: [Number.NaN, Number.NaN] }], options),
    scatter({ x: [Number.NaN, Infinity], y: [1, 2] }, { ...options, reference: 'diagonal' }),
    scatter({ x: [3, 3], y: [3, 3] }, { ...options, reference: 'zero' }),
    scatter({ x: [-1e308, 1e308], y: [0, 1] }, options),
    unitCurves([], { ...options, reference: 'diagonal' }),
    beeswarm([], options),
    beeswarm([{ label: 'a', values: [Number.NaN, 0], shades: [Number.NaN, Number.NaN] }], options),
    treeDiagram({ lines: [], color: 'red', share: 0 }),
    waterfall([], { ...options, start: { label: 'mean', value: 0 }, endLabel: 'prediction' }),
  ];
  for (const svg of pictures) assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});

test('pictures that use clip paths can share a page: their ids differ where their content does', async () => {
  const { plotToSvg } = await import('./plot-to-svg.ts');
  const { lineY } = await import('@observablehq/plot');
  const clipped = (height: number) =>
    plotToSvg({ title: 'Clipped', height, marks: [lineY([1, 3, 2], { clip: true })] });
  const ids = [100, 200].map((height) => /clipPath id="([^"]+)"/i.exec(clipped(height))![1]);
  assert.notEqual(ids[0], ids[1]);
  assert.match(clipped(100), new RegExp(`clip-path="url\\(#${ids[0]}\\)"`));
});

test('a thousand points of a curve that do not differ to the eye are left out', () => {
  const x = Float64Array.from({ length: 5001 }, (_, i) => i / 5000);
  const svg = unitCurves([{ name: 'a', x, y: x }], { title: 'ROC', xLabel: 'x', yLabel: 'y' });
  assert.ok(svg.length < 30_000, `${svg.length}`);
});
