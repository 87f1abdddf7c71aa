import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { DataError } from '../../core/errors.ts';
import { decodePicture } from './decode-picture.ts';
import { pictureFormatOptions } from './picture-format.ts';
import { PictureSet } from './picture-set.ts';
import { blackPng, drawing, folderFor, pictureBytes } from './pictures.fixture.ts';
import { readPictureFiles, readPictures } from './read-pictures.ts';

const format = (options: object = {}) => pictureFormatOptions.parse({ size: 8, ...options });
const red = '<rect width="32" height="64" fill="#ff0000"/>';

test('pictures of every common format decode to the same colours by channel', async () => {
  for (const kind of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
    const pixels = await decodePicture(await pictureBytes(red, kind), format());
    assert.equal(pixels.length, 3 * 64);
    const at = (channel: number, x: number) => pixels[channel * 64 + 4 * 8 + x]!;
    // Formats that lose something stay within a few shades away from the edge.
    for (const [channel, left] of [255, 0, 0].entries()) {
      assert.ok(Math.abs(at(channel, 0) - left) <= 8, `${kind}: channel ${channel} is ${at(channel, 0)}`);
      assert.ok(Math.abs(at(channel, 7) - 255) <= 8, `${kind}: white is ${at(channel, 7)}`);
    }
  }
  const vector = await decodePicture(drawing(red), format());
  assert.deepEqual([vector[0], vector[64], vector[128]], [255, 0, 0]);
});

test('a grey picture has one channel, a transparent one the background', async () => {
  const grey = await decodePicture(drawing('', '#808080'), format({ channels: 1 }));
  assert.deepEqual([grey.length, grey[0]], [64, 128]);
  const clear = await sharp({ create: { width: 4, height: 4, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const shown = await decodePicture(clear, format({ background: '#0000ff' }));
  assert.deepEqual([shown[0], shown[64], shown[128]], [0, 0, 255]);
  const shades = await sharp(drawing('', '#404040')).toColourspace('b-w').png().toBuffer();
  assert.deepEqual([...(await decodePicture(shades, format())).subarray(0, 1)], [64]);
});

test('the EXIF orientation turns a picture upright', async () => {
  // Orientation 6: the camera lay on its side, the first row of the file is the right edge.
  const turned = await sharp(drawing(red)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const pixels = await decodePicture(turned, format());
  const green = (x: number, y: number) => pixels[64 + 8 * y + x]!;
  assert.ok(green(4, 0) < 40 && green(4, 7) > 215, 'the red half is on top');
});

test('a picture that is not square is cut, framed or stretched', async () => {
  const wide = await sharp({ create: { width: 64, height: 32, channels: 3, background: '#000000' } })
    .png()
    .toBuffer();
  const corner = async (fit: string) => (await decodePicture(wide, format({ fit })))[0];
  assert.deepEqual([await corner('cover'), await corner('contain'), await corner('fill')], [0, 255, 0]);
});

test('margins of one colour, or transparent ones, are cut, so that what is drawn fills the picture alike', async () => {
  const square = (at: number, side: number) =>
    `<rect x="${at}" y="${at}" width="${side}" height="${side}" fill="#ff0000"/>`;
  const cut = format({ size: 16, margins: 'cut', fit: 'contain' });
  const clear = (inner: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${inner}</svg>`);
  const expected = Uint8Array.from({ length: 256 }, (_, at) => {
    const [x, y] = [at % 16, Math.floor(at / 16)];
    return x > 0 && x < 15 && y > 0 && y < 15 ? 0 : 255;
  });
  for (const picture of [drawing(square(8, 20)), drawing(square(20, 40)), clear(square(30, 14))])
    assert.deepEqual((await decodePicture(picture, cut)).subarray(256, 512), expected);
  // What is all of one colour has nothing to cut to.
  assert.equal((await decodePicture(drawing('', '#123456'), cut)).length, 3 * 256);
  // A wide one keeps its proportions where margins are to be added.
  const wide = await decodePicture(drawing('<rect x="4" y="30" width="56" height="14"/>'), cut);
  assert.deepEqual([wide[16 * 8 + 2], wide[16 * 2 + 8]], [0, 255]);
});

test('what is no picture, empty or cut off is refused by name', async () => {
  const whole = await pictureBytes('<circle cx="32" cy="32" r="20"/>', 'jpeg');
  const cases = {
    text: Buffer.from('no picture'),
    empty: Buffer.alloc(0),
    cut: whole.subarray(0, whole.length >> 1),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    await assert.rejects(decodePicture(bytes, format(), { name }), (error: unknown) => {
      assert.ok(error instanceof DataError && error.code === 'picture/unreadable', String(error));
      assert.match(error.message, new RegExp(name));
      return true;
    });
  }
});

test('a picture of 20,000 × 20,000 pixels is refused, or shrunk while it is read where maxPixels allows', async () => {
  const huge = blackPng(20_000, 20_000);
  await assert.rejects(decodePicture(huge, format()), { code: 'picture/too-large' });
  const before = process.memoryUsage.rss();
  const pixels = await decodePicture(huge, format({ channels: 1 }), { maxPixels: 500e6 });
  assert.ok(pixels.every((value) => value === 0));
  // Whole it would take 400 MB in the least; buffers of the library take some tens.
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert.ok(grown < 300, `${grown.toFixed(0)} MiB more`);
});

test('a folder of classes is read with what was skipped and why', async (t) => {
  const folder = await folderFor(t);
  for (const name of ['cat/more', 'dog']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'cat/b.png'), await pictureBytes(red));
  await writeFile(join(folder, 'cat/more/a.JPG'), await pictureBytes(red, 'jpeg'));
  await writeFile(join(folder, 'cat/text.png'), 'this is text');
  await writeFile(join(folder, 'cat/notes.txt'), 'this is ignored');
  await writeFile(join(folder, 'cat/.hidden.png'), 'this is not seen');
  await writeFile(join(folder, 'dog/c.webp'), await pictureBytes('', 'webp'));
  const shares: number[] = [];
  const found = await readPictures(
    folder,
    { size: 8 },
    { onProgress: ({ fraction }) => shares.push(fraction) },
  );
  assert.deepEqual(found.classes, ['cat', 'dog']);
  assert.deepEqual(found.labels, ['cat', 'cat', 'dog']);
  assert.deepEqual(
    found.files.map((file) => file.slice(folder.length + 1)),
    ['cat/b.png', 'cat/more/a.JPG', 'dog/c.webp'],
  );
  assert.equal(found.skipped.length, 1);
  assert.match(found.skipped[0]!.reason, /text\.png cannot be read: it is no PNG/);
  assert.equal(found.ignored, 1);
  assert.equal(shares.at(-1), 1);
  assert.deepEqual([...found.picture(2).subarray(0, 2)], [255, 255]);
  assert.deepEqual(await readPictures(folder, { size: 8 }), found);

  const matrix = found.toMatrix();
  assert.deepEqual([matrix.rows, matrix.columns, matrix.at(0, 0), matrix.at(0, 64)], [3, 192, 1, 0]);
  const part = found.take([2, 0]);
  assert.deepEqual([part.labels, part.picture(1)], [['dog', 'cat'], found.picture(0)]);
  assert.equal(PictureSet.concat([part, found]).count, 5);
});

test('a class without a picture that can be read is an error that names it', async (t) => {
  const folder = await folderFor(t);
  await mkdir(join(folder, 'cat'));
  await mkdir(join(folder, 'dog'));
  await writeFile(join(folder, 'cat/a.png'), await pictureBytes(red));
  await assert.rejects(readPictures(folder), {
    code: 'picture/empty-class',
    message: /'dog'.*holds no picture/,
  });
  await writeFile(join(folder, 'dog/a.png'), 'text');
  await assert.rejects(readPictures(folder), {
    code: 'picture/empty-class',
    message: /No picture of class 'dog'.*a\.png/,
  });
});

test('a folder without classes is an error, unless none are asked for', async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, 'a.png'), await pictureBytes(red));
  await assert.rejects(readPictures(folder), { code: 'picture/no-classes', message: /only 1 pictures/ });
  await assert.rejects(readPictures(join(folder, 'absent')), { code: 'file/not-found' });
  const found = await readPictures(folder, { classes: 'none', size: 4 });
  assert.deepEqual([found.count, found.labels, found.classes], [1, undefined, []]);
  await assert.rejects(readPictureFiles([join(folder, 'b.png')]), {
    code: 'picture/none',
    message: /b\.png/,
  });
});

test('mirrored pictures have left and right exchanged in every channel', () => {
  const pixels = Uint8Array.from({ length: 24 }, (_, at) => at);
  const set = new PictureSet({
    ...{ format: format({ size: 2 }), pixels, files: ['a', 'b'], labels: ['x', 'y'], classes: ['x', 'y'] },
  });
  const mirrored = set.mirrored();
  assert.deepEqual([...mirrored.picture(1).subarray(0, 6)], [13, 12, 15, 14, 17, 16]);
  assert.deepEqual(mirrored.mirrored(), set);
});

test('reading stops when it is told to', async (t) => {
  const folder = await folderFor(t);
  await mkdir(join(folder, 'cat'));
  for (let i = 0; i < 30; i++) await writeFile(join(folder, `cat/${i}.png`), await pictureBytes(red));
  const controller = new AbortController();
  await assert.rejects(
    readPictures(folder, { size: 4 }, { signal: controller.signal, onProgress: () => controller.abort() }),
    { name: 'AbortError' },
  );
});
