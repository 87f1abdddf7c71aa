import { DataError, OptionError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import { countFeedback, type FeedbackCounts } from '../monitor/log/count-feedback.ts';
import { readLog } from '../monitor/log/read-log.ts';
import { findKnownRows } from '../monitor/retrain/known-rows.ts';
import { retrain as retrainModel } from '../monitor/retrain/retrain.ts';
import type { SourcedTable } from '../monitor/retrain/retrain-options.ts';
import { requirePredictor, type TrainedModel, trainedFacts } from '../monitor/trained-model.ts';
import { fingerprintTable } from '../select/fingerprint-table.ts';
import { openRegistry } from '../store/registry/open-registry.ts';
import { defineCommand } from './command.ts';
import { type FlagValues, number, onOff, text, texts } from './flags.ts';
import { printLine, printWarning } from './io.ts';
import { jsonText } from './json-text.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags, readTable, type TableReading } from './read-table.ts';
import { registryFlag, registryFolder } from './registry/registry-place.ts';
import { retrainLines } from './retrain/retrain-lines.ts';

/** The challenger was not good enough: for scripts that tell it from a failure. */
const NOT_PROMOTED = 3;

const flags = {
  data: text(
    'DATA',
    'The table the champion was trained on; by default where it came from, if that is unchanged',
  ),
  add: texts('DATA', 'New labelled rows; may be repeated'),
  log: text('FILE', 'Prediction log of the server: rows whose label users corrected'),
  metric: text('NAME', 'What decides; by default r2, rocAuc for two classes, f1 for more'),
  margin: number('X', 'By how much the challenger must be better, in units of the metric; 0 by default'),
  criterion: text(
    'WHAT',
    'What must exceed the margin: score (default), or interval, all of the 95% interval',
  ),
  model: text(
    'FAMILY',
    "Another family for the challenger, or auto; by default the champion's, with its options",
  ),
  'budget-seconds': number(
    'S',
    'With --model auto: seconds that the comparison may take; 60 by default, with 60 trials',
  ),
  'budget-trials': number('N', 'With --model auto: sets of options that it may try'),
  'hold-out': number('SHARE', 'Share of the new rows that neither model learns from; 0.2 by default'),
  'dry-run': onOff('Compare only: register and promote nothing'),
  seed: number('N', "Seed of the division and of the model; the champion's by default"),
  threads: number('N', 'Threads to use at most; results do not depend on it'),
  ...registryFlag,
  json: onOff('Print one object for programs'),
  ...readFlags,
};

export const retrain = defineCommand({
  name: 'retrain',
  parameters: ['NAME'],
  summary:
    'Trains a challenger to the champion of the registry on old and new rows, and promotes it if it is better.',
  flags,
  notes: [
    dataNote,
    'Both models are compared on rows that neither learned from: the test rows of the champion and a share of the new rows. A better ' +
      'challenger becomes champion; in any case it is registered with the alias challenger, and the history says why.',
    'Exit code: 0 when the challenger was promoted (or would be, with --dry-run), 3 when it was not, 1 for a failure.',
  ],
  examples: [
    'heddle retrain house --data old.csv --add may.csv --log predictions.db',
    'heddle retrain house --add may.csv --metric rmse --margin 500 --criterion interval',
    'heddle retrain house --add may.csv --model auto --dry-run --json',
  ],
  async run([name], given, io) {
    const criterion = criterionOf(given.criterion);
    const budget = budgetOf(given);
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      using registry = await openRegistry(registryFolder(given));
      const { version, model } = await registry.load(name!);
      const reference = `${version.name}@${version.version}`;
      const predictor = requirePredictor(model, reference);
      const champion = { model: predictor, ...trainedFacts(predictor) };
      const reading = { io, progress, warnings };
      const tables = await oldTables(champion, reference, given, reading);
      const kinds = kindsOf(tables[0]!.rows, champion);
      for (const source of given.add) {
        tables.push({ source, rows: await readTable(source, given, { ...reading, kinds }) });
      }
      const log = given.log === undefined ? undefined : await readFeedback(given.log, version.name);
      const result = await retrainModel(
        {
          ...{
            registry,
            name: version.name,
            data: tables[0]!,
            added: tables.slice(1),
            feedback: log?.window,
          },
          ...{ metric: given.metric, margin: given.margin, criterion, model: given.model },
          budget,
          ...{
            holdOut: given['hold-out'],
            seed: given.seed,
            action: given['dry-run'] ? 'compare' : 'promote',
          },
        },
        {
          signal: io.signal,
          threads: given.threads,
          onProgress: (state) => progress.show('training', state),
        },
      );
      progress.wipe();
      const unlabelled =
        log?.window.ids.length === 0
          ? [`'${given.log}' has no labelled predictions of '${version.name}'.`]
          : [];
      // Those of reading were printed as they came.
      const late = [...unlabelled, ...result.warnings];
      for (const message of late) printWarning(io, message);
      warnings.push(...late);
      const feedback = log?.counts ?? null;
      if (given.json) printLine(io.stdout, jsonText({ ...result, warnings, feedback }));
      else for (const line of retrainLines(result, feedback)) printLine(io.stdout, line);
      return result.decision === 'promoted' || result.decision === 'would-promote' ? 0 : NOT_PROMOTED;
    } finally {
      progress.wipe();
    }
  },
});

function budgetOf(given: FlagValues<typeof flags>) {
  const [seconds, trials] = [given['budget-seconds'], given['budget-trials']];
  if (seconds === undefined && trials === undefined) return undefined;
  if (given.model === 'auto')
    return { ...(seconds !== undefined && { seconds }), ...(trials !== undefined && { trials }) };
  throw new OptionError('command/bad-flag', '--budget-seconds and --budget-trials are for --model auto.', {
    flag: seconds === undefined ? 'budget-trials' : 'budget-seconds',
  });
}

function criterionOf(given: string | undefined): 'score' | 'interval' | undefined {
  if (given === undefined || given === 'score' || given === 'interval') return given;
  throw new OptionError('command/bad-flag', `--criterion is score or interval, not '${given}'.`, {
    flag: 'criterion',
  });
}

/** The tables that the champion learned from: the one that is given, else those it names, if they are what they were. */
async function oldTables(
  { model, table }: TrainedModel,
  reference: string,
  given: Parameters<typeof readTable>[1] & { readonly data: string | undefined },
  reading: TableReading,
): Promise<SourcedTable[]> {
  if (given.data !== undefined)
    return [{ source: given.data, rows: await readTable(given.data, given, reading) }];
  const own = table?.data;
  const single = own?.source ? [{ source: own.source, fingerprint: own.fingerprint }] : [];
  const sources = findKnownRows(model.summary)?.sources ?? single;
  if (sources.length === 0) {
    throw new OptionError(
      'command/missing-flag',
      `retrain needs --data DATA: ${reference} does not say which table it was trained on.`,
      { flag: 'data' },
    );
  }
  const tables: SourcedTable[] = [];
  for (const { source, fingerprint } of sources) {
    const kinds = tables.length === 0 ? {} : kindsOf(tables[0]!.rows, { model, table });
    const rows = await readTable(source, given, { ...reading, kinds });
    if ((await fingerprintTable(rows)) !== fingerprint) {
      throw new DataError(
        'retrain/other-data',
        `'${source}' is not what it was when ${reference} was trained on it (its fingerprint differs). Say --data DATA: the rows that ` +
          'the champion knows are found in it where it says which they were, else the models are compared on new rows alone.',
        { source },
      );
    }
    tables.push({ source, rows });
  }
  return tables;
}

/** Columns of added tables have the kinds of the old one's, whatever they happen to hold. */
function kindsOf(rows: Frame, { model, table }: Pick<TrainedModel, 'model' | 'table'>) {
  const used = [...(model.schema.names ?? []), ...(table === undefined ? [] : [table.target.name])];
  return Object.fromEntries(
    used.filter((name) => rows.has(name)).map((name) => [name, rows.column(name).kind]),
  );
}

async function readFeedback(path: string, model: string) {
  const counts: FeedbackCounts = await countFeedback(path, model);
  return { counts, window: await readLog(path, { model, labelled: true }) };
}
