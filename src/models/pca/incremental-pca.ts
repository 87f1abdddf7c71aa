import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { choices, integers, option } from '../../core/options.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import { addBatch, type SeenRows } from '../../math/pca/incremental.ts';
import type { PcaAttributes } from './pca.ts';
import {
  type DirectionsState,
  namesOut,
  projectionNodes,
  ratiosOf,
  transformOneRow,
  transformRows,
  turnBack,
} from './projection.ts';

interface IncrementalState extends DirectionsState, SeenRows {}

export interface IncrementalPcaAttributes extends Omit<PcaAttributes, 'solver'> {
  /** Variance of each column, divided by n. */
  readonly variance: Float64Array;
  /** Rows of all batches. */
  readonly nSamplesSeen: number;
}

/**
 * Principal component analysis of rows taken in batches, in memory for one batch: nearly the components of `pca`, and exactly where
 * all are kept. Options, defaults and results of scikit-learn's IncrementalPCA. `fit(x, { from: model })` is its `partial_fit`, but for
 * that `x` is cut into batches too.
 * @throws DataError for a first batch of a single row; OptionError when `nComponents` is more than the first batch or the columns allow.
 */
export const incrementalPca = defineTransformer({
  name: 'incremental-pca',
  module: import.meta.url,
  summary: 'Principal component analysis of rows that come in batches.',
  use: 'For the components of tables larger than memory, or of rows that arrive bit by bit.',
  scaling: 'useful',
  missing: 'propagated',
  weighted: false,
  continues: true,
  rowOperations: ({ components }: IncrementalState) => 2 * components.length,
  options: z.strictObject({
    nComponents: option(
      z.int().positive().nullable().default(null),
      'How many directions; null for as many as the first batch has rows, or the table columns.',
      integers(1, 20),
    ),
    whiten: option(
      z.boolean().default(false),
      'Whether to divide by the standard deviation along each direction.',
      choices(true, false),
    ),
    batchSize: option(
      z.int().positive().nullable().default(null),
      'Rows of a batch; null for five times the columns.',
    ),
  }),
  async fit({ nComponents, batchSize }, { x, rows, from }, job): Promise<IncrementalState> {
    const earlier = from as IncrementalState | undefined;
    const { columns } = x;
    const batches = batchesOf(rows, batchSize ?? 5 * columns, nComponents ?? 0);
    const first = batches[0]!;
    const count = earlier?.singularValues.length ?? nComponents ?? Math.min(first.to, columns);
    if (earlier === undefined) requireCount(count, first.to, columns);
    if (nComponents !== null && nComponents !== count) {
      throw new OptionError(
        'option/invalid',
        `incremental-pca: the model to continue from has ${count} components, but nComponents is ${nComponents}. Give the same number, or null.`,
        { option: 'nComponents' },
      );
    }
    let seen: SeenRows | undefined = earlier;
    for (const { from: start, to } of batches) {
      const data = x.data.subarray(start * columns, to * columns);
      seen = await addBatch(
        job,
        seen,
        new Matrix({ rows: to - start, columns, data, names: x.names }),
        count,
      );
      job.checkpoint();
      job.progress(to / rows, `row ${to}`);
    }
    const { singularValues, rows: total } = seen!;
    return {
      ...seen!,
      names: x.names ?? null,
      explainedVariance: singularValues.map((value) => (value / (total - 1)) * value),
    };
  },
  transform: (state, x, job, { whiten }) => transformRows(state, x, job, whiten),
  transformRow: (state, row, { whiten }) => transformOneRow(state, row, whiten),
  inverseTransform: (state, x, job, { whiten }) => turnBack('incremental-pca', state, x, job, whiten),
  onnx: (state, x, graph, { whiten }) => projectionNodes(state, x, graph, whiten),
  attributes(state): IncrementalPcaAttributes {
    const { mean, components, explainedVariance, singularValues, squares, rows, noiseVariance } = state;
    const columns = mean.length;
    const nComponents = singularValues.length;
    const total = squares.reduce((sum, square) => sum + square, 0) / (rows - 1);
    return {
      components: new Matrix({
        rows: nComponents,
        columns,
        data: components,
        names: state.names ?? undefined,
      }),
      ...{ explainedVariance, singularValues, mean, noiseVariance, nComponents },
      explainedVarianceRatio: ratiosOf(explainedVariance, total),
      variance: squares.map((square) => square / rows),
      nSamplesSeen: rows,
      featureNamesOut: namesOut(nComponents),
    };
  },
});

/** Runs of `size` rows; what is left at the end and smaller than `least` belongs to the run before it. */
function batchesOf(
  rows: number,
  size: number,
  least: number,
): { readonly from: number; readonly to: number }[] {
  const batches: { from: number; to: number }[] = [];
  for (let from = 0; from < rows; ) {
    const to = from + size + least > rows ? rows : from + size;
    batches.push({ from, to: rows - from <= size ? rows : to });
    from = batches.at(-1)!.to;
  }
  return batches;
}

function requireCount(count: number, rows: number, columns: number): void {
  if (rows < 2) {
    throw new DataError(
      'data/too-few-rows',
      'incremental-pca needs at least two rows in its first batch: one row has no variance.',
    );
  }
  if (count <= Math.min(rows, columns)) return;
  throw new OptionError(
    'option/invalid',
    `incremental-pca: option 'nComponents' cannot be ${count}: a first batch of ${rows} rows and ${columns} columns has at most ` +
      `${Math.min(rows, columns)} components.`,
    { option: 'nComponents' },
  );
}
