import type { Eventually } from '../../core/eventually.ts';
import type { Frame } from '../../core/frame.ts';
import type { ColumnBlock } from '../../define/definition.ts';
import type { Job } from '../../jobs/job.ts';
import { overBlocks } from '../../kernels/host/over-blocks.ts';
import { codeColumn } from '../category.ts';
import { placesOf, requireKnown } from '../learned-categories.ts';
import { MAP_ROWS } from '../map-numbers.ts';
import { columnOfGroup, type OneHotColumn } from './layout.ts';

export type HandleUnknown = 'error' | 'ignore' | 'infrequentIfExist';

interface OnesPayload {
  readonly block: ColumnBlock;
  readonly columns: readonly {
    readonly codes: Int32Array;
    /** Where the 1 of code c goes in its row, at place c + 1; −1: nowhere. */
    readonly places: Int32Array;
  }[];
}

/** Writes the ones of `x` into a block of zeros. */
export function writeOnes(
  job: Job,
  columns: readonly OneHotColumn[],
  x: Frame,
  block: ColumnBlock,
  handleUnknown: HandleUnknown,
): Eventually<void> {
  let before = 0;
  const tasks = x.entries().map(([name, column], j) => {
    const layout = columns[j]!;
    const coded = codeColumn(name, column, 'one-hot-encoder');
    const known = placesOf(layout.categories, coded);
    if (handleUnknown === 'error') requireKnown(coded, known, 'one-hot-encoder');
    const rareGroup =
      handleUnknown === 'infrequentIfExist' && layout.rare.length > 0 ? layout.grouped[layout.rare[0]!]! : -1;
    const places = known.map((place) => {
      const group = place < 0 ? rareGroup : layout.grouped[place]!;
      const at = group < 0 ? -1 : columnOfGroup(layout, group);
      return at < 0 ? -1 : before + at;
    });
    before += layout.width;
    job.checkpoint();
    return { codes: coded.codes, places };
  });
  const work = {
    module: import.meta.url,
    name: 'writeOnesOfRows' as const,
    run: writeOnesOfRows,
    count: x.rows,
    size: MAP_ROWS,
    // Fresh pages of memory cost more than the ones written to them.
    cost: columns.length + before,
  };
  return overBlocks(job, work, { block, columns: tasks });
}

export function writeOnesOfRows({ block, columns }: OnesPayload, from: number, to: number): void {
  const { data, stride, at } = block;
  for (const { codes, places } of columns) {
    for (let i = from, row = at + from * stride; i < to; i++, row += stride) {
      const place = places[codes[i]! + 1]!;
      if (place >= 0) data[row + place] = 1;
    }
  }
}
