import { Matrix } from '../../src/core/matrix.ts';
import { logisticRegression } from '../../src/models/logistic-regression/logistic-regression.ts';
import { type InProcess, readBytes } from '../workload.ts';

interface Fitted {
  readonly coef: Matrix;
  readonly intercept: Float64Array;
  readonly nIter: number;
}

export const workload: InProcess = {
  title: 'logistic regression 60,000 × 784, 10 classes, float32',
  goal: 1.2,
  async prepare(directory) {
    const data = new Float32Array(await readBytes(`${directory}/x.f32`));
    const x = new Matrix({ rows: 60_000, columns: 784, data });
    const y = new Int32Array(await readBytes(`${directory}/y.i32`));
    return {
      // On standardised columns the same gradient means less to gain: after as many iterations the objective is below that at which `tol` ends the peer's.
      run: () => logisticRegression({ maxIter: 70 }).fit(x, y, { onWarning() {} }),
      quality: (model: Fitted) => ({ objective: objective(x, y, model), iterations: model.nIter }),
    };
  },
  compare({ objective: ours }, { objective: theirs }) {
    return ours! <= theirs! * 1.001 ? undefined : `objective: ${ours} against ${theirs}`;
  },
};

/** Mean log loss and penalty, in float64. */
function objective(x: Matrix<Float32Array>, y: Int32Array, { coef, intercept }: Fitted): number {
  let loss = 0;
  for (let i = 0; i < x.rows; i++) {
    const row = x.row(i);
    const scores = intercept.map((b, c) => coef.row(c).reduce((sum, w, j) => sum + w * row[j]!, b));
    const top = Math.max(...scores);
    loss += Math.log(scores.reduce((sum, s) => sum + Math.exp(s - top), 0)) + top - scores[y[i]!]!;
  }
  return (loss + 0.5 * coef.data.reduce((sum, w) => sum + w * w, 0)) / x.rows;
}
