import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodePicture } from './decode-picture.ts';
import { pictureFormatOptions } from './picture-format.ts';
import { drawSheet, writePictureSheet } from './picture-sheet.ts';
import { folderFor } from './pictures.fixture.ts';

const black = { shape: [1, 2, 2], values: [0, 0, 0, 0] } as const;
const red = { shape: [3, 2, 2], values: [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0] } as const;

test('pictures lie side by side, enlarged, with white between', () => {
  const { data, width, height } = drawSheet([black, red], { scale: 3, gap: 1 });
  assert.deepEqual([width, height], [15, 8]);
  const at = (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  assert.deepEqual(at(0, 0), [255, 255, 255]);
  assert.deepEqual(at(6, 6), [0, 0, 0]);
  assert.deepEqual(at(7, 4), [255, 255, 255]);
  assert.deepEqual(at(8, 1), [255, 0, 0]);
});

test('a sheet is written as PNG, and refused for pictures of several sizes or none', async (t) => {
  const path = join(await folderFor(t), 'sheet.png');
  await writePictureSheet(path, [red], { scale: 4, gap: 0 });
  const pixels = await decodePicture(path, pictureFormatOptions.parse({ size: 8 }));
  assert.deepEqual([pixels[0], pixels[64], pixels[128]], [255, 0, 0]);
  assert.throws(() => drawSheet([]), { code: 'picture/format' });
  assert.throws(() => drawSheet([black, { shape: [1, 1, 1], values: [0] }]), { code: 'picture/format' });
});
