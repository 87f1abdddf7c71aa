import type { Arena } from '../../kernels/host/arena.ts';
import type { Criterion } from './criterion.ts';
import type { PresortedRows } from './presort.ts';

/** Numbers that the kernels write for each column. */
export const RESULT_NUMBERS = 4;

/** What a tree is grown on. Plain data, so that threads can be told. */
export interface ExactSample {
  readonly data: PresortedRows;
  /** Rows in the sample: those of weight above 0. */
  readonly length: number;
  readonly criterion: Criterion;
  /** Number of classes; for regression 0. */
  readonly classes: number;
  /** What was subtracted from the target, for the sums to keep their digits. */
  readonly center: number;
  readonly workspace: ExactWorkspace;
}

/** Pointers. */
export interface ExactWorkspace {
  readonly lists: number;
  readonly pairs: number;
  readonly marks: number;
  readonly scratch: number;
  readonly columns: number;
  readonly results: number;
  readonly statistics: number;
  readonly totals: number;
  readonly counts: number;
  /** φ of 0, 1, 2, …, or 0. */
  readonly table: number;
}

export function allocateWorkspace(
  arena: Arena,
  { rows, columns }: PresortedRows,
  classes: number,
  threads: number,
  table: number,
): ExactWorkspace {
  return {
    lists: arena.f64(rows * columns),
    pairs: arena.allocate(16 * rows),
    marks: arena.allocate(rows),
    scratch: arena.f64(threads * rows + 1),
    columns: arena.i32(columns),
    results: arena.f64(RESULT_NUMBERS * columns),
    statistics: arena.f64(Math.max(3, classes)),
    totals: arena.f64(Math.max(1, classes)),
    counts: arena.allocate(threads * (Math.ceil((32 * classes) / 64) * 64)),
    table,
  };
}
