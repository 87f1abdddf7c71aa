import { DataError, OptionError } from '../../core/errors.ts';
import { takeColumn } from '../../core/frame.ts';
import { kFold } from '../../data/split/k-fold.ts';
import type { Split, Splitter } from '../../data/split/splitter.ts';
import { splitterFrom } from '../../data/split/splitter-from.ts';
import { stratifiedKFold } from '../../data/split/stratified-k-fold.ts';
import type { Times } from '../../data/split/times.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import { type LabelledRows, targetColumn } from './labelled-rows.ts';
import { shareRows } from './share-rows.ts';
import { type SplitPayload, type SplitRequest, splitRows } from './split-task.ts';

/**
 * How to divide rows into folds: a splitter, a number of folds (stratified for a classifier, runs of neighbouring rows
 * for a regressor), or the divisions themselves.
 */
export type CrossValidation = Splitter<object> | number | readonly Division[];

/** Row numbers of one division given by hand. */
export interface Division {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

export interface DivideOptions {
  /** Default 5. */
  readonly cv?: CrossValidation | undefined;
  /** When each row was known, for the splitters by time. */
  readonly time?: Times | undefined;
}

/**
 * Divisions of all rows, or of those in `among`; the row numbers always count in the whole table and lie on shared memory.
 * scikit-learn's defaults: 5 folds, stratified for a classifier.
 * @throws DataError, OptionError from the splitter, or for divisions by hand that name a row that does not exist.
 */
export async function divideRows(
  data: LabelledRows,
  { cv = 5, time, signal }: DivideOptions & Pick<JobOptions, 'signal'>,
  among?: Int32Array,
): Promise<Split[]> {
  if (Array.isArray(cv)) return divisionsByHand(cv, data.rows, among);
  const splitter = splitterOf(cv as Splitter<object> | number, data);
  const y = targetColumn(data);
  const request: SplitRequest = {
    rows: among?.length ?? data.rows,
    y: among === undefined || y === undefined ? y : takeColumn(y, among),
    groups: among === undefined ? data.groups : data.groups && among.map((row) => data.groups![row]),
    time: among === undefined || time === undefined ? time : takeTimes(time, among),
    among,
  };
  const { name, options } = splitter;
  if (request.rows < JOB_ROWS || !isOwn(splitter)) return splitRows(splitter, request);
  return runJob<SplitPayload, Split[]>({
    module: taskModule,
    name: 'splitTask' satisfies keyof typeof import('./split-task.ts'),
    payload: { ...request, splitter: { name, options } },
    threads: 1,
    signal,
  });
}

/** Rows from which on dividing takes long enough to be felt on the caller's thread. */
const JOB_ROWS = 50_000;

const taskModule = new URL(`./split-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;

/** Whether a worker can make the splitter from its name and options: heddle's own all have the same `split` over their rule. */
function isOwn({ name, options, split }: Splitter<object>): boolean {
  try {
    return String(splitterFrom({ name, options }).split) === String(split);
  } catch {
    return false;
  }
}

function splitterOf(cv: Splitter<object> | number, { classes }: LabelledRows): Splitter<object> {
  if (typeof cv === 'number') {
    return classes === undefined ? kFold({ nSplits: cv }) : stratifiedKFold({ nSplits: cv });
  }
  if (typeof (cv as Partial<Splitter> | null)?.split === 'function') return cv;
  throw new OptionError(
    'option/invalid',
    'cv is a splitter such as kFold(), a number of folds, or an array of { train, test } row numbers.',
    { option: 'cv' },
  );
}

function takeTimes(time: Times, rows: Int32Array): Times {
  if ('kind' in time) return takeColumn(time, rows);
  return Array.from(rows, (row) => (time as ArrayLike<number>)[row]);
}

function divisionsByHand(divisions: readonly Division[], rows: number, among?: Int32Array): Split[] {
  if (divisions.length === 0 || among !== undefined) {
    throw new OptionError(
      'option/invalid',
      among === undefined
        ? 'cv holds no divisions: give at least one { train, test }.'
        : 'Divisions by hand cannot divide a part of the rows again; give a splitter or a number of folds.',
      { option: 'cv' },
    );
  }
  return divisions.map(({ train, test }, fold) => {
    for (const part of [train, test]) {
      const bad = Array.from(part).find((row) => !(Number.isInteger(row) && row >= 0 && row < rows));
      if (bad !== undefined || part.length === 0) {
        throw new DataError(
          'data/bad-division',
          bad === undefined
            ? `Division ${fold} of cv has an empty part.`
            : `Division ${fold} of cv names row ${String(bad)}, but x has the rows 0 to ${rows - 1}.`,
          { fold },
        );
      }
    }
    return { train: shareRows(train), test: shareRows(test) };
  });
}
