/**
 * `node bench/boosting-parity.ts FILE TARGET [--repeats 10] [--rows 20000] [--drop a,b]`: gradient boosting beside LightGBM with the same
 * settings (100 trees of 31 leaves, texts as categories) on `repeats` × 5 folds of a table. Prints the mean losses and the paired 95% interval
 * of their relative difference, also corrected for the rows that folds share; fails when the paired one reaches above +1%.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Column, Frame } from '../src/core/frame.ts';
import { isMissing, takeColumn } from '../src/core/frame.ts';
import { RandomState } from '../src/core/random.ts';
import { readCsv } from '../src/data/read/read-csv.ts';
import { readParquet } from '../src/data/read/read-parquet.ts';
import { gradientBoostingClassifier } from '../src/models/gradient-boosting/gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from '../src/models/gradient-boosting/gradient-boosting-regressor.ts';
import { peerPython } from './python.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: 'string', default: '10' },
    rows: { type: 'string', default: '1000000' },
    drop: { type: 'string', default: '' },
  },
});
const [file, target] = positionals as [string, string];
const options = { nEstimators: 100, maxLeafNodes: 31, learningRate: 0.1, minSamplesLeaf: 20 };
const FOLDS = 5;
/** Two-sided 95% of t with many degrees of freedom, rounded up for 49. */
const T = 2.01;

const read = await (file.endsWith('.parquet') ? readParquet(file) : readCsv(file));
const { x, y, kind } = prepare(read);
const folds = drawFolds(x.rows, Number(values.repeats));
const losses: number[] = [];
for (const [train, test] of folds) losses.push(await lossOn(train, test));
const peer = JSON.parse(
  execFileSync(peerPython(), [fileURLToPath(new URL('boosting-parity.py', import.meta.url))], {
    input: JSON.stringify({
      kind,
      y,
      folds,
      columns: x.entries().map(([name, column]) => asJson(name, column)),
    }),
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString(),
) as number[];
report(losses, peer);

/** Rows with a target, texts of two levels as classes, no dates. */
function prepare(frame: Frame) {
  const random = new RandomState(0);
  const column = frame.column(target);
  let rows = Array.from({ length: frame.rows }, (_, i) => i).filter((i) => !isMissing(column, i));
  const most = Number(values.rows);
  if (rows.length > most)
    rows = Array.from(random.permutation(Int32Array.from(rows)).subarray(0, most).sort());
  const dates = frame.entries().flatMap(([name, { kind: of }]) => (of === 'date' ? [name] : []));
  const left = [target, ...dates, ...values.drop.split(',').filter(Boolean)];
  const own = takeColumn(column, rows);
  const isClasses = own.kind === 'string' || own.kind === 'boolean';
  const numbers = own.kind === 'string' ? own.codes : own.values;
  return {
    x: frame.drop(left).take(rows),
    y: Array.from(numbers),
    kind: isClasses ? ('classifier' as const) : ('regressor' as const),
  };
}

function drawFolds(rows: number, repeats: number): [number[], number[]][] {
  return Array.from({ length: repeats }, (_, seed) => {
    const order = Array.from(new RandomState(seed).permutation(rows) as ArrayLike<number>);
    return Array.from({ length: FOLDS }, (__, fold): [number[], number[]] => [
      order.filter((_row, i) => i % FOLDS !== fold),
      order.filter((_row, i) => i % FOLDS === fold),
    ]);
  }).flat();
}

async function lossOn(train: number[], test: number[]): Promise<number> {
  const [yTrain, yTest] = [train.map((i) => y[i]!), test.map((i) => y[i]!)];
  const [xTrain, xTest] = [x.take(train), x.take(test)];
  if (kind === 'regressor') {
    const predicted = await (await gradientBoostingRegressor(options).fit(xTrain, yTrain)).predict(xTest);
    return yTest.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0) / yTest.length;
  }
  const shares = await (await gradientBoostingClassifier(options).fit(xTrain, yTrain)).predictProba(xTest);
  return (
    -yTest.reduce((sum, code, i) => sum + Math.log(Math.max(1e-15, shares.at(i, code))), 0) / yTest.length
  );
}

function asJson(name: string, column: Column) {
  if (column.kind === 'string')
    return { name, kind: 'string', codes: Array.from(column.codes), levels: column.levels };
  const numbers = Array.from(column.values, (value, i) =>
    isMissing(column, i) || Number.isNaN(value) ? null : value,
  );
  return { name, kind: 'number', values: numbers };
}

function report(own: readonly number[], others: readonly number[]): void {
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const base = mean(others);
  const differences = own.map((loss, i) => (loss - others[i]!) / base);
  const center = mean(differences);
  const variance = differences.reduce((sum, d) => sum + (d - center) ** 2, 0) / (differences.length - 1);
  const spread = Math.sqrt(variance / differences.length);
  // Folds share most of their training rows: C. Nadeau, Y. Bengio, "Inference for the generalization error" (2003) widen the interval for it.
  const corrected = Math.sqrt((1 / differences.length + 1 / (FOLDS - 1)) * variance);
  const percent = (value: number) => `${value >= 0 ? '+' : '−'}${(100 * Math.abs(value)).toFixed(2)}%`;
  const interval = (error: number) => `${percent(center - T * error)} … ${percent(center + T * error)}`;
  process.stdout.write(
    `${target}: ${x.rows.toLocaleString('en')} rows, ${differences.length} folds; heddle ${mean(own).toPrecision(6)}, LightGBM ${base.toPrecision(6)}; ` +
      `difference ${percent(center)}, paired ${interval(spread)}, corrected for shared rows ${interval(corrected)}\n`,
  );
  if (!(center + T * spread < 0.01)) process.exitCode = 1;
}
process.exit();
