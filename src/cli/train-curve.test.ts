import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { test } from 'node:test';
import { csv, folderOf, heddle, heddleWith } from './run.fixture.ts';

const count = Array.from({ length: 60 }, (_, i) => i);
const table = csv({
  a: count.map((i) => (i * 7) % 10),
  b: count.map((i) => (i * 3) % 11),
  y: count.map((i) => ((i * 7) % 10) + i / 60),
});
const layers = 'layers=[{"kind":"dense","units":4},{"kind":"activation","function":"relu"}]';

test('a network given as JSON is trained, its losses drawn, and its state kept for the same command', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('rows.csv', table);
  const command = ['train', data, '--target', 'y', '--model', 'neural-network', '--set', layers];
  const set = ['--set', 'epochs=12', '--set', 'patience=null', '--set', 'validationFraction=0.2'];
  const files = ['--curve', path('curve.svg'), '--checkpoint', path('state'), '--json'];
  const first = await heddle(...command, ...set, ...files);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(first.json.options.layers[0], { kind: 'dense', units: 4 });
  const svg = await readFile(path('curve.svg'), 'utf8');
  assert.match(svg, /^<svg/);
  assert.match(svg, /rows held out/);
  const written = (await stat(path('state'))).mtimeMs;
  const again = await heddle(...command, ...set, ...files);
  assert.deepEqual(again.json.metrics, first.json.metrics);
  // Nothing was left to be trained.
  assert.equal((await stat(path('state'))).mtimeMs, written);
});

test('one line on a terminal says the pass, its losses and the score of held-out rows', async (t) => {
  const data = folderOf(t).file('rows.csv', table);
  // Progress is told twenty times a second: long enough for it on any machine.
  const set = ['--set', 'epochs=1500', '--set', 'patience=null', '--set', 'validationFraction=0.2'];
  const command = ['train', data, '--target', 'y', '--model', 'neural-network', '--set', layers, ...set];
  const { code, stderr } = await heddleWith({ isTerminal: true }, ...command);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /training \d+%.*pass \d+: loss \d/);
});

test('--curve and --checkpoint are refused where there is no network to train', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('rows.csv', table);
  const train = (...more: string[]) => heddle('train', data, '--target', 'y', ...more);
  const curve = await train('--model', 'ridge', '--curve', path('curve.svg'));
  assert.notEqual(curve.code, 0);
  assert.match(curve.stderr, /--curve draws the losses of a network/);
  const checkpoint = await train('--model', 'ridge', '--checkpoint', path('state'));
  assert.match(checkpoint.stderr, /ridge keeps no checkpoints/);
  assert.match((await train('--checkpoint', path('state'))).stderr, /name it with --model/);
});
