import { OptionError } from '../core/errors.ts';
import { isUsed } from '../select/column-role.ts';
import type { TrainTableOptions } from '../select/train-options.ts';
import { type TrainedTable, trainTable } from '../select/train-table.ts';
import { defineCommand } from './command.ts';
import { list, number, onOff, text, texts } from './flags.ts';
import { type Io, printLine, printWarning } from './io.ts';
import { jsonText } from './json-text.ts';
import { count, joinWords, layOut, shorten } from './layout.ts';
import { metricLines } from './metric-lines.ts';
import { requireWritable } from './output-path.ts';
import { firstCells, predictionLines } from './prediction-lines.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags, readTable } from './read-table.ts';

/** Test rows whose predictions are shown. */
const SHOWN_ROWS = 20;

export const train = defineCommand({
  name: 'train',
  parameters: ['DATA'],
  summary: 'Trains a model on a table, evaluates it on rows it never saw, and saves it with its preparation.',
  flags: {
    target: text('COL', 'The column to predict (required)'),
    features: list('COL,…', 'The columns to learn from; by default all others'),
    drop: list('COL,…', 'Columns to leave out'),
    categorical: list('COL,…', 'Columns of numbers that are codes of categories'),
    weight: text('COL', 'The weight of each row, in training and evaluation'),
    group: text('COL', 'Rows with the same value stay on one side of the split'),
    time: text('COL', 'Later rows by this column become the test rows'),
    model: text(
      'FAMILY',
      'The model, e.g. ridge (see `heddle models`); by default one that suits the problem',
    ),
    problem: text('KIND', 'regression or classification; by default the target decides'),
    positive: text(
      'CLASS',
      'Of two classes, the one that precision, recall, … are about; by default the second',
    ),
    set: texts('NAME=VALUE', 'An option of the model, e.g. alpha=0.1; may be repeated'),
    'test-size': number('SIZE', 'Test rows as a share (rounded up) or a count; 0.2 by default'),
    stratify: onOff('Keep the shares of the classes in training and test rows'),
    seed: number('N', 'Seed of the split and of the model; 42 by default'),
    out: text('FILE', 'Save the model with its preparation, e.g. model.heddle'),
    json: onOff('Print one object for programs'),
    threads: number('N', 'Threads to use at most; results do not depend on it'),
    ...readFlags,
  },
  notes: [
    dataNote,
    'Rows without a target are dropped. Gaps are filled, categories encoded, dates taken apart; columns are standardised where the ' +
      'model profits. Identifiers, free text, constant and empty columns are left out unless --features names them.',
  ],
  examples: [
    'heddle train houses.csv --target price',
    'heddle train houses.csv --target price --model ridge --set alpha=10 --out house.heddle',
    'heddle train churn.csv --target churn --positive yes --group customer --json',
  ],
  async run([data], flags, io) {
    if (flags.target === undefined) {
      throw new OptionError('command/missing-flag', 'train needs --target COL, the column to predict.', {
        flag: 'target',
      });
    }
    const options: TrainTableOptions = {
      target: flags.target,
      features: flags.features,
      drop: flags.drop ?? [],
      categorical: flags.categorical ?? [],
      ...{ weight: flags.weight, group: flags.group, time: flags.time, model: flags.model },
      problem: problemOf(flags.problem),
      positiveClass: flags.positive,
      modelOptionTexts: settings(flags.set),
      testSize: flags['test-size'],
      stratify: flags.stratify,
      seed: flags.seed,
    };
    if (flags.out !== undefined) await requireWritable(flags.out);
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const table = await readTable(data!, flags, { io, progress, warnings });
      const trained = await trainTable(table, options, {
        signal: io.signal,
        threads: flags.threads,
        onProgress: (state) => progress.show('training', state),
        onWarning: ({ message }) => {
          progress.wipe();
          printWarning(io, message);
        },
      });
      progress.wipe();
      warnings.push(...trained.warnings);
      if (flags.out !== undefined) {
        const { saveTrained } = await import('../monitor/trained-model.ts');
        await saveTrained(trained, options, table, flags.out, { source: data! });
      }
      const run = { trained, target: flags.target, warnings, out: flags.out ?? null };
      if (flags.json) printLine(io.stdout, jsonText(summary(run)));
      else report(run, io);
    } finally {
      progress.wipe();
    }
  },
});

interface TrainRun {
  readonly trained: TrainedTable;
  readonly target: string;
  readonly warnings: readonly string[];
  readonly out: string | null;
}

/** The object that `--json` prints. */
function summary({ trained, target, warnings, out }: TrainRun): object {
  const { choice, evaluation, columns } = trained;
  const { predictions } = evaluation;
  const shown = Math.min(SHOWN_ROWS, trained.rows.test);
  return {
    model: choice.family,
    problem: choice.problem,
    problemReason: choice.problemReason,
    target,
    ...(trained.classes && { classes: trained.classes, positiveClass: trained.positiveClass ?? null }),
    options: choice.specification.toJSON().options,
    rows: trained.rows,
    features: trained.features,
    leftOut: columns
      .filter((column) => !isUsed(column))
      .map(({ name, role, reason }) => ({ name, role, reason })),
    preparation: trained.steps,
    metrics: evaluation.metrics,
    predictions: Array.from(predictions.values.slice(0, shown)),
    truth: firstCells(trained.truth, shown),
    testRows: trained.testRows.slice(0, shown),
    warnings,
    seconds: trained.seconds,
    out,
  };
}

function report({ trained, target, out }: TrainRun, io: Io): void {
  const { choice, rows, features, columns, steps, evaluation } = trained;
  const options = Object.entries(choice.specification.toJSON().options).map(
    ([name, value]) => `${name} ${jsonText(value)}`,
  );
  const leftOut = columns.filter((column) => !isUsed(column));
  const lines = [
    ['problem', `${choice.problem}: ${choice.problemReason}`],
    ['model', `${choice.family}${choice.isDefault ? ' (the default; --model names another)' : ''}`],
    ['options', options.join(', ') || 'none'],
    [
      'rows',
      `${rows.train} to train, ${rows.test} to test${rows.dropped > 0 ? `, ${rows.dropped} dropped` : ''}`,
    ],
    ['features', `${features.length}: ${shorten(features.join(', '), 90)}`],
    ...leftOut.map(({ name, reason }, i) => [i === 0 ? 'left out' : '', `${name} ${reason}`]),
    ...steps.map((step, i) => [i === 0 ? 'prepared' : '', step]),
    ['trained', `in ${trained.seconds.toFixed(2)} s`],
    ...(out === null ? [] : [['saved', out]]),
  ];
  for (const line of layOut(lines, ['left', 'left'])) printLine(io.stdout, line);
  printLine(io.stdout);
  printLine(io.stdout, `${target}, on ${count(rows.test, 'test row')}:`);
  for (const line of metricLines(evaluation.metrics)) printLine(io.stdout, line);
  printLine(io.stdout);
  const shown = Math.min(5, rows.test);
  for (const line of predictionLines(evaluation.predictions, {
    rows: shown,
    truth: trained.truth,
    rowNumbers: trained.testRows,
  })) {
    printLine(io.stdout, line);
  }
}

function problemOf(given: string | undefined): 'regression' | 'classification' | undefined {
  if (given === undefined || given === 'regression' || given === 'classification') return given;
  throw new OptionError(
    'command/bad-flag',
    `--problem is ${joinWords(['regression', 'classification']).replace(' and ', ' or ')}, not '${given}'.`,
    { flag: 'problem' },
  );
}

/** `alpha=0.1` as entries; the last one wins. */
function settings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((setting) => {
      const at = setting.indexOf('=');
      if (at > 0) return [setting.slice(0, at).trim(), setting.slice(at + 1).trim()];
      throw new OptionError(
        'command/bad-flag',
        `--set takes NAME=VALUE, e.g. alpha=0.1, but got '${setting}'.`,
        {
          flag: 'set',
        },
      );
    }),
  );
}
