import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HeddleError, OptionError } from '../../core/errors.ts';
import { type Column, type Frame, isMissing, takeColumn } from '../../core/frame.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { getScorer } from '../../metrics/registry.ts';
import { autoTrain } from '../../select/auto/auto-train.ts';
import { featureColumns } from '../../select/feature-columns.ts';
import { fingerprintTable } from '../../select/fingerprint-table.ts';
import { chooseModel, type ModelChoice } from '../../select/model-choice.ts';
import { predictTable } from '../../select/predict-table.ts';
import type { ParsedTrainOptions } from '../../select/train-options.ts';
import { fitPlan, type TrainedTable } from '../../select/train-table.ts';
import { planTraining } from '../../select/training-plan.ts';
import type { ModelVersion } from '../../store/registry/registry.ts';
import { requirePredictor, saveTrained, trainedFacts } from '../trained-model.ts';
import {
  type Comparison,
  chooseMetric,
  compareModels,
  type HeldOut,
  type Scores,
  scoreBoth,
} from './compare-models.ts';
import { decide } from './decide.ts';
import { type GatheredRows, gatherRows, type Origin, type Repeatable } from './gather-rows.ts';
import type { KnownRows } from './known-rows.ts';
import { parseRetrainSettings, type RetrainOptions } from './retrain-options.ts';

/** What became of the challenger. `overtaken`: it won, but the champion was moved by someone else meanwhile. */
export type Decision = 'promoted' | 'registered' | 'kept' | 'overtaken' | 'would-promote' | 'would-keep';

export interface Retraining {
  readonly name: string;
  readonly decision: Decision;
  /** Why, with both figures: what the history of the registry says too. */
  readonly reason: string;
  readonly champion: { readonly version: number; readonly family: string };
  /** Version null when it was not registered. */
  readonly challenger: { readonly version: number | null; readonly family: string; readonly seconds: number };
  readonly metric: string;
  readonly greaterIsBetter: boolean;
  readonly margin: number;
  readonly criterion: 'score' | 'interval';
  /** On all held-out rows. */
  readonly comparison: Comparison;
  /** On the champion's own test rows, and on new ones by where they come from. */
  readonly parts: readonly (Scores & { readonly part: 'tested' | Origin })[];
  readonly rows: {
    readonly train: number;
    readonly test: number;
    /** Rows that the champion never had, by where they come from. */
    readonly new: Readonly<Record<Origin, number>>;
    /** New rows that an earlier table has already. */
    readonly duplicates: number;
  };
  readonly warnings: readonly string[];
}

/**
 * Trains a challenger to the champion of a registry's name on old and new rows, compares both on the same held-out rows and promotes
 * the challenger if it is better by a margin.
 *
 * The challenger is made as the champion was (family, options, columns), unless `model` says another. Held out, from both, are the
 * champion's own test rows and a share of the new ones ({@link gatherRows}). The challenger is registered in any case, with the alias
 * `challenger` and the champion as its parent; `champion` moves only from where it was when this began.
 *
 * Corrections are labels and are learned from. Users correct what is wrong more often than what is right, so feedback is no fair
 * sample: see `parts`. Ratings and preferences say how good an answer was, not which is right; they are not learned from.
 * @throws OptionError for an unknown name, a champion that cannot be trained again, a metric that does not suit; DataError naming
 *   table, column or row.
 */
export async function retrain(options: RetrainOptions, job: JobOptions = {}): Promise<Retraining> {
  const settings = parseRetrainSettings(options);
  const { registry, name } = options;
  const found = registry.models().find((model) => model.name === name.normalize('NFC'));
  const { version: champion, model: loaded } = await registry.load(name);
  const expected = found?.aliases.champion ?? null;
  const model = requirePredictor(loaded, `${name}@${champion.version}`);
  const facts = { model, ...trainedFacts(model) };
  const record = requireRepeatable(facts.table, champion);
  // Before the work, so that a misspelt name costs nothing.
  if (settings.metric !== undefined) getScorer(settings.metric, record.problem as 'regression');
  const gathered = await gatherRows(facts, record, options, settings, job);
  const trainOptions = challengerOptions(record, settings.model, gathered, settings.seed);
  const trained = await trainChallenger(gathered, trainOptions, { ...options, ...settings }, job);
  const x = gathered.table.take(gathered.test);
  const held: HeldOut = { truth: trained.truth, weights: weightsOf(gathered, trainOptions.weight) };
  const judged = {
    champion: {
      model,
      predictions: await predictTable(model, x, { signal: job.signal, threads: job.threads }),
    },
    challenger: { model: trained.model, predictions: trained.evaluation.predictions },
  };
  const scorer = chooseMetric(settings.metric, Object.values(judged), held);
  const comparison = await compareModels(scorer, judged.champion, judged.challenger, held, {
    seed: trainOptions.seed,
    signal: job.signal,
  });
  const verdict = decide(comparison, { scorer, settings, champion: champion.version });
  const result = {
    ...{ name: champion.name, metric: scorer.name, greaterIsBetter: scorer.greaterIsBetter, comparison },
    ...{ margin: settings.margin, criterion: settings.criterion },
    champion: { version: champion.version, family: record.family },
    parts: partRows(gathered).map(({ part, rows }) => ({
      part,
      ...scoreBoth(scorer, judged.champion, judged.challenger, held, rows),
    })),
    rows: {
      ...{ train: gathered.train.length, test: gathered.test.length },
      ...{ new: gathered.newRows, duplicates: gathered.duplicates },
    },
    warnings: [...gathered.warnings, ...trained.warnings],
  };
  const made = { family: trained.choice.family, seconds: trained.seconds };
  const { isBetter, reason } = verdict;
  if (settings.action === 'compare') {
    const decision = isBetter ? 'would-promote' : 'would-keep';
    return { ...result, decision, reason, challenger: { version: null, ...made } };
  }
  const known = await knownRows(gathered, options);
  const version = await register(trained, trainOptions, gathered.table, {
    ...options,
    champion,
    known,
    reason,
  });
  const challenger = { version, ...made };
  if (!isBetter || settings.action === 'register') {
    return { ...result, decision: isBetter ? 'registered' : 'kept', reason, challenger };
  }
  try {
    registry.setAlias(champion.name, 'champion', version, { expected, reason });
  } catch (error) {
    if ((error as Partial<HeddleError>).code !== 'registry/alias-moved') throw error;
    const why = `${reason} But ${(error as Error).message}`;
    return { ...result, decision: 'overtaken', reason: why, challenger };
  }
  return { ...result, decision: 'promoted', reason, challenger };
}

function requireRepeatable(
  record: Repeatable | { readonly options?: unknown } | undefined,
  champion: ModelVersion,
): Repeatable {
  if (record?.options !== undefined) return record as Repeatable;
  throw new OptionError(
    'retrain/not-repeatable',
    `${champion.name}@${champion.version} does not say how it was trained, so no challenger can be made like it. Train one with ` +
      '`heddle train` (or save it with saveTrained) and register it.',
    { name: champion.name, version: champion.version },
  );
}

/** The champion's options for its own columns, and another family where one is wanted. */
function challengerOptions(
  { options }: Repeatable,
  family: string | undefined,
  { columns }: GatheredRows,
  seed: number | undefined,
): ParsedTrainOptions {
  const features = columns.slice(0, -1);
  const own =
    family === undefined || family === 'auto'
      ? {}
      : { model: family, modelOptions: {}, modelOptionTexts: {} };
  return {
    ...options,
    ...own,
    ...{ features, drop: [], categorical: options.categorical.filter((name) => features.includes(name)) },
    ...(seed !== undefined && { seed }),
  };
}

async function trainChallenger(
  { table, train, test }: GatheredRows,
  options: ParsedTrainOptions,
  { model, budget, metric }: Pick<RetrainOptions, 'model' | 'budget' | 'metric'>,
  job: JobOptions,
): Promise<TrainedTable> {
  const whole = withWeights(table, options.weight);
  const choice =
    model === 'auto'
      ? await chooseAmongAll(whole.take(train), options, { budget, metric }, job)
      : await chooseModel(options.target, whole.column(options.target), options);
  // Rows are divided already.
  const { group: _group, time: _time, ...undivided } = options;
  const plan = await planTraining(whole, featureColumns(whole, undivided), choice.problem, {
    ...undivided,
    stratify: false,
  });
  return fitPlan({ ...plan, split: { train, test } }, choice, job);
}

/** The choice that `autoTrain` makes when it sees the training rows alone. */
async function chooseAmongAll(
  rows: Frame,
  options: ParsedTrainOptions,
  { budget, metric }: Pick<RetrainOptions, 'budget' | 'metric'>,
  job: JobOptions,
): Promise<ModelChoice> {
  const { model: _m, modelOptions: _o, modelOptionTexts: _t, group, time, ...rest } = options;
  const complete = (name: string | undefined) =>
    name !== undefined && isComplete(rows.column(name)) ? name : undefined;
  const chosen = await autoTrain(
    rows,
    { ...rest, group: complete(group), time: complete(time), budget, metric },
    job,
  );
  return chosen.choice;
}

function isComplete(column: Column): boolean {
  const rows = column.kind === 'string' ? column.codes.length : column.values.length;
  for (let i = 0; i < rows; i++) if (isMissing(column, i)) return false;
  return true;
}

/** Rows that came without a weight count once. */
function withWeights(table: Frame, weight: string | undefined): Frame {
  const column = weight === undefined ? undefined : table.column(weight);
  if (column?.kind !== 'number' || column.missing === undefined) return table;
  return table.with(weight!, {
    kind: 'number',
    values: column.values.map((value, i) => (isMissing(column, i) ? 1 : value)),
  });
}

function weightsOf({ table, test }: GatheredRows, weight: string | undefined): Float64Array | undefined {
  if (weight === undefined) return undefined;
  const column = takeColumn(withWeights(table, weight).column(weight), test);
  return column.kind === 'number' ? column.values : undefined;
}

/** Places among the held-out rows. */
function partRows({ test, isNew, origin }: GatheredRows): { part: 'tested' | Origin; rows: Int32Array }[] {
  const parts = ['tested', 'data', 'added', 'feedback'] as const;
  const partOf = (row: number) => (isNew[row] === 0 ? 'tested' : origin[row]!);
  return parts
    .map((part) => ({ part, rows: Int32Array.from(test.keys().filter((i) => partOf(test[i]!) === part)) }))
    .filter(({ rows }) => rows.length > 0);
}

async function knownRows(gathered: GatheredRows, { data, added = [] }: RetrainOptions): Promise<KnownRows> {
  const { rowKeys, train, test, columns } = gathered;
  const keysOf = (rows: Int32Array) => Float64Array.from(rows, (row) => rowKeys[row]!);
  const sources: KnownRows['sources'] = [];
  for (const [i, table] of [data, ...added].entries()) {
    const kind = i === 0 ? ('data' as const) : ('added' as const);
    if (table.source === undefined) continue;
    sources.push({ kind, source: table.source, fingerprint: await fingerprintTable(table.rows) });
  }
  return { format: 1, columns: [...columns], trainKeys: keysOf(train), testKeys: keysOf(test), sources };
}

interface Registering extends Pick<RetrainOptions, 'registry' | 'data' | 'added' | 'feedback'> {
  readonly champion: ModelVersion;
  readonly known: KnownRows;
  readonly reason: string;
}

async function register(
  trained: TrainedTable,
  options: ParsedTrainOptions,
  table: Frame,
  { registry, data, added = [], feedback, champion, known, reason }: Registering,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-challenger-'));
  try {
    const file = join(folder, 'challenger.heddle');
    const sources = [data.source, ...added.map(({ source }) => source)].filter(
      (source) => source !== undefined,
    );
    const source = [...sources, ...(feedback === undefined ? [] : ['feedback'])].join(' + ');
    await saveTrained(trained, options, table, file, {
      source: source || undefined,
      remember: { retraining: known },
    });
    const { version } = await registry.register(champion.name, file, {
      aliases: ['challenger'],
      lineage: { parent: champion.version },
      note: reason,
    });
    return version;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
