import type { Frame } from '../../src/core/frame.ts';
import { readParquet } from '../../src/data/read/read-parquet.ts';
import { tableQuality } from '../table-quality.ts';
import { figuresAgree, type InProcess } from '../workload.ts';

export const workload: InProcess = {
  title: 'Parquet 1,000,000 × 30 to numbers and codes',
  goal: 0.5,
  prepare: async (directory) => ({
    // A frame's columns are the numbers and codes; pandas returns a view of its numeric block likewise.
    run: () => readParquet(`${directory}/table.parquet`),
    quality: (frame: Frame) => tableQuality(frame),
  }),
  // Sums of a million numbers in another order.
  compare: figuresAgree(1e-9),
};
