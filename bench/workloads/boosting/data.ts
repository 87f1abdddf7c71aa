import { Matrix } from '../../../src/core/matrix.ts';
import { sumTreesOfRow } from '../../../src/math/trees/predict.ts';
import type { BoostingState } from '../../../src/models/gradient-boosting/boosting-attributes.ts';
import { gradientBoostingClassifier } from '../../../src/models/gradient-boosting/gradient-boosting-classifier.ts';
import { figuresAgree, type InProcess, readF64, type Timed } from '../../workload.ts';

/** What both sides fit: 100 trees of 31 leaves. */
export const boostingOptions = { nEstimators: 100, maxLeafNodes: 31, learningRate: 0.1, minSamplesLeaf: 20 };

export async function readTable(directory: string, columns: number) {
  const read = async (name: string) => {
    const data = await readF64(`${directory}/${name}.f64`);
    return new Matrix({ rows: data.length / columns, columns, data });
  };
  const [x, test] = [await read('x'), await read('x-test')];
  const y = { kind: 'number' as const, values: await readF64(`${directory}/y.f64`) };
  return { x, y, test, truth: await readF64(`${directory}/y-test.f64`) };
}

/** A fit against a peer's, with the same settings. */
export function boostingWorkload(title: string, goal: number, columns = 28): InProcess {
  return {
    ...{ title, goal },
    async prepare(directory): Promise<Timed> {
      const { x, y, test, truth } = await readTable(directory, columns);
      return {
        run: () => gradientBoostingClassifier(boostingOptions).fit(x, y),
        quality: (model: { readonly state: BoostingState }) => ({
          logLoss: logLoss(model.state, test, truth),
        }),
      };
    },
    // A loss within 1%.
    compare: figuresAgree(0.01),
  };
}

function logLoss({ trees, baseline }: BoostingState, test: Matrix, truth: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < test.rows; i++) {
    const score = sumTreesOfRow(trees, test.row(i), baseline)[0]!;
    sum += Math.log1p(Math.exp(truth[i] === 1 ? -score : score));
  }
  return sum / test.rows;
}
