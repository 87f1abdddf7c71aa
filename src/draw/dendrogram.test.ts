import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { Matrix } from '../core/matrix.ts';
import { dendrogram } from './dendrogram.ts';

/** Rows 0 and 1, 2 and 3 are near each other, 4 is far. */
const five = Matrix.fromRows([
  [0, 1, 1, 2],
  [2, 3, 2, 2],
  [5, 6, 6, 4],
  [4, 7, 10, 5],
]);

function parse(svg: string) {
  const { document } = parseHTML(svg);
  const paths = [...document.querySelectorAll('path')].filter(
    (path) => path.closest('g[stroke-width="1.6"]') !== null,
  );
  return { document, paths, texts: [...document.querySelectorAll('text')].map((node) => node.textContent) };
}

/** Corners of a bracket in pixels. */
function corners(path: { getAttribute(name: string): string | null }): number[][] {
  return path
    .getAttribute('d')!
    .slice(1)
    .split('L')
    .map((corner) => corner.split(',').map(Number));
}

test('every merge is a bracket over what it merged, at a height in proportion to its distance', () => {
  const { paths, texts } = parse(dendrogram(five));
  assert.equal(paths.length, 4);
  const [first, second, third, last] = paths.map(corners) as [number[][], number[][], number[][], number[][]];
  const base = first[0]![1]!;
  const heights = [first, second, third, last].map((bracket) => base - bracket[1]![1]!);
  heights.forEach((height, k) => {
    // Coordinates are rounded to hundredths of a pixel.
    assert.ok(Math.abs(height / heights[3]! - [0.1, 0.2, 0.6, 1][k]!) < 1e-3);
  });
  // The third merge stands on the middles of the first two.
  assert.ok(Math.abs(third[0]![0]! - (first[0]![0]! + first[3]![0]!) / 2) < 0.02);
  assert.ok(Math.abs(third[0]![1]! - first[1]![1]!) < 0.02);
  assert.ok(Math.abs(third[3]![0]! - (second[0]![0]! + second[3]![0]!) / 2) < 0.02);
  assert.deepEqual(
    ['4', '0', '1', '2', '3'].map((label) => texts.includes(label)),
    [true, true, true, true, true],
  );
});

test('clusters below the cut have a colour each, and the cut is drawn where it was asked for', () => {
  const svg = dendrogram(five, { nClusters: 3, labels: ['赵', '钱', '孙', '李', '周'] });
  const { document, texts } = parse(svg);
  const strokes = [...document.querySelectorAll('g[stroke-width="1.6"]')].map((g) =>
    g.getAttribute('stroke'),
  );
  assert.equal(strokes.length, 4);
  assert.equal(new Set(strokes).size, 3);
  assert.deepEqual(strokes.slice(2), ['currentColor', 'currentColor']);
  assert.notEqual(strokes[0], strokes[1]);
  assert.ok(texts.includes('孙'));
  assert.match(svg, /stroke-dasharray="4 3"/);
  assert.doesNotMatch(dendrogram(five), /stroke-dasharray="4 3"/);
});

test('what merged first is one branch with its rows in brackets when there are too many', () => {
  const { paths, texts } = parse(dendrogram(five, { mostBranches: 3, labels: ['a', 'b', 'c', 'd', 'e'] }));
  assert.equal(paths.length, 2);
  assert.deepEqual(
    texts.filter((name) => /^\(|^[a-e]$/.test(name)),
    ['e', '(2)', '(2)'],
  );
});

test('the root may stand to the left, with names beside the tips', () => {
  const { paths, document } = parse(dendrogram(five, { orientation: 'left' }));
  const [first, last] = [corners(paths[0]!), corners(paths[3]!)];
  assert.ok(last[1]![0]! < first[1]![0]!);
  assert.equal(document.querySelector('svg')!.getAttribute('role'), 'img');
});

test('hostile names stay text, and the same tree gives the same bytes', () => {
  const labels = ['</svg><script>alert(1)</script>', '"', '&', '', '\u0000'];
  const svg = dendrogram(five, { labels, title: labels[0]! });
  assert.equal(parse(svg).document.querySelector('script'), null);
  assert.equal(svg, dendrogram(five, { labels, title: labels[0]! }));
});

test('one row and equal rows are drawn too', () => {
  assert.match(dendrogram(new Matrix({ rows: 0, columns: 4, data: new Float64Array(0) })), /<svg/);
  assert.match(dendrogram(Matrix.fromRows([[0, 1, 0, 2]])), /<svg/);
});

test('labels of another number and two cuts are refused', () => {
  assert.throws(() => dendrogram(five, { labels: ['a'] }), {
    code: 'data/length-mismatch',
    message: /1 labels .* 5 rows/,
  });
  assert.throws(() => dendrogram(five, { nClusters: 2, distance: 3 }), { code: 'option/conflict' });
  assert.throws(() => dendrogram(five, { nClusters: 9 }), { code: 'option/invalid', message: /1 to 5/ });
});
