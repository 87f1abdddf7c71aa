import type { Matrix } from '../../core/matrix.ts';
import type { RandomState } from '../../core/random.ts';
import type { Arena } from '../../kernels/host/arena.ts';
import type { Workers } from '../least-squares-problem.ts';
import { BIN_SLOTS, type Bins, binInto, chooseBins, type RowSelection } from './bin.ts';
import type { Criterion } from './criterion.ts';
import { placeColumns, presort } from './presort.ts';
import type { BinnedColumns, TreeData } from './tree-sample.ts';

/** Which splits a tree considers: all, one at random in each column, or those between bins of values. */
export type Splits = 'exact' | 'random' | 'histogram';

/** Bins of values that a column has at most. */
const MOST_BINS = 255;

/** Places rows for trees whose splits are exact or drawn. @param y The targets of the selection. */
export function placeSorted(
  workers: Workers,
  x: Matrix,
  selection: RowSelection,
  {
    splits,
    criterion,
    y,
  }: {
    readonly splits: Exclude<Splits, 'histogram'>;
    readonly criterion: Criterion;
    readonly y: Float64Array;
  },
): TreeData {
  if (splits === 'random') return placeColumns(workers, x, selection);
  return presort(workers, x, selection, criterion === 'absoluteError' ? y : undefined);
}

/** Places rows for trees whose splits lie between bins. */
export async function placeBinned(
  workers: Workers,
  x: Matrix,
  selection: RowSelection,
  random: RandomState,
  categories: Int32Array | undefined,
): Promise<BinnedColumns> {
  const { arena } = workers.team;
  const bins = chooseBins(workers, x, selection, MOST_BINS, random);
  const binned = allocateColumns(arena, bins, x, selection, categories);
  const { columns } = x;
  await arena.scopeAsync(async () => {
    const stride = columns <= 4 ? 4 : Math.ceil(columns / 8) * 8;
    const byRow = arena.allocate(selection.rows * stride + 64);
    const { rows, byColumn } = binned;
    await binInto(workers, { ...bins, rows, columns, byRow, stride, byColumn }, x, selection, 0);
  });
  return binned;
}

function allocateColumns(
  arena: Arena,
  { thresholds, valueBins }: Bins,
  x: Matrix,
  { rows, list }: RowSelection,
  categories: Int32Array | undefined,
): BinnedColumns {
  const { columns } = x;
  const codes = Array.from({ length: columns }, (_, column) => {
    if ((categories?.[column] ?? 0) === 0) return 0;
    return arena.place(
      Float64Array.from({ length: rows }, (_, i) => x.data[(list?.[i] ?? i) * columns + column]!),
    );
  });
  return {
    ...{ kind: 'binned', rows, columns, byColumn: arena.allocate(rows * columns) },
    codes,
    valueBins: arena.place(valueBins),
    thresholds: arena.place(thresholds.subarray(0, columns * BIN_SLOTS)),
  };
}
