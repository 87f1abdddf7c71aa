import { writeFileAtomic } from '../../core/atomic-file.ts';
import { DataError } from '../../core/errors.ts';
import type { PictureShape } from './picture-format.ts';

/** A picture as numbers from 0 to 1, [channels, height, width] with 1 or 3 channels. */
export interface Tile {
  readonly shape: PictureShape;
  readonly values: ArrayLike<number>;
}

export interface SheetOptions {
  /** Tiles in a row; default: about as many as there are rows. */
  readonly columns?: number;
  /** Pixels of the sheet for each pixel of a tile, a side. Default 1. */
  readonly scale?: number;
  /** Pixels between tiles, and around them. Default 2. */
  readonly gap?: number;
}

/** Pictures of one size side by side, as a PNG file. @throws FileError; DataError for tiles of different sizes or none. */
export async function writePictureSheet(
  path: string,
  tiles: readonly Tile[],
  options: SheetOptions = {},
): Promise<void> {
  const { data, width, height } = drawSheet(tiles, options);
  const { default: sharp } = await import('sharp');
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  await writeFileAtomic(path, png);
}

/** The pixels of a sheet, [height, width, 3]. */
export function drawSheet(
  tiles: readonly Tile[],
  { columns = Math.ceil(Math.sqrt(tiles.length)), scale = 1, gap = 2 }: SheetOptions = {},
): { readonly data: Uint8Array; readonly width: number; readonly height: number } {
  const [, h, w] = tiles[0]?.shape ?? [0, 0, 0];
  if (tiles.length === 0 || tiles.some(({ shape }) => shape[1] !== h || shape[2] !== w))
    throw new DataError(
      'picture/format',
      `A sheet takes pictures of one size, but got ${tiles.length} of several.`,
    );
  const rows = Math.ceil(tiles.length / columns);
  const width = gap + columns * (scale * w + gap);
  const height = gap + rows * (scale * h + gap);
  const data = new Uint8Array(3 * width * height).fill(255);
  for (const [i, { shape, values }] of tiles.entries()) {
    const left = gap + (i % columns) * (scale * w + gap);
    const top = gap + Math.floor(i / columns) * (scale * h + gap);
    for (let y = 0; y < scale * h; y++) {
      for (let x = 0; x < scale * w; x++) {
        const at = Math.floor(y / scale) * w + Math.floor(x / scale);
        for (let c = 0; c < 3; c++) {
          const value = values[(shape[0] === 3 ? c * h * w : 0) + at]!;
          data[3 * ((top + y) * width + left + x) + c] = Math.round(255 * Math.min(1, Math.max(0, value)));
        }
      }
    }
  }
  return { data, width, height };
}
