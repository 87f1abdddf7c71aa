import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { animateScenes, sceneToSvg } from './scene.ts';
import { valueGrid } from './value-grid.ts';

const size = { width: 100, height: 50 };

test('a scene names itself and keeps hostile titles as text', () => {
  const svg = sceneToSvg('<rect/>', { ...size, title: '</title><script>"&\u0000' });
  const { document } = parseHTML(svg);
  assert.equal(document.querySelector('script'), null);
  assert.equal(document.querySelector('title')!.textContent, '</title><script>"& ');
  assert.equal(document.querySelector('svg')!.getAttribute('aria-label'), '</title><script>"& ');
});

test('an animation writes once what all frames begin with, and shows one frame at a time', () => {
  const background = '<g class="a"><rect width="3"/></g><line/>';
  const frames = [10, 12, 25].map((x) => `${background}<circle cx="${x}"/>`);
  const svg = animateScenes(frames, { ...size, title: 'moves', framesPerSecond: 2 });
  assert.equal(svg.split('<g class="a">').length - 1, 1);
  const { document } = parseHTML(svg);
  const groups = [...document.querySelectorAll('g[visibility]')];
  assert.deepEqual(
    groups.map((group) => group.querySelector('circle')!.getAttribute('cx')),
    ['10', '12', '25'],
  );
  const animations = groups.map((group) => group.querySelector('animate')!);
  assert.deepEqual(
    animations.map((one) => [one.getAttribute('values'), one.getAttribute('keyTimes')]),
    [
      ['visible;hidden', '0;0.33333'],
      ['hidden;visible;hidden', '0;0.33333;0.66667'],
      ['hidden;visible', '0;0.66667'],
    ],
  );
  assert.equal(animations[0]!.getAttribute('dur'), '1.5s');
});

test('a single frame is a still picture', () => {
  assert.doesNotMatch(animateScenes(['<rect/>'], { ...size, title: 'one', framesPerSecond: 5 }), /animate/);
});

test('a value grid shows values, arrows and marks, and leaves cells without value empty', () => {
  const svg = valueGrid(
    {
      rows: 1,
      columns: 3,
      values: [0, 0.5, Number.NaN],
      arrows: [[0, 1], [1, 0], undefined],
      marks: ['S', '', 'G'],
    },
    { title: 'values' },
  );
  const { document } = parseHTML(svg);
  assert.deepEqual(
    [...document.querySelectorAll('rect')].map((rect) => [
      rect.getAttribute('class'),
      rect.getAttribute('fill-opacity'),
    ]),
    [
      ['worth', '0.060'],
      ['worth', '0.600'],
      ['cell', null],
    ],
  );
  assert.deepEqual(
    [...document.querySelectorAll('text')].map((one) => one.textContent),
    ['0.00', 'S', '0.50', 'G'],
  );
  assert.match(svg, /rotate\(0\)/);
  assert.match(svg, /rotate\(90\)/);
});
