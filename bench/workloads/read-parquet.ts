import type { Frame } from '../../src/core/frame.ts';
import { readParquet } from '../../src/data/read/read-parquet.ts';
import { tableQuality } from '../table-quality.ts';
import { figuresAgree, type InProcess } from '../workload.ts';

export const workload: InProcess = {
  title: 'Parquet 1,000,000 × 30 to numbers and codes',
  goal: 0.5,
  prepare: async (directory) => ({
    async run() {
      const frame = await readParquet(`${directory}/table.parquet`);
      const text = frame
        .entries()
        .filter(([, column]) => column.kind === 'string')
        .map(([name]) => name);
      return { frame, numbers: frame.drop(text).toMatrix() };
    },
    quality: ({ frame }: { frame: Frame }) => tableQuality(frame),
  }),
  // Sums of a million numbers in another order.
  compare: figuresAgree(1e-9),
};
