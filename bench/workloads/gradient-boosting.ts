import { Matrix } from '../../src/core/matrix.ts';
import { sumTreesOfRow } from '../../src/math/trees/predict.ts';
import type { BoostingState } from '../../src/models/gradient-boosting/boosting-attributes.ts';
import { gradientBoostingClassifier } from '../../src/models/gradient-boosting/gradient-boosting-classifier.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

const columns = 28;

export const workload: InProcess = {
  title: 'gradient boosting 1,000,000 × 28, 100 trees of 31 leaves, against LightGBM',
  goal: 1.3,
  async prepare(directory) {
    const read = async (name: string) => {
      const data = await readF64(`${directory}/${name}.f64`);
      return new Matrix({ rows: data.length / columns, columns, data });
    };
    const [x, test] = [await read('x'), await read('x-test')];
    const y = Array.from(await readF64(`${directory}/y.f64`));
    const truth = await readF64(`${directory}/y-test.f64`);
    const options = { nEstimators: 100, maxLeafNodes: 31, learningRate: 0.1, minSamplesLeaf: 20 };
    return {
      run: () => gradientBoostingClassifier(options).fit(x, y),
      quality: (model: { readonly state: BoostingState }) => ({ logLoss: logLoss(model.state, test, truth) }),
    };
  },
  // The margin: a loss within 1%.
  compare: figuresAgree(0.01),
};

function logLoss({ trees, baseline }: BoostingState, test: Matrix, truth: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < test.rows; i++) {
    const score = sumTreesOfRow(trees, test.row(i), baseline)[0]!;
    sum += Math.log1p(Math.exp(truth[i] === 1 ? -score : score));
  }
  return sum / test.rows;
}
