import type { Matrix } from '../../src/core/matrix.ts';
import { readParquet } from '../../src/data/read/read-parquet.ts';
import { columnTransformer } from '../../src/prepare/column-transformer/column-transformer.ts';
import { oneHotEncoder } from '../../src/prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../../src/prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../../src/prepare/simple-imputer/simple-imputer.ts';
import { standardScaler } from '../../src/prepare/standard-scaler/standard-scaler.ts';
import { figuresAgree, type InProcess } from '../workload.ts';

export const workload: InProcess = {
  title: 'impute, scale, one-hot 1,000,000 mixed rows',
  goal: 2,
  async prepare(directory) {
    const frame = await readParquet(`${directory}/table.parquet`);
    return {
      async run() {
        const transformer = columnTransformer({
          transformers: [
            {
              columns: { kinds: ['number'] },
              transformer: pipeline(simpleImputer({ strategy: 'mean' }), standardScaler()),
            },
            {
              columns: { kinds: ['string'] },
              transformer: pipeline(
                simpleImputer({ strategy: 'mostFrequent' }),
                oneHotEncoder({ handleUnknown: 'ignore' }),
              ),
            },
          ],
        });
        const fitted = await transformer.fit(frame);
        return fitted.transform(frame);
      },
      quality: ({ rows, columns, data }: Matrix) => {
        const sums = { rows, columns, squares: 0, first: 0, weighted: 0 };
        for (let i = 0, at = 0; i < rows; i++) {
          let dot = 0;
          for (let j = 1; j <= columns; j++) {
            const value = data[at++]!;
            sums.squares += value * value;
            if (i < 1000) sums.first += Math.abs(value);
            dot += value * j;
          }
          sums.weighted += Math.abs(dot);
        }
        return sums;
      },
    };
  },
  // Sums of 124 million numbers in another order.
  compare: figuresAgree(1e-9),
};
