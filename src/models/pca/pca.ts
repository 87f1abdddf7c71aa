import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, integers, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { randomStateSchema } from '../../core/seed-schema.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { countByEvidence, countForShare } from '../../math/pca/choose-count.ts';
import { spectrumOfCovariance, spectrumOfRows } from '../../math/pca/exact.ts';
import { spectrumOfSample } from '../../math/pca/randomized.ts';
import { fixSigns, type Spectrum } from '../../math/pca/spectrum.ts';
import {
  type DirectionsState,
  namesOut,
  projectionNodes,
  ratiosOf,
  transformOneRow,
  transformRows,
  turnBack,
} from './projection.ts';

type Solver = 'full' | 'covariance-eigh' | 'randomized';

interface PcaState extends DirectionsState {
  readonly rows: number;
  readonly totalVariance: number;
  readonly noiseVariance: number;
  readonly solver: Solver;
}

export interface PcaAttributes {
  /** The principal directions, components × columns, by descending variance; the largest entry of each is positive. */
  readonly components: Matrix;
  /** Variance (divided by n − 1) along each. */
  readonly explainedVariance: Float64Array;
  /** Its share of the variance of all columns. */
  readonly explainedVarianceRatio: Float64Array;
  readonly singularValues: Float64Array;
  /** Mean of each column. */
  readonly mean: Float64Array;
  /** Mean variance along the directions left out. */
  readonly noiseVariance: number;
  readonly nComponents: number;
  /** The solver that `svdSolver` came to. */
  readonly solver: Solver;
  readonly featureNamesOut: readonly string[];
}

/**
 * Principal component analysis: the rows, less their mean, along the directions of largest variance. Options, defaults, signs and
 * random draws of scikit-learn's PCA. `svdSolver: 'auto'` takes the covariance for tall tables, a randomized sample where few
 * directions of a large table are wanted, and the full decomposition otherwise.
 * @throws DataError for a single row; OptionError when `nComponents` is more than the data have.
 */
export const pca = defineTransformer({
  name: 'pca',
  module: import.meta.url,
  summary: 'Projects rows onto the directions along which they vary most.',
  use: 'To reduce many columns to a few that keep most of the variance, and to draw rows in two dimensions.',
  scaling: 'useful',
  missing: 'propagated',
  weighted: false,
  rowOperations: ({ components }: PcaState) => 2 * components.length,
  options: z.strictObject({
    nComponents: option(
      z
        .union([z.int().positive(), z.number().gt(0).lt(1), z.literal('mle')])
        .nullable()
        .default(null),
      "How many directions: a count, the share of the variance to exceed (0 to 1), 'mle' to let the data choose, null for all.",
      integers(1, 20),
    ),
    whiten: option(
      z.boolean().default(false),
      'Whether to divide by the standard deviation along each direction.',
      choices(true, false),
    ),
    svdSolver: option(
      z.enum(['auto', 'full', 'covariance-eigh', 'randomized']).default('auto'),
      'How to decompose: full is the most accurate, covariance-eigh the fastest for tall tables, randomized for few directions of large ones; auto goes by shape.',
    ),
    nOversamples: option(
      z.int().nonnegative().default(10),
      'Directions that randomized tries beyond those wanted.',
    ),
    iteratedPower: option(
      z.union([z.literal('auto'), z.int().nonnegative()]).default('auto'),
      'Power iterations of randomized; auto is 7 for less than a tenth of all directions, else 4.',
    ),
    randomState: option(randomStateSchema(), 'Seed of randomized; null draws a new one each time.'),
  }),
  async fit(options, { x, rows }, job): Promise<PcaState> {
    const { nComponents, nOversamples, iteratedPower, randomState } = options;
    const { columns } = x;
    const most = Math.min(rows, columns);
    if (rows < 2)
      throw new DataError('data/too-few-rows', 'pca needs at least two rows: one row has no variance.');
    requireCount(nComponents, rows, columns);
    const solver = solverFor(options, rows, columns);
    const spectrum = await spectrumBy(solver);
    fixSigns(spectrum.components, columns);
    return stateOf(spectrum, chooseCount(nComponents, spectrum, rows, most), {
      rows,
      solver,
      names: x.names ?? null,
    });

    function spectrumBy(chosen: Solver): Promise<Spectrum> {
      if (chosen === 'covariance-eigh') return spectrumOfCovariance(job, x);
      if (chosen === 'full') return spectrumOfRows(job, x);
      return spectrumOfSample(job, x, {
        count: (nComponents as number | null) ?? most,
        oversamples: nOversamples,
        iterations: iteratedPower,
        random: new RandomState(randomState),
      });
    }
  },
  transform: (state, x, job, { whiten }) => transformRows(state, x, job, whiten),
  transformRow: (state, row, { whiten }) => transformOneRow(state, row, whiten),
  inverseTransform: (state, x, job, { whiten }) => turnBack('pca', state, x, job, whiten),
  onnx: (state, x, graph, { whiten }) => projectionNodes(state, x, graph, whiten),
  attributes(state): PcaAttributes {
    const { mean, components, explainedVariance, totalVariance, noiseVariance, rows, solver } = state;
    const columns = mean.length;
    const nComponents = components.length / columns;
    return {
      components: new Matrix({
        rows: nComponents,
        columns,
        data: components,
        names: state.names ?? undefined,
      }),
      explainedVariance,
      explainedVarianceRatio: ratiosOf(explainedVariance, totalVariance),
      singularValues: explainedVariance.map((value) => Math.sqrt(value * (rows - 1))),
      ...{ mean, noiseVariance, nComponents, solver },
      featureNamesOut: namesOut(nComponents),
    };
  },
});

type Count = number | 'mle' | null;

function requireCount(nComponents: Count, rows: number, columns: number): void {
  const most = Math.min(rows, columns);
  const fail = (message: string): never => {
    throw new OptionError('option/invalid', `pca: option 'nComponents' ${message}`, {
      option: 'nComponents',
    });
  };
  if (nComponents === 'mle' && rows < columns) {
    fail(`cannot be 'mle' with fewer rows (${rows}) than columns (${columns}); give a count or a share.`);
  }
  if (typeof nComponents === 'number' && nComponents > most) {
    fail(`cannot be ${nComponents}: ${rows} rows and ${columns} columns have at most ${most} components.`);
  }
}

function solverFor(
  { svdSolver, nComponents }: { readonly svdSolver: Solver | 'auto'; readonly nComponents: Count },
  rows: number,
  columns: number,
): Solver {
  const isCount = nComponents === null || (typeof nComponents === 'number' && nComponents >= 1);
  if (svdSolver === 'randomized' && !isCount) {
    throw new OptionError(
      'option/invalid',
      `pca: svdSolver 'randomized' needs nComponents as a count, not ${JSON.stringify(nComponents)}.`,
      { option: 'svdSolver' },
    );
  }
  if (svdSolver !== 'auto') return svdSolver;
  if (columns <= 1000 && rows >= 10 * columns) return 'covariance-eigh';
  if (Math.max(rows, columns) <= 500) return 'full';
  const most = Math.min(rows, columns);
  return typeof nComponents === 'number' && nComponents >= 1 && nComponents < 0.8 * most
    ? 'randomized'
    : 'full';
}

function chooseCount(
  nComponents: Count,
  { variances, totalVariance }: Spectrum,
  rows: number,
  most: number,
): number {
  if (nComponents === null) return most;
  if (nComponents === 'mle') return countByEvidence(variances.subarray(0, most), rows);
  if (nComponents >= 1) return nComponents;
  return countForShare(ratiosOf(variances.subarray(0, most), totalVariance), nComponents);
}

function stateOf(
  { mean, components, variances, totalVariance }: Spectrum,
  count: number,
  rest: Pick<PcaState, 'rows' | 'solver' | 'names'>,
): PcaState {
  const columns = mean.length;
  const most = Math.min(rest.rows, columns);
  const explainedVariance = variances.slice(0, count);
  const left = totalVariance - explainedVariance.reduce((sum, value) => sum + value, 0);
  const exact = variances.length >= most;
  const leftExactly = variances.subarray(count, most).reduce((sum, value) => sum + value, 0);
  const noiseVariance = count < most ? Math.max(0, exact ? leftExactly : left) / (most - count) : 0;
  const kept = components.slice(0, count * columns);
  return { ...rest, mean, components: kept, explainedVariance, totalVariance, noiseVariance };
}
