/** `tables.ts AMES FOLDER`: known.csv, later.csv and quarter.csv of examples/lifecycle.sh. */
import { join } from 'node:path';
import { type Column, type Frame, RandomState, readCsv, writeCsv } from '../../src/index.ts';

const [ames, folder] = process.argv.slice(2) as [string, string];
const sales = (await readCsv(ames)).drop(['Order', 'PID']);
const order = new RandomState(7).permutation(sales.rows);
const later = sales.take(order.subarray(2000));

const scaled = (table: Frame, name: string, factor: number): Column => ({
  kind: 'number',
  values: table.numbers(name).map((value) => Math.round(value * factor)),
  missing: undefined,
});
const first = later.take(Int32Array.from({ length: 500 }, (_, i) => i));
const quarter = first
  .with('area', scaled(first, 'area', 1.33))
  .with('price', scaled(first, 'price', 1.6))
  .with('Neighborhood', { kind: 'string', codes: new Int32Array(first.rows), levels: ['Riverside'] });

await writeCsv(sales.take(order.subarray(0, 2000)), join(folder, 'known.csv'));
await writeCsv(later, join(folder, 'later.csv'));
await writeCsv(quarter, join(folder, 'quarter.csv'));
