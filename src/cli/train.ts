import type { Frame } from '../core/frame.ts';
import { getScorer } from '../metrics/registry.ts';
import { weightColumn } from '../select/feature-columns.ts';
import type { MetricRecord } from '../select/run/run-record.ts';
import { type TrainedTable, trainTable } from '../select/train-table.ts';
import type { ModelVersion } from '../store/registry/registry.ts';
import { defineCommand } from './command.ts';
import { type Io, printLine } from './io.ts';
import { type CommandWork, jobOptions } from './job-options.ts';
import { jsonText } from './json-text.ts';
import { requireWritable } from './output-path.ts';
import { isFolder, pictureNote } from './pictures/picture-place.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readTable } from './read-table.ts';
import { registerTrained, requireRegistrable } from './registry/register-trained.ts';
import { saveCurve } from './train/curve.ts';
import {
  repeatCommand,
  type TrainFlags,
  type TrainRequest,
  trainFlags,
  trainRequest,
} from './train/flags.ts';
import { printTraining } from './train/report.ts';
import { trainSummary } from './train/summary.ts';

export const train = defineCommand({
  name: 'train',
  parameters: ['DATA'],
  summary:
    'Trains a model on a table, evaluates it on rows it never saw, and saves it with its preparation. Without --model it compares ' +
    'all models that suit.',
  flags: trainFlags,
  notes: [
    dataNote,
    pictureNote,
    'Rows without a target are dropped. Gaps are filled, categories encoded, dates taken apart; columns are standardised where the ' +
      'model profits. Identifiers, free text, constant and empty columns are left out unless --features names them.',
    'Models are compared by cross-validation of the training rows, with tuned options, beside a naive baseline; where one that people can ' +
      'read is within a standard error of the best, it is taken. The test rows are used once, by the model that was chosen.',
  ],
  examples: [
    'heddle train houses.csv --target price',
    'heddle train houses.csv --target price --budget-seconds 300 --metric mae --run runs/houses',
    'heddle train houses.csv --target price --model ridge --set alpha=10 --out house.heddle',
    'heddle train churn.csv --target churn --positive yes --group customer --json',
    'heddle train houses.csv --target price --register house --alias champion',
    'heddle train churn.csv --target churn --model mlp --curve curve.svg --checkpoint churn.training',
    'heddle train pets --model image-classifier --set size=96 --out pet.heddle',
  ],
  async run([data], flags, io) {
    const startedAt = new Date();
    if (await isFolder(data!)) {
      const { trainOnPictures } = await import('./pictures/train-pictures.ts');
      return trainOnPictures(data!, flags, io);
    }
    const request = trainRequest(flags);
    for (const path of [flags.out, flags.curve]) if (path !== undefined) await requireWritable(path);
    await requireRegistrable(flags);
    if (flags.run !== undefined) {
      const { requireRunFolder } = await import('../select/run/run-folder.ts');
      await requireRunFolder(flags.run);
    }
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const table = await readTable(data!, flags, { io, progress, warnings });
      const surroundings = { io, flags, progress };
      const trained = await trainRequested(table, request, surroundings);
      warnings.push(...trained.warnings);
      if (flags.curve !== undefined) await saveCurve(trained.model, flags.curve);
      if (flags.out !== undefined) await save(trained, request, table, flags.out, data!);
      const metrics =
        flags.run === undefined
          ? await testMetrics(trained, request, table, io)
          : await saveFolder(trained, request, table, { ...surroundings, data: data!, startedAt, warnings });
      const registered = await registerIfAsked(trained, request, table, data!, flags);
      progress.wipe();
      const { out = null, run = null } = flags;
      const ended = { trained, metrics, target: request.options.target, warnings, out, run };
      if (flags.json) printLine(io.stdout, jsonText({ ...trainSummary(ended), registered }));
      else {
        printTraining(ended, io);
        if (registered !== null) printLine(io.stdout, registeredLine(registered));
      }
    } finally {
      progress.wipe();
    }
  },
});

interface Surroundings extends Omit<CommandWork, 'warnings'> {
  readonly flags: TrainFlags;
}

async function trainRequested(
  table: Frame,
  request: TrainRequest,
  surroundings: Surroundings,
): Promise<TrainedTable> {
  if (request.kind === 'named') {
    const { checkpoint } = surroundings.flags;
    return trainTable(table, request.options, {
      ...jobOptions('training', surroundings),
      checkpoint: checkpoint === undefined ? undefined : { path: checkpoint },
    });
  }
  const { autoTrain } = await import('../select/auto/auto-train.ts');
  return autoTrain(table, request.options, jobOptions('comparing', surroundings));
}

async function save(
  trained: TrainedTable,
  { options }: TrainRequest,
  table: Frame,
  path: string,
  source: string,
): Promise<void> {
  const { saveTrained } = await import('../monitor/trained-model.ts');
  await saveTrained(trained, options, table, path, { source });
}

/** The version that the model became; null without --register. */
async function registerIfAsked(
  trained: TrainedTable,
  request: TrainRequest,
  table: Frame,
  source: string,
  flags: TrainFlags,
): Promise<ModelVersion | null> {
  const { register } = flags;
  if (register === undefined) return null;
  const note = `${trained.choice.family}: ${trained.choice.reason}`;
  return registerTrained((file) => save(trained, request, table, file, source), { ...flags, register }, note);
}

function registeredLine({ name, version, aliases }: ModelVersion): string {
  return `\nregistered as ${name}@${version}${aliases.length === 0 ? '' : ` (${aliases.join(', ')})`}`;
}

interface RunSurroundings extends Surroundings {
  readonly data: string;
  readonly startedAt: Date;
  readonly warnings: string[];
}

/** Writes the folder of the run. @returns the metrics that its record holds. */
async function saveFolder(
  trained: TrainedTable,
  request: TrainRequest,
  table: Frame,
  surroundings: RunSurroundings,
): Promise<readonly MetricRecord[]> {
  const { io, flags, progress, data, startedAt, warnings } = surroundings;
  const { runRecord } = await import('../select/run/record-run.ts');
  const { saveRun } = await import('../select/run/run-folder.ts');
  const record = await runRecord(table, trained, request.options, {
    // The record collects its warnings itself.
    ...jobOptions('recording', { io, flags, progress }),
    ...{ source: data, startedAt, command: repeatCommand(data, flags) },
    learningCurve: !flags['no-learning-curve'],
    seconds: flags['budget-seconds'],
  });
  await saveRun(flags.run!, record, (path) => save(trained, request, table, path, data));
  warnings.push(...record.warnings.slice(trained.warnings.length));
  return record.metrics;
}

async function testMetrics(
  trained: TrainedTable,
  { options }: TrainRequest,
  table: Frame,
  { signal }: Io,
): Promise<readonly MetricRecord[]> {
  const { metricRecords } = await import('../select/run/test-record.ts');
  const { choice, testRows } = trained;
  const weights = options.weight && weightColumn(options.weight, table.column(options.weight));
  return metricRecords(trained, {
    sampleWeight: weights ? Float64Array.from(testRows, (row) => weights[row]!) : undefined,
    deciding: getScorer(choice.comparison?.metric ?? (choice.problem === 'regression' ? 'r2' : 'accuracy')),
    seed: options.seed ?? 42,
    signal,
  });
}
