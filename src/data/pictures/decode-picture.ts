import { DataError } from '../../core/errors.ts';
import type { PictureFormat } from './picture-format.ts';

export interface DecodeOptions {
  /** Pixels of the picture in its file at most; a larger one is refused before it is decoded. Default 100 million. */
  readonly maxPixels?: number | undefined;
  /** Named in messages. */
  readonly name?: string | undefined;
}

export const MAX_PIXELS = 100e6;

/** Of the size on every side, where margins are cut. */
const MARGIN = 1 / 16;
/** Of 255: what the losses of a JPEG make of one colour counts as that colour. */
const SAME_COLOUR = 10;

type Sharp = typeof import('sharp')['default'];

/** The library that decodes, on threads of its own. */
let loaded: Promise<Sharp> | undefined;

async function load(): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  // Training reads every file once; what is kept of files would only take memory.
  sharp.cache(false);
  return sharp;
}

/**
 * One picture (PNG, JPEG, WebP, GIF, TIFF, AVIF or SVG; of an animation the first frame), turned upright as its EXIF orientation says and
 * brought to the format. Decoding and scaling run on threads of the library, never on the caller's; files are scaled down while they
 * are read, so that a large picture does not lie whole in memory.
 * @param source The path of a file, or its bytes.
 * @returns Bytes [channels, size, size].
 * @throws DataError `picture/unreadable` for what is no picture, is damaged or cut off; `picture/too-large` beyond `maxPixels`.
 */
export async function decodePicture(
  source: string | Uint8Array,
  { size, channels, fit, background, margins }: PictureFormat,
  { maxPixels = MAX_PIXELS, name }: DecodeOptions = {},
): Promise<Uint8Array> {
  loaded ??= load();
  const sharp = await loaded;
  const called = name ?? (typeof source === 'string' ? source : 'the picture');
  try {
    const margin = margins === 'cut' ? Math.round(size * MARGIN) : 0;
    const upright = sharp(source, { limitInputPixels: maxPixels, failOn: 'error' }).autoOrient();
    const shown = margins === 'cut' ? upright.trim({ threshold: SAME_COLOUR }) : upright;
    const { data, info } = await shown
      .flatten({ background })
      .resize(size - 2 * margin, size - 2 * margin, { fit, background })
      .extend({ top: margin, bottom: margin, left: margin, right: margin, background })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return byChannel(data, info.channels, channels);
  } catch (error) {
    throw unfit(error, called, maxPixels);
  }
}

/** From [pixels, given] to [wanted, pixels]; a channel that is missing is that of grey. */
function byChannel(data: Uint8Array, given: number, wanted: number): Uint8Array {
  const pixels = data.length / given;
  const out = new Uint8Array(wanted * pixels);
  for (let c = 0; c < wanted; c++) {
    const from = given >= wanted ? c : 0;
    for (let p = 0; p < pixels; p++) out[c * pixels + p] = data[p * given + from]!;
  }
  return out;
}

function unfit(error: unknown, name: string, maxPixels: number): DataError {
  const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  if (/exceeds pixel limit/i.test(reason)) {
    return new DataError(
      'picture/too-large',
      `${name} has more than ${(maxPixels / 1e6).toFixed(0)} million pixels. Raise maxPixels to have it scaled down while it is read.`,
      { file: name, maxPixels },
      error,
    );
  }
  const known: readonly (readonly [RegExp, string])[] = [
    [/missing/i, 'there is no such file'],
    [/unsupported image format|is empty/i, 'it is no PNG, JPEG, WebP, GIF, TIFF, AVIF or SVG picture'],
  ];
  const what = known.find(([pattern]) => pattern.test(reason))?.[1] ?? `it is damaged (${reason.trim()})`;
  return new DataError(
    'picture/unreadable',
    `${name} cannot be read: ${what}.`,
    { file: name, reason: what },
    error,
  );
}
