import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { RowSelection } from './bin.ts';
import type { PresortedRows, RankedRows, UnsortedRows } from './tree-sample.ts';

/** Rows moved between two looks at whether to stop. */
const SLICE_NUMBERS = 1 << 20;

/** Places the rows `selection` of x column by column. @param target Where given, one more column. */
export function placeColumns(
  { team, checkpoint }: Workers,
  { data, columns }: Matrix,
  { rows, list }: RowSelection,
  target?: Float64Array,
): UnsortedRows {
  const { arena } = team;
  const width = target === undefined ? columns : columns + 1;
  const x = arena.f64(rows * width);
  const values = arena.viewF64(x, rows * width);
  const step = Math.max(1, Math.floor(SLICE_NUMBERS / columns));
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    for (let i = from; i < to; i++) {
      const at = (list === undefined ? i : list[i]!) * columns;
      for (let j = 0; j < columns; j++) values[j * rows + i] = data[at + j]!;
    }
    checkpoint();
  }
  if (target !== undefined) values.set(target, columns * rows);
  return { kind: 'unsorted', rows, columns, x };
}

/** Places the rows `selection` of x and sorts every column. @param target Where given it is sorted, too. */
export function presort(
  workers: Workers,
  matrix: Matrix,
  selection: RowSelection,
  target?: Float64Array,
): PresortedRows {
  const { team } = workers;
  const { arena } = team;
  const { rows, columns, x } = placeColumns(workers, matrix, selection, target);
  const lists = target === undefined ? columns : columns + 1;
  const sorted = arena.f64(rows * lists);
  arena.scope(() => {
    const order = orderColumns(workers, x, rows, lists);
    team.callIfLarge(rows * lists, 'rankColumns', x, order, rows, lists, sorted);
  });
  return { kind: 'presorted', rows, columns, x, sorted, lists };
}

/** Places the rows `selection` of x with the ranks of their values. */
export function placeRanks(workers: Workers, matrix: Matrix, selection: RowSelection): RankedRows {
  const { team } = workers;
  const { arena } = team;
  const { rows, columns, x } = placeColumns(workers, matrix, selection);
  const ranks = arena.i32(rows * columns);
  arena.scope(() => {
    const order = orderColumns(workers, x, rows, columns);
    team.callIfLarge(rows * columns, 'rankRows', x, order, rows, columns, ranks);
  });
  return { kind: 'ranked', rows, columns, x, ranks };
}

/** The rows of each column by rising value. */
function orderColumns({ team, checkpoint }: Workers, x: number, rows: number, columns: number): number {
  const { arena } = team;
  const order = arena.i32(rows * columns);
  const scratch = arena.allocate(team.threads * Math.ceil((24 * rows + 49152) / 64) * 64);
  for (let from = 0; from < columns; from += team.threads) {
    const to = Math.min(columns, from + team.threads);
    team.callIfLarge((to - from) * rows * 10, 'argsortColumns', x, rows, from, to, order, scratch);
    checkpoint();
  }
  return order;
}
