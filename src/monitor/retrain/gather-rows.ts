import { AbortError, DataError } from '../../core/errors.ts';
import { type Column, columnFromCells, type Frame, isMissing } from '../../core/frame.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { featureColumns } from '../../select/feature-columns.ts';
import { fingerprintTable } from '../../select/fingerprint-table.ts';
import type { TableRecord } from '../../select/table-record.ts';
import { rowsWithTarget } from '../../select/target-values.ts';
import type { ParsedTrainOptions } from '../../select/train-options.ts';
import { planTraining } from '../../select/training-plan.ts';
import type { TrainedModel } from '../trained-model.ts';
import { conformColumn } from './conform-column.ts';
import { findKnownRows } from './known-rows.ts';
import { type PlaceOptions, placeRows, sides } from './place-rows.ts';
import type { RetrainOptions, RetrainSettings } from './retrain-options.ts';
import { rowKeys } from './row-keys.ts';
import { type StackedTable, stackTables } from './stack-tables.ts';

/** Where a row of the gathered table comes from. */
export type Origin = 'data' | 'added' | 'feedback';

/** All rows with a label, and which of them train and test. */
export interface GatheredRows {
  readonly table: Frame;
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly origin: readonly Origin[];
  /** 1 for rows that the champion never had. */
  readonly isNew: Uint8Array;
  /** Columns that make a row what it is, the target last. */
  readonly columns: readonly string[];
  readonly rowKeys: Float64Array;
  /** New rows that are used, by origin, and those left out because an earlier table has them. */
  readonly newRows: Readonly<Record<Origin, number>>;
  readonly duplicates: number;
  readonly warnings: readonly string[];
}

/** Champion's record with what retraining cannot do without. */
export type Repeatable = TableRecord & { readonly options: ParsedTrainOptions };

/**
 * Puts the old table, added ones and labelled feedback together and divides the rows by {@link placeRows}.
 * @throws DataError naming table and column; also when no row is left to compare on.
 */
export async function gatherRows(
  champion: TrainedModel,
  record: Repeatable,
  options: RetrainOptions,
  settings: RetrainSettings,
  job: JobOptions,
): Promise<GatheredRows> {
  const { target, weight, group, time } = record.options;
  const known = findKnownRows(champion.model.summary);
  const features = champion.model.schema.names ?? [];
  const columns = known?.columns ?? [...features, target];
  const roles = [weight, group, time].filter((name): name is string => name !== undefined);
  const kinds = kindsOf(options.data.rows, [...new Set([...columns, ...features, ...roles])], target, record);
  const tables = labelledTables(options, target, time, kinds);
  const stacked = await stackTables(tables, {
    kinds,
    // Rows that users sent have what the model asks for; the rest is unknown. Later tables need no weights, groups or times.
    mayLack: (name, table) =>
      name !== target &&
      table !== tables[0] &&
      (table.where === FEEDBACK || (roles.includes(name) && !features.includes(name))),
  });
  const kept = rowsWithTarget(stacked.column(target));
  const table = stacked.take(kept);
  const tableOf = tables.flatMap(({ rows }, i) => Array<number>(rows.rows).fill(i));
  const places = Int32Array.from(kept, (row) => tableOf[row]!);
  const keys = await rowKeys(table, columns);
  const warnings: string[] = [];
  const seen = known
    ? { known: { train: known.trainKeys, test: known.testKeys }, firstIsSeen: false }
    : await seenInTable(options.data.rows, record, { keys, kept }, warnings, job);
  const unitKeys =
    group === undefined
      ? await rowKeys(
          table,
          columns.filter((name) => name !== target),
        )
      : await groupKeys(table, group, columns);
  const { side, isNew, absent } = await placeRows(
    {
      rowKeys: keys,
      unitKeys,
      table: places,
      time: time === undefined ? undefined : moments(table.column(time)),
    },
    { ...seen, share: settings.holdOut, seed: settings.seed ?? record.options.seed },
  );
  const rowsOn = (where: number) => Int32Array.from(side.keys().filter((i) => side[i] === where));
  const [train, test] = [rowsOn(sides.train), rowsOn(sides.test)];
  const origin = Array.from(places, (i): Origin => originOf(tables[i]!, i));
  if (test.length === 0) throw nothingToCompare(warnings);
  if (absent.train + absent.test > 0) warnings.push(absentRows(absent, seen.known));
  const newRows = { data: 0, added: 0, feedback: 0 };
  for (const [i, from] of origin.entries())
    if (isNew[i] === 1 && side[i] !== sides.duplicate) newRows[from]++;
  if (newRows.data + newRows.added + newRows.feedback === 0) {
    warnings.push('There are no new rows: the challenger learns from what the champion learned from.');
  }
  const duplicates = rowsOn(sides.duplicate).length;
  return { table, train, test, origin, isNew, columns, rowKeys: keys, newRows, duplicates, warnings };
}

const FEEDBACK = 'the feedback';

function originOf({ where }: StackedTable, place: number): Origin {
  if (where === FEEDBACK) return 'feedback';
  return place === 0 ? 'data' : 'added';
}

function kindsOf(
  data: Frame,
  names: readonly string[],
  target: string,
  record: TableRecord,
): Map<string, Column['kind']> {
  return new Map(names.map((name) => [name, name === target ? record.target.kind : data.column(name).kind]));
}

function labelledTables(
  { data, added = [], feedback }: RetrainOptions,
  target: string,
  time: string | undefined,
  kinds: ReadonlyMap<string, Column['kind']>,
): StackedTable[] {
  const named = (source: string | undefined, otherwise: string) =>
    source === undefined ? otherwise : `'${source}'`;
  const tables = [
    { where: named(data.source, 'the training table'), rows: data.rows },
    ...added.map(({ rows, source }, i) => ({ where: named(source, `added table ${i + 1}`), rows })),
  ];
  if (feedback === undefined) return tables;
  const labelled = Int32Array.from(feedback.labels.keys().filter((i) => feedback.labels[i] !== null));
  if (labelled.length === 0) return tables;
  const labels = columnFromCells(target, textsWhereMixed(Array.from(labelled, (i) => feedback.labels[i]!)));
  let rows = feedback.rows
    .take(labelled)
    .with(target, conformColumn(target, labels, kinds.get(target)!, FEEDBACK));
  if (time !== undefined && !rows.has(time) && kinds.get(time) === 'date') {
    // The moment of the prediction is that of its row.
    rows = rows.with(time, { kind: 'date', values: Float64Array.from(labelled, (i) => feedback.at[i]!) });
  }
  return [...tables, { where: FEEDBACK, rows }];
}

/** Labels of several kinds, as two clients may send them, as texts. */
function textsWhereMixed<T extends string | number | boolean>(labels: readonly T[]): (T | string)[] {
  return new Set(labels.map((label) => typeof label)).size > 1 ? labels.map(String) : [...labels];
}

/** What a champion that was trained once learned from: the division of its table, again. */
async function seenInTable(
  data: Frame,
  record: Repeatable,
  { keys, kept }: { readonly keys: Float64Array; readonly kept: Int32Array },
  warnings: string[],
  job: JobOptions,
): Promise<Pick<PlaceOptions, 'known' | 'firstIsSeen'>> {
  const none = { train: new Float64Array(), test: new Float64Array() };
  const isSame = (await fingerprintTable(data)) === record.data?.fingerprint;
  if (job.signal?.aborted) throw new AbortError();
  if (!isSame) {
    warnings.push(
      'The training table is not the one that the champion was trained on (its fingerprint differs), so all of its rows count as seen: ' +
        'the models are compared on new rows alone.',
    );
    return { known: none, firstIsSeen: true };
  }
  const { options, problem } = record;
  const plan = await planTraining(data, featureColumns(data, options), problem, options);
  // The first rows of what was kept are those of this table.
  const place = new Map(Array.from(kept, (row, i) => [row, i]));
  const keysOf = (rows: Int32Array) => Float64Array.from(rows, (i) => keys[place.get(plan.kept[i]!)!]!);
  return { known: { train: keysOf(plan.split.train), test: keysOf(plan.split.test) }, firstIsSeen: true };
}

/** Rows without a group are units of their own features. */
async function groupKeys(table: Frame, group: string, columns: readonly string[]): Promise<Float64Array> {
  const [byGroup, byRow] = [await rowKeys(table, [group]), await rowKeys(table, columns)];
  const column = table.column(group);
  return byGroup.map((key, i) => (isMissing(column, i) ? byRow[i]! : key));
}

/** NaN where there is none. */
function moments(column: Column): Float64Array {
  const dates = column.kind === 'string' ? conformDates(column) : column;
  return dates.kind === 'string'
    ? new Float64Array(dates.codes.length).fill(Number.NaN)
    : Float64Array.from(dates.values);
}

function conformDates(column: Column): Column {
  return conformColumn('', column, 'date', 'the column of times');
}

/** Wanted where old rows may not be kept or hold no more, but easily an oversight. */
function absentRows(
  absent: { readonly train: number; readonly test: number },
  known: PlaceOptions['known'],
): string {
  const of = (part: 'train' | 'test', what: string) =>
    absent[part] === 0 ? [] : [`${absent[part]} of the ${known[part].length} rows that the champion ${what}`];
  const parts = [...of('train', 'learned from'), ...of('test', 'was tested on')].join(' and ');
  return `${parts} are not in the tables given: the challenger does not learn from them and is not compared on them.`;
}

function nothingToCompare(warnings: readonly string[]): DataError {
  return new DataError(
    'retrain/no-held-out-rows',
    `There is no row to compare the models on. ${warnings.join(' ')} Give the table that the champion was trained on, or new labelled rows.`.replace(
      /\s+/g,
      ' ',
    ),
  );
}
