/**
 * Is there a cat? A network learns from the emoji of two makers, and is tested on the drawings of the third, which it never saw.
 *
 *     npm start -- cat                         train without openmoji, test on it: 2.5 minutes of processor time
 *     npm start -- cat --held google           test on another maker
 *     npm start -- cat --every                 every maker in turn, three seeds each: the figures of docs/pictures.md
 *
 * The artwork (140 MB) is fetched by `npm pack` when it is first needed, into .cache/emoji, and stays there. What the network has learned
 * is written there as pictures.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  averagePrecisionScore,
  type FittedImageClassifier,
  firstLayerFilters,
  fitPictures,
  gradCam,
  imageClassifier,
  maximizeActivations,
  PictureSet,
  predictPictures,
  readPictures,
  saveModel,
  writePictureSheet,
} from '../src/index.ts';
import { credits, emojiArtwork, emojiOf, type Maker, makers } from './cat/emoji-artwork.ts';

const { values: flags } = parseArgs({
  options: {
    held: { type: 'string', default: 'openmoji' },
    seed: { type: 'string', default: '0' },
    passes: { type: 'string', default: '30' },
    every: { type: 'boolean', default: false },
  },
});

// 1. Data. Cats are twelve of 1,911 drawings of each maker. All others have a class of their kind (faces, mammals, tools, …): what tells
//    those apart also tells cats from them.
const { folders, names } = emojiArtwork();
const pictures = Object.fromEntries(
  await Promise.all(makers.map(async (maker) => [maker, await readPictures(folders[maker], { size: 32 })])),
) as Record<Maker, PictureSet>;

// 2. The network, and what is done to pictures each time they are shown: nothing that makes a cat something else, but much that makers do
//    differently, above all colours and outlines.
const classifierOf = (randomState: number) =>
  imageClassifier({
    ...{ filters: [24, 48, 96], hiddenUnits: 0, dropout: 0.3, learningRate: 0.004, balance: 0.5 },
    ...{ epochs: Number(flags.passes), randomState },
    augmentation: {
      ...{ flip: 'horizontal', shift: 0.12, rotate: 15, zoom: 0.2, crop: 0.1 },
      ...{ colour: 0.6, outline: 0.9, erase: 0.3, mixup: 0.2 },
    },
  });

interface Tested {
  readonly model: FittedImageClassifier;
  readonly f1: number;
}

// 3. Train on two makers, test on the third: a picture is said to be a cat when no other kind is likelier.
async function trainWithout(held: Maker, seed: number): Promise<Tested> {
  const learned = PictureSet.concat(makers.filter((maker) => maker !== held).map((maker) => pictures[maker]));
  const model = await fitPictures(classifierOf(seed), learned, {
    onProgress: ({ message }) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${message}`),
  });
  const test = pictures[held];
  const { labels, probabilities } = await predictPictures(model, test);
  const [truth, said] = [test.labels!, labels].map((all) => all.map((label) => label === 'cat'));
  const which = (isCat: boolean, isSaid: boolean) =>
    [...truth!.keys()].filter((i) => truth![i] === isCat && said![i] === isSaid);
  const [found, missed, mistaken] = [which(true, true), which(true, false), which(false, true)];
  const f1 = (2 * found.length) / (2 * found.length + missed.length + mistaken.length);
  const scores = probabilities.column(model.classes.indexOf('cat'));
  const precision = averagePrecisionScore(truth!.map(Number), scores);
  console.log(
    `${held.padEnd(9)} seed ${seed}  F1 ${f1.toFixed(3)}  ${found.length} of ${found.length + missed.length} cats found, ` +
      `${mistaken.length} others taken for cats, average precision ${precision.toFixed(3)}, ${model.summary.seconds.toFixed(0)} s`,
  );
  const name = (i: number) => emojiOf(test.files[i]!, names);
  if (missed.length > 0)
    console.log(`  missed: ${missed.map((i) => `${name(i)} (${labels[i]})`).join(', ')}`);
  if (mistaken.length > 0)
    console.log(`  taken for cats: ${mistaken.map((i) => `${name(i)} (${test.labels![i]})`).join(', ')}`);
  return { model, f1 };
}

const splits = flags.every
  ? makers.flatMap((maker) => [0, 1, 2].map((seed) => [maker, seed] as const))
  : [[flags.held as Maker, Number(flags.seed)] as const];
const tested: Tested[] = [];
for (const [maker, seed] of splits) tested.push(await trainWithout(maker, seed));
if (flags.every) {
  const mean = tested.reduce((sum, { f1 }) => sum + f1, 0) / tested.length;
  const deviation = Math.sqrt(
    tested.reduce((sum, { f1 }) => sum + (f1 - mean) ** 2, 0) / (tested.length - 1),
  );
  // Student's t of 8 degrees of freedom; seeds of one maker are alike, so that the interval is a little narrow.
  const half = (2.306 * deviation) / Math.sqrt(tested.length);
  console.log(
    `mean F1 ${mean.toFixed(3)}, 95% interval ${(mean - half).toFixed(3)} to ${Math.min(1, mean + half).toFixed(3)}`,
  );
}

// 4. What was learned.
const { model } = tested.at(-1)!;
const [held] = splits.at(-1)!;
const out = join(dirname(folders.google), '..', 'learned');
mkdirSync(out, { recursive: true });
await writePictureSheet(join(out, 'filters.png'), firstLayerFilters(model), { scale: 16 });
await writePictureSheet(join(out, 'units.png'), await maximizeActivations(model), { scale: 3 });
const test = pictures[held];
const cats = [...test.files.keys()].filter((i) => test.labels![i] === 'cat');
const tiles = [];
for (const i of cats) {
  const { overlay } = await gradCam(model, test.picture(i), { label: 'cat' });
  tiles.push(
    { shape: overlay.shape, values: Float32Array.from(test.picture(i), (value) => value / 255) },
    overlay,
  );
}
await writePictureSheet(join(out, 'heat.png'), tiles, { columns: 6, scale: 3 });
await saveModel(model, join(out, 'cat.heddle'));
console.log(
  `filters of the first layer, what units respond to, where cats are seen: filters.png, units.png, heat.png in ${out}`,
);
console.log(`ask it: heddle predict ${join(out, 'cat.heddle')} ${test.files[cats[0]!]}`);
for (const credit of credits) console.log(`artwork: ${credit}`);
