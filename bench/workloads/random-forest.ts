import { Matrix } from '../../src/core/matrix.ts';
import { randomForestClassifier } from '../../src/models/random-forest/random-forest-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

export const workload: InProcess = {
  title: 'random forest 50,000 × 20, 100 trees, with out-of-bag score',
  goal: 3,
  async prepare(directory) {
    const x = new Matrix({ rows: 50_000, columns: 20, data: await readF64(`${directory}/x.f64`) });
    const y = Array.from(await readF64(`${directory}/y.f64`));
    return {
      run: () => randomForestClassifier({ oobScore: true }).fit(x, y),
      quality: ({ oobScore }: { readonly oobScore: number | null }) => ({ oobScore: oobScore! }),
    };
  },
  // Other draws move the accuracy by a few tenths of a point.
  compare: figuresAgree(0.006),
};
