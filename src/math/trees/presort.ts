import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { RowSelection } from './bin.ts';

/** Rows of a matrix column by column in the team's memory, with the order of every column. */
export interface PresortedRows {
  readonly rows: number;
  readonly columns: number;
  /**
   * Pointers: float64, `rows` a column; entries (row number and rank, 32 bits each) by rising value, missing ones last,
   * as many.
   */
  readonly x: number;
  readonly sorted: number;
}

/** Rows moved between two looks at whether to stop. */
const SLICE_NUMBERS = 1 << 20;

/** Places the rows `selection` of x and sorts every column. */
export function presort(
  { team, checkpoint }: Workers,
  { data, columns }: Matrix,
  { rows, list }: RowSelection,
): PresortedRows {
  const { arena } = team;
  const x = arena.f64(rows * columns);
  const sorted = arena.f64(rows * columns);
  const values = arena.viewF64(x, rows * columns);
  const step = Math.max(1, Math.floor(SLICE_NUMBERS / columns));
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    for (let i = from; i < to; i++) {
      const at = (list === undefined ? i : list[i]!) * columns;
      for (let j = 0; j < columns; j++) values[j * rows + i] = data[at + j]!;
    }
    checkpoint();
  }
  arena.scope(() => {
    const order = arena.i32(rows * columns);
    const scratch = arena.allocate(team.threads * Math.ceil((24 * rows + 49152) / 64) * 64);
    for (let from = 0; from < columns; from += team.threads) {
      const to = Math.min(columns, from + team.threads);
      team.callIfLarge((to - from) * rows * 10, 'argsortColumns', x, rows, from, to, order, scratch);
      checkpoint();
    }
    team.callIfLarge(rows * columns, 'rankColumns', x, order, rows, columns, sorted);
  });
  return { rows, columns, x, sorted };
}
