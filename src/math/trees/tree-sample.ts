import type { Arena } from '../../kernels/host/arena.ts';
import type { Criterion } from './criterion.ts';
import { mostLevels } from './set-search.ts';

/** Rows of a matrix column by column in the team's memory, in the form that the search for splits wants. Plain data with pointers. */
export type TreeData = PresortedRows | UnsortedRows | BinnedColumns;

interface PlacedRows {
  readonly rows: number;
  readonly columns: number;
}

export interface PresortedRows extends PlacedRows {
  readonly kind: 'presorted';
  /** float64, `rows` a column. */
  readonly x: number;
  /**
   * `lists` times `rows` entries (row number and rank, 32 bits each) by rising value, missing ones last: of the columns, and where the absolute
   * error asks for it of the target.
   */
  readonly sorted: number;
  readonly lists: number;
}

export interface UnsortedRows extends PlacedRows {
  readonly kind: 'unsorted';
  readonly x: number;
}

/** For kernels that grow a tree on one thread, when a node looks at few of the columns. */
export interface RankedRows extends PlacedRows {
  readonly kind: 'ranked';
  /** float64, `rows` a column. */
  readonly x: number;
  /** Row by row the rank of each value among the distinct ones of its column: 32 bits, all ones where missing. */
  readonly ranks: number;
}

export interface BinnedColumns extends PlacedRows {
  readonly kind: 'binned';
  /** Bytes, `rows` a column. */
  readonly byColumn: number;
  /** 32-bit integers by column. */
  readonly valueBins: number;
  /** 256 float64 a column. */
  readonly thresholds: number;
  /** Of each column of categories its codes as float64 by row; 0 for others. */
  readonly codes: readonly number[];
}

/** What a tree is grown on. Plain data, so that threads can be told. */
export interface TreeSample {
  readonly data: TreeData;
  /** Rows in the sample: those of weight above 0. */
  readonly length: number;
  readonly criterion: Criterion;
  /** Number of classes; for regression 0. */
  readonly classes: number;
  /** What was subtracted from the target, for the sums to keep their digits. */
  readonly center: number;
  readonly workspace: TreeWorkspace;
  /** By column: 1 where predictions may only rise with it, −1 where they may only fall, else 0. */
  readonly directions: Int8Array | undefined;
  /** By column how many categories it holds, as codes 0, 1, …; 0 for numbers. */
  readonly categories: Int32Array | undefined;
}

/** Pointers. */
export interface TreeWorkspace {
  /** Entries of the rows: a list for each column when presorted, else one. */
  readonly lists: number;
  readonly pairs: number;
  readonly marks: number;
  readonly scratch: number;
  readonly columns: number;
  /** A number from 0 to 1 for each column. */
  readonly uniforms: number;
  readonly results: number;
  readonly statistics: number;
  readonly totals: number;
  readonly counts: number;
  /** Bytes by column, or 0; the two bounds of the node. */
  readonly directions: number;
  readonly bounds: number;
  /** φ of 0, 1, 2, …, or 0. */
  readonly table: number;
  /** Targets by row (float64) and room for their places (u32), for the absolute error; else 0. */
  readonly targets: number;
  readonly places: number;
  /** Sums by category, all 0 between two uses; the codes that have rows; a set's words. */
  readonly categoryTable: number;
  readonly touched: number;
  readonly setWords: number;
}

export interface WorkspacePlan {
  readonly data: TreeData;
  readonly criterion: Criterion;
  readonly classes: number;
  readonly threads: number;
  readonly table: number;
  readonly directions: Int8Array | undefined;
  readonly categories: Int32Array | undefined;
  /** The targets by row. */
  readonly y: Float64Array;
}

/** Numbers that the kernels write for each column, at most. */
const MOST_RESULTS = 5;

export function allocateWorkspace(arena: Arena, plan: WorkspacePlan): TreeWorkspace {
  const { data, classes, threads, directions } = plan;
  const { rows, columns } = data;
  const isAbsolute = plan.criterion === 'absoluteError';
  const levels = mostLevels(plan);
  const lists = data.kind === 'presorted' ? data.lists : 1;
  return {
    lists: arena.f64(rows * lists),
    pairs: arena.allocate(16 * rows),
    marks: arena.allocate(rows),
    scratch: arena.allocate(threads * roundUp((isAbsolute || data.kind === 'unsorted' ? 24 : 8) * rows + 16)),
    columns: arena.i32(columns),
    uniforms: arena.f64(columns),
    results: arena.f64(MOST_RESULTS * columns),
    statistics: arena.f64(Math.max(3, classes)),
    totals: arena.f64(Math.max(1, classes)),
    counts: arena.allocate(threads * countBytes(data.kind, classes)),
    directions:
      directions === undefined ? 0 : arena.place(Uint8Array.from(directions, (value) => value & 255)),
    bounds: arena.f64(2),
    table: plan.table,
    targets: isAbsolute ? arena.place(plan.y) : 0,
    places: isAbsolute ? arena.i32(rows) : 0,
    categoryTable: arena.zeros((levels + 1) * (1 + Math.max(2, classes))),
    touched: arena.i32(levels + 2),
    setWords: arena.i32((levels >>> 5) + 1),
  };
}

/** Room of a thread for the weights of classes on both sides of a split, or for a histogram; see the kernels. */
function countBytes(kind: TreeData['kind'], classes: number): number {
  if (kind !== 'binned') return roundUp(32 * classes);
  return classes === 0 ? 256 * 32 : roundUp(256 * 8 * (classes + 1) + 16 * classes);
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
