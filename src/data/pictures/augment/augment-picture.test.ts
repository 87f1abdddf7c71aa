import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PictureShape } from '../picture-format.ts';
import { augmentPicture, mixRows } from './augment-picture.ts';
import { type Augmentation, augmentationOf, augmentationOptions } from './augmentation.ts';
import { beta, drawsOf } from './draws.ts';
import { shiftColours } from './shift-colours.ts';
import { drawWarp, warpPicture } from './warp-picture.ts';

const shape: PictureShape = [3, 10, 12];
const length = 3 * 10 * 12;
const picture = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);

function augmented(
  given: object,
  key = 1,
  source: Uint8Array | Float32Array = picture,
  of = shape,
): Float32Array {
  const augmentation: Augmentation = augmentationOptions.parse(given);
  const out = new Float32Array(source.length);
  augmentPicture(source, { shape: of, augmentation, key, blank: [0.25, 0.5, 0.75] }, out);
  return out;
}

test('without augmentation bytes become shares and other numbers stay', () => {
  assert.deepEqual(
    augmented({}),
    Float32Array.from(picture, (value) => value / 255),
  );
  const floats = Float32Array.from(picture, (value) => value - 300);
  assert.deepEqual(augmented({ colour: 1 }, 1, floats), floats);
});

test('the same key gives the same bits, another key another picture', () => {
  const strong = augmentationOf('strong');
  assert.deepEqual(augmented(strong, 7), augmented(strong, 7));
  assert.notDeepEqual(augmented(strong, 7), augmented(strong, 8));
});

test('every augmentation of bytes stays within 0 and 1', () => {
  const amount = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      amount,
      amount,
      fc.integer(),
      (shift, zoom, crop, colour, erase, key) => {
        const out = augmented(
          { flip: 'both', rotate: 180, shift, zoom, crop, colour, outline: colour, erase },
          key,
        );
        // Interpolation in float32 may exceed a border by a rounding.
        assert.ok(out.every((value) => value >= 0 && value <= 1 + 1e-6));
      },
    ),
    { numRuns: 60 },
  );
});

test('flips mirror half of the pictures', () => {
  const plain = augmented({});
  const mirrored = Float32Array.from(plain, (_, i) => plain[i - (i % 12) + 11 - (i % 12)]!);
  const close = (a: Float32Array, b: Float32Array) => a.every((value, i) => Math.abs(value - b[i]!) < 1e-5);
  let flipped = 0;
  for (let key = 0; key < 200; key++) {
    const out = augmented({ flip: 'horizontal' }, key);
    assert.ok(close(out, plain) || close(out, mirrored));
    if (!close(out, plain)) flipped++;
  }
  // Within four standard deviations of half.
  assert.ok(Math.abs(flipped - 100) < 28, `${flipped} of 200`);
});

test('a quarter turn, a shift and an enlargement move what they should', () => {
  const square: PictureShape = [1, 9, 9];
  const dot = new Float32Array(81);
  dot[9 * 4 + 7] = 1; // Column 7 of row 4, three to the right of the middle.
  const moved = (warp: Parameters<typeof warpPicture>[3]) => {
    const out = new Float32Array(81);
    warpPicture(dot, 1, square, warp, out);
    const at = out.indexOf(1);
    return [at % 9, Math.floor(at / 9)];
  };
  assert.deepEqual(moved([0, 1, 0, 1, 0, 0]), [4, 7]);
  assert.deepEqual(moved([1, 0, 2, 0, 1, -1]), [5, 5]);
  assert.deepEqual(moved([2, 0, -3, 0, 2, 0]), [5, 2]);
});

test('warps stay within the amounts that were asked for', () => {
  const wide = augmentationOptions.parse({ rotate: 30, shift: 0.2, zoom: 0.25 });
  for (let key = 0; key < 300; key++) {
    const [a, b, c, d, e, f] = drawWarp(wide, [1, 21, 21], drawsOf(key));
    const scale = Math.hypot(a, d);
    assert.ok(scale >= 1 / 1.25 - 1e-12 && scale <= 1.25 + 1e-12);
    assert.ok(Math.abs(Math.atan2(d, a)) <= Math.PI / 6 + 1e-12);
    // The middle, (10, 10), comes from at most a fifth of the side away.
    assert.ok(Math.abs(10 * a + 10 * b + c - 10) <= 0.2 * 21 + 1e-9);
    assert.ok(Math.abs(10 * d + 10 * e + f - 10) <= 0.2 * 21 + 1e-9);
  }
});

test('colours change, greys stay grey', () => {
  const grey = Float32Array.of(0.2, 0.6, 0.2, 0.6, 0.2, 0.6);
  shiftColours(grey, 3, 0.5, drawsOf(3));
  for (const p of [0, 1]) {
    // The rows of the map sum to 1 but for rounding, float32 here.
    assert.ok(Math.abs(grey[p]! - grey[p + 2]!) < 1e-6 && Math.abs(grey[p]! - grey[p + 4]!) < 1e-6);
  }
  const red = Float32Array.of(1, 0, 0);
  shiftColours(red, 3, 0.5, drawsOf(3));
  assert.notDeepEqual([...red], [1, 0, 0]);
});

test('outlines darken edges and nothing else', () => {
  const half = Uint8Array.from({ length }, (_, i) => (i % 12 < 6 ? 255 : 102));
  const out = augmented({ outline: 1 }, 5, half);
  const row = out.subarray(0, 12);
  for (const x of [0, 4, 7, 11]) assert.equal(row[x], half[x]! / 255 < 1 ? Math.fround(102 / 255) : 1);
  assert.ok(row[5]! < 1 && row[6]! < 0.4);
});

test('erasing blanks a rectangle with the blank of each channel', () => {
  const white = new Uint8Array(length).fill(255);
  const out = augmented({ erase: 0.9 }, 5, white);
  const counts = [0.25, 0.5, 0.75].map(
    (blank, c) => out.subarray(c * 120, (c + 1) * 120).filter((v) => v === blank).length,
  );
  assert.ok(counts[0]! > 0 && counts[0] === counts[1] && counts[1] === counts[2]);
});

test('pictures of some pixels keep their geometry', () => {
  const tiny = Float32Array.of(1, 2, 3);
  assert.deepEqual(augmented({ flip: 'both', rotate: 90, erase: 0.9 }, 1, tiny, [3, 1, 1]), tiny);
});

test('mixing lays two pictures and their targets over one another in the same parts', () => {
  const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const [ta, tb] = [Float32Array.of(1, 0, 0), Float32Array.of(0, 0, 1)];
  mixRows([a, b], [ta, tb], 0.4, 9);
  assert.deepEqual([a[0], a[1]], [ta[0], ta[2]]);
  assert.ok(Math.abs(ta[0]! + ta[2]! - 1) < 1e-6 && ta[0] === tb[2] && a[0]! > 0 && a[0]! < 1);
});

test('Beta(a, a) has mean 1/2 and variance 1 / (8 a + 4)', () => {
  for (const a of [0.2, 1, 3]) {
    const draw = drawsOf(11, Math.round(10 * a));
    const values = Float64Array.from({ length: 4000 }, () => beta(draw, a));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Five standard errors of 4,000 draws.
    assert.ok(Math.abs(mean - 0.5) < 0.04, `mean ${mean}`);
    assert.ok(Math.abs(variance * (8 * a + 4) - 1) < 0.12, `variance ${variance}`);
  }
});
