import { type Column, codeStrings, type Frame } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import { sharedArray } from '../core/shared.ts';
import { type Predictions, predictTable } from '../select/predict-table.ts';
import { defineCommand } from './command.ts';
import { number, onOff, text } from './flags.ts';
import { printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { count } from './layout.ts';
import { readModelTable } from './model-table.ts';
import { requireWritable } from './output-path.ts';
import { predictionLines } from './prediction-lines.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags } from './read-table.ts';
import { modelNote } from './registry/model-place.ts';
import { registryFlag } from './registry/registry-place.ts';
import { modelKinds, openModel } from './saved-model.ts';
import { printCsv, writeTable } from './write-table.ts';

/** Rows shown on a terminal. */
const SHOWN_ROWS = 20;

export const predict = defineCommand({
  name: 'predict',
  parameters: ['MODEL', 'DATA'],
  summary: 'Predicts the rows of a table with a saved model.',
  flags: {
    out: text('FILE', 'Write the table with its predictions: .csv, .tsv, .parquet, .json or .ndjson'),
    json: onOff('Print one object for programs, with every prediction'),
    threads: number('N', 'Threads to use at most; results do not depend on it'),
    ...registryFlag,
    ...readFlags,
  },
  notes: [
    modelNote,
    dataNote,
    'The table gets a column "prediction", and for classes one with the probability of each. Without --out and --json a terminal ' +
      'shows the first rows, and a pipe or file receives all of them as CSV.',
  ],
  examples: [
    'heddle predict house.heddle new.csv',
    'heddle predict house.heddle new.csv --out predicted.csv',
    'heddle predict house.heddle new.csv --json',
    'heddle predict house@champion new.csv --registry models',
  ],
  async run([path, data], flags, io) {
    if (flags.out !== undefined) await requireWritable(flags.out);
    const { model, table: record } = await openModel(path!, flags);
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const table = await readModelTable(data!, flags, modelKinds(model), { io, progress, warnings });
      const predictions = await predictTable(model, table, {
        signal: io.signal,
        threads: flags.threads,
        onProgress: (state) => progress.show('predicting', state),
      });
      progress.wipe();
      if (flags.out !== undefined) await writeTable(withPredictions(table, predictions), flags.out, io);
      if (flags.json) {
        const target = record?.target.name ?? null;
        const head = { model: record?.family ?? model.specification.name, problem: predictions.kind, target };
        printLine(
          io.stdout,
          jsonText({ ...head, rows: table.rows, ...contents(predictions), warnings, out: flags.out ?? null }),
        );
      } else if (flags.out !== undefined) {
        printLine(io.stdout, `${count(table.rows, 'row')} with predictions in ${flags.out}`);
      } else if (io.stdout.isTTY === true) {
        const rows = Math.min(SHOWN_ROWS, table.rows);
        for (const line of predictionLines(predictions, { rows })) printLine(io.stdout, line);
        if (rows < table.rows)
          printLine(io.stdout, `and ${count(table.rows - rows, 'more row')}; --out FILE writes all`);
      } else printCsv(withPredictions(table, predictions), io.stdout);
    } finally {
      progress.wipe();
    }
  },
});

function contents(predictions: Predictions): object {
  if (predictions.kind === 'regression') return { predictions: predictions.values };
  const { values, classes, probabilities } = predictions;
  return {
    predictions: values,
    classes,
    probabilities:
      probabilities && Array.from({ length: probabilities.rows }, (_, i) => probabilities.row(i)),
  };
}

/** The table with its predictions as further columns; a column of that name that was there already keeps it. */
function withPredictions(table: Frame, predictions: Predictions): Frame {
  if (predictions.kind === 'regression') {
    return add(table, 'prediction', { kind: 'number', values: predictions.values });
  }
  const { values, classes, probabilities } = predictions;
  let result = add(table, 'prediction', labelColumn(values));
  if (probabilities === undefined) return result;
  for (const [c, label] of classes.entries()) {
    result = add(result, `probability_${String(label)}`, { kind: 'number', values: probabilities.column(c) });
  }
  return result;
}

function add(table: Frame, name: string, column: Column): Frame {
  let free = name;
  for (let n = 1; table.has(free); n++) free = `${name}.${n}`;
  return table.with(free, column);
}

function labelColumn(labels: readonly Label[]): Column {
  if (typeof labels[0] === 'string') return codeStrings(labels.length, (i) => labels[i] as string);
  if (typeof labels[0] === 'boolean') {
    const values = sharedArray(Uint8Array, labels.length);
    for (const [i, label] of labels.entries()) values[i] = label === true ? 1 : 0;
    return { kind: 'boolean', values };
  }
  return { kind: 'number', values: Float64Array.from(labels as readonly number[]) };
}
