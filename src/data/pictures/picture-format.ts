import { z } from 'zod';
import { integers, option } from '../../core/options.ts';

/** How pictures of any size become rows of numbers of one size. */
export const pictureFormatOptions = z.strictObject({
  size: option(
    z.int().min(1).max(2048).default(64),
    'Width and height in pixels that every picture is brought to.',
    integers(16, 128, true),
  ),
  channels: option(
    z.union([z.literal(1), z.literal(3)]).default(3),
    '3 for red, green and blue, 1 for shades of grey.',
  ),
  fit: option(
    z.enum(['cover', 'contain', 'fill']).default('cover'),
    'How a picture that is not square becomes so: cut at the longer sides (cover), with margins (contain) or stretched (fill).',
  ),
  background: option(
    z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'a colour such as #ffffff')
      .default('#ffffff'),
    'The colour behind what is transparent, and of margins.',
  ),
  margins: option(
    z.enum(['keep', 'cut']).default('keep'),
    'cut: edges that are transparent or of the colour of the upper left corner are cut off first and margins of a sixteenth put around, so that what is drawn has the same size in all pictures.',
  ),
});

/** Plain data, so that a model remembers what its pictures looked like. */
export type PictureFormat = z.output<typeof pictureFormatOptions>;

/** [channels, height, width]. */
export type PictureShape = readonly [channels: number, height: number, width: number];

export function pictureShape({ channels, size }: Pick<PictureFormat, 'channels' | 'size'>): PictureShape {
  return [channels, size, size];
}

/** Numbers of a picture. */
export function pictureLength([channels, height, width]: PictureShape): number {
  return channels * height * width;
}
