import { Matrix } from '../../src/core/matrix.ts';
import { gradientBoostingClassifier } from '../../src/models/gradient-boosting/gradient-boosting-classifier.ts';
import { figuresAgree, type InProcess } from '../workload.ts';
import { boostingOptions, readTable } from './boosting/data.ts';

const fitted = 100_000;

export const workload: InProcess = {
  title: 'gradient boosting predicts 1,000,000 × 28 by 100 trees of 31 leaves, against LightGBM',
  goal: 1.2,
  async prepare(directory) {
    const { x, y } = await readTable(directory, 28);
    const rows = new Matrix({ rows: fitted, columns: 28, data: x.data.subarray(0, fitted * 28) });
    const model = await gradientBoostingClassifier(boostingOptions).fit(rows, {
      ...y,
      values: y.values.subarray(0, fitted),
    });
    return {
      run: () => model.predictProba(x),
      quality: (shares: Matrix) => ({ mean: shares.column(1).reduce((a, b) => a + b, 0) / shares.rows }),
    };
  },
  compare: figuresAgree(0.01),
};
