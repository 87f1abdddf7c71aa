/**
 * Is there a cat? A network learns from the emoji of four makers, and is tested on the drawings of a fifth, which it never saw.
 *
 *     npm start -- cat                         train without openmoji, test on it: 1 minute of processor time
 *     npm start -- cat --held google           test on another maker
 *     npm start -- cat --every                 every maker in turn, three seeds each: the figures of docs/pictures.md
 *
 * The artwork (142 MB) is fetched by `npm pack` when it is first needed, into .cache/emoji, and stays there. What the network has learned
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
import {
  type AnyMaker,
  allMakers,
  credits,
  emojiArtwork,
  emojiOf,
  type Maker,
  makers,
} from './cat/emoji-artwork.ts';

const { values: flags } = parseArgs({
  options: {
    held: { type: 'string', default: 'openmoji' },
    seed: { type: 'string', default: '0' },
    passes: { type: 'string', default: '18' },
    every: { type: 'boolean', default: false },
  },
});

// 1. Data. Cats are twelve of 1,911 drawings of each maker. All others have a class of their kind (faces, mammals, tools, …): what tells
//    those apart also tells cats from them. Makers leave margins of many widths around what they draw, so these are cut.
const { folders, names } = emojiArtwork();
const pictures = Object.fromEntries(
  await Promise.all(
    allMakers.map(async (maker) => [
      maker,
      await readPictures(folders[maker], { size: 32, margins: 'cut', fit: 'contain' }),
    ]),
  ),
) as Record<AnyMaker, PictureSet>;

// 2. The network, and what is done to pictures each time they are shown: nothing that makes a cat something else, but much that makers do
//    differently, above all colours and outlines.
const classifierOf = (randomState: number) =>
  imageClassifier({
    ...{ filters: [24, 48, 96], hiddenUnits: 0, dropout: 0.3, learningRate: 0.004, balance: 0.5 },
    ...{ epochs: Number(flags.passes), picturesPerEpoch: 3000, randomState },
    augmentation: {
      ...{ flip: 'horizontal', shift: 0.12, rotate: 15, zoom: 0.2, crop: 0.1 },
      ...{ colour: 0.6, outline: 0.9, erase: 0.3, mixup: 0.2 },
    },
  });
/** Cats are there so many times, since they are few and the question is about them. */
const CATS = 5;
/** Probability from which there is said to be a cat: chosen on the drawings of Fluent by a training without them. */
const THRESHOLD = 0.6;

interface Tested {
  readonly model: FittedImageClassifier;
  readonly f1: number;
}

// 3. Train on four makers, test on the fifth, on each drawing and its mirror image.
async function trainWithout(held: Maker, seed: number): Promise<Tested> {
  const all = PictureSet.concat(allMakers.filter((maker) => maker !== held).map((maker) => pictures[maker]));
  const cats = all.take([...all.files.keys()].filter((i) => all.labels![i] === 'cat'));
  const learned = PictureSet.concat([all, ...new Array<PictureSet>(CATS - 1).fill(cats)]);
  const model = await fitPictures(classifierOf(seed), learned, {
    onProgress: ({ message }) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${message}`),
  });
  const test = pictures[held];
  const views = await Promise.all(
    [test, test.mirrored()].map(async (view) => (await predictPictures(model, view)).probabilities),
  );
  const scores = views[0]!
    .column(model.classes.indexOf('cat'))
    .map((score, i) => (score + views[1]!.at(i, model.classes.indexOf('cat'))) / 2);
  const truth = test.labels!.map((label) => label === 'cat');
  const said = Array.from(scores, (score) => score > THRESHOLD);
  const which = (isCat: boolean, isSaid: boolean) =>
    [...truth.keys()].filter((i) => truth[i] === isCat && said[i] === isSaid);
  const [found, missed, mistaken] = [which(true, true), which(true, false), which(false, true)];
  const f1 = (2 * found.length) / (2 * found.length + missed.length + mistaken.length);
  const precision = averagePrecisionScore(truth.map(Number), scores);
  console.log(
    `${held.padEnd(9)} seed ${seed}  F1 ${f1.toFixed(3)}  ${found.length} of ${found.length + missed.length} cats found, ` +
      `${mistaken.length} others taken for cats, average precision ${precision.toFixed(3)}, ${model.summary.seconds.toFixed(0)} s`,
  );
  const name = (i: number) => emojiOf(test.files[i]!, names);
  if (missed.length > 0)
    console.log(`  missed: ${missed.map((i) => `${name(i)} (${scores[i]!.toFixed(2)})`).join(', ')}`);
  if (mistaken.length > 0)
    console.log(
      `  taken for cats: ${mistaken.map((i) => `${name(i)} (${scores[i]!.toFixed(2)})`).join(', ')}`,
    );
  return { model, f1 };
}

const splits = flags.every
  ? [0, 1, 2].flatMap((seed) => makers.map((maker) => [maker, seed] as const))
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
