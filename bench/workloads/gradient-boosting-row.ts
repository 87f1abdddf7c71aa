import { gradientBoostingClassifier } from '../../src/models/gradient-boosting/gradient-boosting-classifier.ts';
import { figuresAgree, type InProcess } from '../workload.ts';
import { boostingOptions, readTable } from './boosting/data.ts';

export const workload: InProcess = {
  title: 'gradient boosting of 100 trees of 31 leaves, 500 rows of 28 one by one, against LightGBM',
  goal: 20,
  async prepare(directory) {
    const { x, y, test } = await readTable(directory, 28);
    const model = await gradientBoostingClassifier(boostingOptions).fit(x, y);
    const rows = Array.from({ length: 500 }, (_, i) => test.row(i));
    return {
      run: async () => rows.map((row) => Number(model.predictRow(row))),
      quality: (shares: number[]) => ({ mean: shares.reduce((a, b) => a + b, 0) / shares.length }),
    };
  },
  // Labels of 500 rows: the models differ by single splits, and some rows lie on the border of both classes.
  compare: figuresAgree(0.1),
};
