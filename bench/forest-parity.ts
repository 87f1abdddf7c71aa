/**
 * `node bench/forest-parity.ts FOLDER [--seeds 10] [--rows 6000]`: test scores of forests beside scikit-learn's, on tables of a folder
 * (breast_cancer.csv, digits.csv, attrition.csv, diabetes.csv, diamonds.csv), text by its order of appearance for both.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  extraTreesClassifier,
  extraTreesRegressor,
  type Frame,
  Matrix,
  RandomState,
  randomForestClassifier,
  randomForestRegressor,
  readCsv,
} from '../src/index.ts';
import { accuracyScore, r2Score } from '../src/metrics/index.ts';
import { peerPython } from './python.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '10' }, rows: { type: 'string', default: '6000' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name the folder that holds the tables.');
const seeds = Number(values.seeds);

interface Task {
  readonly name: string;
  readonly target: string;
  readonly problem: 'regression' | 'classification';
}

const tasks: readonly Task[] = [
  { name: 'breast_cancer', target: 'target', problem: 'classification' },
  { name: 'digits', target: 'target', problem: 'classification' },
  { name: 'attrition', target: 'Attrition', problem: 'classification' },
  { name: 'diabetes', target: 'target', problem: 'regression' },
  { name: 'diamonds', target: 'price', problem: 'regression' },
];

/** Numbers; text as the codes of its levels. */
function numbersOf(frame: Frame, name: string): ArrayLike<number> {
  const column = frame.column(name);
  return column.kind === 'string' ? column.codes : column.values;
}

const scratch = mkdtempSync(join(tmpdir(), 'heddle-forests-'));
try {
  const scores: Record<string, Record<string, number[]>> = {};
  const tables: object[] = [];
  for (const { name, target, problem } of tasks) {
    const whole = await readCsv(join(folder, `${name}.csv`));
    const order = new RandomState(0).permutation(whole.rows).slice(0, Number(values.rows));
    const frame = whole.take(order);
    const features = frame.names.filter((column) => column !== target);
    const x = Matrix.zeros(frame.rows, features.length);
    for (const [j, column] of features.entries()) {
      const numbers = numbersOf(frame, column);
      for (let i = 0; i < frame.rows; i++) x.data[i * features.length + j] = numbers[i]!;
    }
    const y = Float64Array.from(numbersOf(frame, target));
    writeFileSync(join(scratch, `${name}.x`), new Uint8Array(x.data.slice().buffer));
    writeFileSync(join(scratch, `${name}.y`), new Uint8Array(y.buffer));
    tables.push({ name, problem, columns: features.length });
    scores[name] = { 'random forest': [], 'random forest, histogram': [], 'extra trees': [] };
    for (let seed = 0; seed < seeds; seed++) {
      process.stderr.write(`\r${name}, seed ${seed} `);
      const rows = new RandomState(seed).permutation(frame.rows);
      const cut = Math.floor(frame.rows / 4);
      const [held, train] = [rows.slice(0, cut), rows.slice(cut)];
      const [xTrain, xHeld] = [x.take(train), x.take(held)];
      const [yTrain, yHeld] = [train, held].map((part) => Array.from(part, (row) => y[row]!));
      const common = { nEstimators: 100, randomState: seed };
      const isRegression = problem === 'regression';
      const forest = isRegression ? randomForestRegressor : randomForestClassifier;
      const extra = isRegression ? extraTreesRegressor : extraTreesClassifier;
      for (const [kind, model] of [
        ['random forest', forest.from(common)],
        ['random forest, histogram', forest.from({ ...common, splits: 'histogram' })],
        ['extra trees', extra.from(common)],
      ] as const) {
        const fitted = await (model as ReturnType<typeof randomForestRegressor>).fit(xTrain, yTrain!, {
          threads: 2,
        });
        const predicted = Array.from((await fitted.predict(xHeld)) as ArrayLike<number>);
        scores[name]![kind]!.push(
          isRegression ? r2Score(yHeld!, predicted) : accuracyScore(yHeld!, predicted),
        );
      }
    }
  }
  process.stderr.write('\n');
  writeFileSync(join(scratch, 'plan.json'), JSON.stringify({ tables, seeds }));
  const script = fileURLToPath(new URL('forest-parity.py', import.meta.url));
  const peer = JSON.parse(
    execFileSync(peerPython(), [script, scratch], { encoding: 'utf8' }),
  ) as typeof scores;
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const line = (cells: readonly string[]) =>
    `${cells[0]!.padEnd(16)}${cells[1]!.padEnd(26)}${cells
      .slice(2)
      .map((cell) => cell.padStart(14))
      .join('')}\n`;
  process.stdout.write(line(['table', 'forest', 'heddle', 'scikit-learn', 'difference']));
  for (const { name } of tasks) {
    for (const [kind, list] of Object.entries(scores[name]!)) {
      const theirs = mean(peer[name]![kind.replace(', histogram', '')]!);
      const own = mean(list);
      process.stdout.write(line([name, kind, own.toFixed(4), theirs.toFixed(4), (own - theirs).toFixed(4)]));
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
process.exit(0);
