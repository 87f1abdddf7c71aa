import { DataError, OptionError } from '../core/errors.ts';
import { type Frame, takeColumn } from '../core/frame.ts';
import { evaluateModel } from '../select/evaluate-model.ts';
import { weightColumn } from '../select/feature-columns.ts';
import { rowsWithTarget } from '../select/target-values.ts';
import { defineCommand } from './command.ts';
import { number, onOff, text } from './flags.ts';
import { type Io, printLine, printWarning } from './io.ts';
import { jsonText } from './json-text.ts';
import { count } from './layout.ts';
import { metricLines } from './metric-lines.ts';
import { readModelTable } from './model-table.ts';
import { isFolder, pictureNote } from './pictures/picture-place.ts';
import { predictionLines } from './prediction-lines.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags } from './read-table.ts';
import { modelNote } from './registry/model-place.ts';
import { registryFlag } from './registry/registry-place.ts';
import { modelKinds, openModel, openSavedModel } from './saved-model.ts';

/** Rows whose predictions are shown. */
const SHOWN_ROWS = 20;

export const evaluate = defineCommand({
  name: 'evaluate',
  parameters: ['MODEL', 'DATA'],
  summary: 'Predicts a table with a saved model and compares with the truth in it.',
  flags: {
    target: text('COL', 'The column with the truth; by default the one the model was trained on'),
    weight: text('COL', 'The weight of each row; by default the column that training used, if any'),
    json: onOff('Print one object for programs'),
    threads: number('N', 'Threads to use at most; results do not depend on it'),
    ...registryFlag,
    ...readFlags,
  },
  notes: [
    modelNote,
    dataNote,
    pictureNote,
    'Rows without a truth are dropped and counted. All others are evaluated, also those of the training.',
  ],
  examples: [
    'heddle evaluate house.heddle sold.csv',
    'heddle evaluate house.heddle sold.csv --json',
    'heddle evaluate house@champion sold.csv',
    'heddle evaluate pet.heddle more-pets',
  ],
  async run([path, data], flags, io) {
    if (await isFolder(data!)) {
      const { evaluateOnPictures } = await import('./pictures/evaluate-pictures.ts');
      const { requireImageClassifier } = await import('../models/image-classifier/predict-pictures.ts');
      return evaluateOnPictures(
        requireImageClassifier(await openSavedModel(path!, flags), path!),
        data!,
        flags,
        io,
      );
    }
    const opened = await openModel(path!, flags);
    const { model, table: record } = opened;
    const target = flags.target ?? record?.target.name;
    if (target === undefined) {
      throw new OptionError(
        'command/missing-flag',
        `evaluate needs --target COL: '${path}' does not say which column it predicts.`,
        { flag: 'target' },
      );
    }
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const truthKind = record === undefined ? {} : { [target]: record.target.kind };
      const kinds = { ...modelKinds(model), ...truthKind };
      const table = await readModelTable(data!, flags, kinds, { io, progress, warnings });
      const truth = table.column(target);
      const kept = rowsWithTarget(truth);
      if (kept.length === 0) {
        throw new DataError(
          'data/no-target',
          `'${target}' is missing in all ${table.rows} rows of ${data}.`,
          {
            column: target,
          },
        );
      }
      const rows = { evaluated: kept.length, dropped: table.rows - kept.length };
      const weight = flags.weight ?? weightOfTraining(record?.weight ?? undefined, table, { io, warnings });
      const y = takeColumn(truth, kept);
      const { metrics, predictions } = await evaluateModel(model, table.take(kept), y, {
        signal: io.signal,
        threads: flags.threads,
        onProgress: (state) => progress.show('predicting', state),
        sampleWeight: weight === undefined ? undefined : weightsOf(table, weight, kept),
      });
      progress.wipe();
      const family = record?.family ?? model.specification.name;
      if (flags.json) {
        const shown = Array.from(predictions.values.slice(0, SHOWN_ROWS));
        const head = { model: family, problem: predictions.kind, target, rows };
        printLine(io.stdout, jsonText({ ...head, metrics, predictions: shown, warnings }));
        return;
      }
      const dropped = rows.dropped > 0 ? ` (${rows.dropped} without a truth dropped)` : '';
      printLine(io.stdout, `${family}, ${target}, on ${count(rows.evaluated, 'row')}${dropped}:`);
      for (const line of metricLines(metrics)) printLine(io.stdout, line);
      printLine(io.stdout);
      const lines = predictionLines(predictions, {
        rows: Math.min(5, kept.length),
        truth: y,
        rowNumbers: kept,
      });
      for (const line of lines) printLine(io.stdout, line);
    } finally {
      progress.wipe();
    }
  },
});

/** The column that training took weights from; a table without it is evaluated without weights, with a warning. */
function weightOfTraining(
  name: string | undefined,
  table: Frame,
  { io, warnings }: { readonly io: Io; readonly warnings: string[] },
): string | undefined {
  if (name === undefined || table.has(name)) return name;
  const message = `The model was trained with weights from '${name}', which the table lacks: every row weighs the same here.`;
  warnings.push(message);
  printWarning(io, message);
  return undefined;
}

function weightsOf(table: Frame, name: string, rows: Int32Array): Float64Array {
  const weights = weightColumn(name, table.column(name));
  return Float64Array.from(rows, (row) => weights[row]!);
}
