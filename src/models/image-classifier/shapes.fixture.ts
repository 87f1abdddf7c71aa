import { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import { decodePicture } from '../../data/pictures/decode-picture.ts';
import { pictureFormatOptions, pictureLength, pictureShape } from '../../data/pictures/picture-format.ts';
import { PictureSet } from '../../data/pictures/picture-set.ts';

const colours = ['#d62828', '#1d6fb8', '#2a9d4b', '#222222', '#8e44ad'] as const;

/** A shape of some size and colour somewhere on a white sheet of 64 × 64. */
export function shapeSvg(kind: string, random: RandomState, place?: readonly [x: number, y: number]): Buffer {
  const r = 11 + 5 * random.uniform();
  const [x, y] = place ?? [r + (64 - 2 * r) * random.uniform(), r + (64 - 2 * r) * random.uniform()];
  const fill = colours[random.randint(colours.length)];
  const element = {
    circle: `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`,
    square: `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}" fill="${fill}"/>`,
    ring: `<circle cx="${x}" cy="${y}" r="${r - 3}" fill="none" stroke="${fill}" stroke-width="5"/>`,
  }[kind];
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#fff"/>${element}</svg>`,
  );
}

/** Pictures of shapes, so many of each kind. */
export async function shapePictures(
  counts: Readonly<Record<string, number>>,
  { size = 16, seed = 0 }: { readonly size?: number; readonly seed?: number } = {},
): Promise<PictureSet> {
  const random = new RandomState(seed);
  const format = pictureFormatOptions.parse({ size });
  const kinds = Object.entries(counts).flatMap(([kind, count]) => new Array<string>(count).fill(kind));
  const length = pictureLength(pictureShape(format));
  const pixels = sharedArray(Uint8Array, kinds.length * length);
  const drawn = kinds.map((kind) => shapeSvg(kind, random));
  await Promise.all(drawn.map(async (svg, i) => pixels.set(await decodePicture(svg, format), i * length)));
  return new PictureSet({
    ...{ format, pixels, labels: kinds, classes: Object.keys(counts).sort() },
    files: kinds.map((kind, i) => `${kind}/${i}.svg`),
  });
}
