import { findTableRecord } from '../select/table-record.ts';
import { defineCommand } from './command.ts';
import { number, onOff, text } from './flags.ts';
import { printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { count } from './layout.ts';
import { readModelTable } from './model-table.ts';
import { requireWritable } from './output-path.ts';
import { isPicturePlace, pictureNote } from './pictures/picture-place.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags } from './read-table.ts';
import { modelNote } from './registry/model-place.ts';
import { registryFlag } from './registry/registry-place.ts';
import { type RowOutput, rowOutput } from './row-output.ts';
import { modelKinds, openSavedModel } from './saved-model.ts';
import { printCsv, writeTable } from './write-table.ts';

/** Rows shown on a terminal. */
const SHOWN_ROWS = 20;

/** What a written table says of its rows. */
const written = {
  regression: 'with predictions',
  classification: 'with predictions',
  clustering: 'with clusters',
  transformation: 'transformed',
} as const satisfies Record<RowOutput['problem'], string>;

export const predict = defineCommand({
  name: 'predict',
  parameters: ['MODEL', 'DATA'],
  summary: 'Predicts the rows of a table with a saved model: values, classes, clusters, components.',
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
    pictureNote,
    'The table gets a column "prediction", and for classes one with the probability of each; of clusters a column "cluster"; a ' +
      'transformer puts its columns in place of those it reads. Without --out and --json a terminal ' +
      'shows the first rows, and a pipe or file receives all of them as CSV.',
  ],
  examples: [
    'heddle predict house.heddle new.csv',
    'heddle predict house.heddle new.csv --out predicted.csv',
    'heddle predict house.heddle new.csv --json',
    'heddle predict pet.heddle photo.jpg',
    'heddle predict groups.heddle customers.csv --out grouped.csv',
    'heddle predict house@champion new.csv --registry models',
  ],
  async run([path, data], flags, io) {
    if (flags.out !== undefined) await requireWritable(flags.out);
    const model = await openSavedModel(path!, flags);
    if (await isPicturePlace(data!)) {
      const { predictOnPictures } = await import('./pictures/predict-pictures.ts');
      const { requireImageClassifier } = await import('../models/image-classifier/predict-pictures.ts');
      return predictOnPictures(requireImageClassifier(model, path!), data!, flags, io);
    }
    const record = findTableRecord(model.summary);
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const table = await readModelTable(data!, flags, modelKinds(model), { io, progress, warnings });
      const output = await rowOutput(model, table, {
        signal: io.signal,
        threads: flags.threads,
        onProgress: (state) => progress.show('predicting', state),
      });
      progress.wipe();
      if (flags.out !== undefined) await writeTable(output.table, flags.out, io);
      if (flags.json) {
        const target = record?.target.name ?? null;
        const head = { model: record?.family ?? model.specification.name, problem: output.problem, target };
        printLine(
          io.stdout,
          jsonText({ ...head, rows: table.rows, ...output.json, warnings, out: flags.out ?? null }),
        );
      } else if (flags.out !== undefined) {
        printLine(io.stdout, `${count(table.rows, 'row')} ${written[output.problem]} in ${flags.out}`);
      } else if (io.stdout.isTTY === true) {
        const rows = Math.min(SHOWN_ROWS, table.rows);
        for (const line of output.lines(rows)) printLine(io.stdout, line);
        if (rows < table.rows)
          printLine(io.stdout, `and ${count(table.rows - rows, 'more row')}; --out FILE writes all`);
      } else printCsv(output.table, io.stdout);
    } finally {
      progress.wipe();
    }
  },
});
