import { Matrix } from '../../src/core/matrix.ts';
import { logisticRegression } from '../../src/models/logistic-regression/logistic-regression.ts';
import { type InProcess, readBytes, readF64 } from '../workload.ts';

interface Fitted {
  readonly coef: Matrix;
  readonly intercept: Float64Array;
}

export const workload: InProcess = {
  title: 'logistic regression 200,000 × 50, two classes',
  goal: 2,
  async prepare(directory) {
    const x = new Matrix({ rows: 200_000, columns: 50, data: await readF64(`${directory}/x.f64`) });
    const y = new Int32Array(await readBytes(`${directory}/y.i32`));
    return {
      run: () => logisticRegression().fit(x, y),
      quality: (model: Fitted) => ({ objective: objective(x, y, model) }),
    };
  },
  // Each stops by its own measure: ours must not be worse.
  compare({ objective: ours }, { objective: theirs }) {
    return ours! <= theirs! * (1 + 1e-7) ? undefined : `objective: ${ours} against ${theirs}`;
  },
};

/** Mean log loss and penalty. */
function objective(x: Matrix, y: Int32Array, { coef, intercept }: Fitted): number {
  let loss = 0;
  for (let i = 0; i < x.rows; i++) {
    const margin = x.row(i).reduce((sum, value, j) => sum + value * coef.data[j]!, intercept[0]!);
    loss += Math.max(0, margin) + Math.log1p(Math.exp(-Math.abs(margin))) - y[i]! * margin;
  }
  return (loss + 0.5 * coef.data.reduce((sum, w) => sum + w * w, 0)) / x.rows;
}
