import { Matrix } from '../../src/core/matrix.ts';
import { r2Score } from '../../src/metrics/index.ts';
import { decisionTreeRegressor } from '../../src/models/decision-tree/decision-tree-regressor.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

const columns = 20;

export const workload: InProcess = {
  title: 'decision tree 200,000 × 20 to purity',
  goal: 3,
  async prepare(directory) {
    const read = async (name: string) => {
      const data = await readF64(`${directory}/${name}.f64`);
      return new Matrix({ rows: data.length / columns, columns, data });
    };
    const [x, test] = [await read('x'), await read('x-test')];
    const y = await readF64(`${directory}/y.f64`);
    const truth = await readF64(`${directory}/y-test.f64`);
    return {
      run: () => decisionTreeRegressor().fit(x, y),
      quality: (model: { readonly nLeaves: number; predictRow(row: Float64Array): number }) => ({
        r2: r2Score(
          truth,
          Float64Array.from({ length: test.rows }, (_, i) => model.predictRow(test.row(i))),
        ),
        leaves: model.nLeaves,
      }),
    };
  },
  // Ties near the leaves are broken otherwise.
  compare: figuresAgree(0.02),
};
