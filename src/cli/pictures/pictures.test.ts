import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { shapeSvg } from '../../models/image-classifier/shapes.fixture.ts';
import { folderOf, heddle } from '../run.fixture.ts';

const settings = ['size=16', 'epochs=10', 'filters=[8,16]', 'learningRate=0.01', 'batchSize=32', 'dropout=0'];
const set = settings.flatMap((setting) => ['--set', setting]);

/** A folder with a folder of circles and one of rings. */
function shapesIn(folder: ReturnType<typeof folderOf>, name: string, count: number, seed: number): string {
  const random = new RandomState(seed);
  for (const kind of ['circle', 'ring']) {
    mkdirSync(folder.path(`${name}/${kind}`), { recursive: true });
    for (let i = 0; i < count; i++) folder.file(`${name}/${kind}/${i}.svg`, shapeSvg(kind, random));
  }
  return folder.path(name);
}

test('a folder of pictures is trained on, asked and evaluated', async (t) => {
  const folder = folderOf(t);
  const pictures = shapesIn(folder, 'shapes', 60, 1);
  folder.file('shapes/ring/broken.png', 'this is text');
  const out = folder.path('shapes.heddle');
  const trained = await heddle('train', pictures, '--model', 'image-classifier', ...set, '--out', out);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /1 picture of 121 skipped/);
  assert.match(trained.stderr, /broken\.png cannot be read: it is no PNG/);
  assert.match(trained.stdout, /pictures +96 to train, 24 to test, 1 skipped/);
  assert.match(trained.stdout, /classes +circle 60, ring 60/);

  const photo = folder.file('photo.svg', shapeSvg('ring', new RandomState(8)));
  const said = await heddle('predict', out, photo);
  assert.match(said.stdout, /^ring (?:0\.\d\d|1\.00)\n$/, said.stderr);

  const more = shapesIn(folder, 'more', 20, 2);
  const evaluated = await heddle('evaluate', out, more, '--json');
  assert.equal(evaluated.code, 0, evaluated.stderr);
  // Chance is 1/2; seeds end from 0.9 to 1.
  assert.ok(evaluated.json.metrics.accuracy > 0.75, evaluated.stdout);
  assert.equal(evaluated.json.rows.evaluated, 40);
  const shown = await heddle('evaluate', out, more);
  assert.match(shown.stdout, /^on 40 pictures:\n/);
  assert.match(shown.stdout, /of the class ring:/);

  const all = await heddle('predict', out, more, '--json');
  assert.equal(all.json.predictions.length, 40);
  const [first] = all.json.predictions;
  assert.ok(Math.abs(first.probabilities.circle + first.probabilities.ring - 1) < 1e-12);
  assert.match(
    (await heddle('predict', out, more)).stdout,
    /^file,prediction,probability_circle,probability_ring\n/,
  );
});

test('flags of tables, models of tables and folders without classes are refused by name', async (t) => {
  const folder = folderOf(t);
  const pictures = shapesIn(folder, 'shapes', 2, 1);
  const refused = async (pattern: RegExp, ...argv: string[]) => {
    const { code, stderr } = await heddle(...argv);
    assert.equal(code, 1);
    assert.match(stderr, pattern);
  };
  await refused(/--target is for tables/, 'train', pictures, '--target', 'y');
  await refused(/--model ridge takes a table/, 'train', pictures, '--model', 'ridge');
  await refused(/has no option 'sise'/, 'train', pictures, '--set', 'sise=3');
  await refused(/holds no folders, only 2 pictures/, 'train', folder.path('shapes/ring'));
  mkdirSync(folder.path('shapes/empty'));
  await refused(/class 'empty'.*holds no picture/, 'train', pictures);
});
