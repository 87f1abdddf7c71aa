import { DataError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { parseOptions } from '../../core/options.ts';
import { type TableLike, toMatrix, toSharedTable } from '../../core/table.ts';
import { prepareInput } from '../../define/input.ts';
import type { Job, JobOptions } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { Metric, MetricName } from '../../math/neighbours/metric.ts';
import { nearestNeighbours } from '../../math/neighbours/nearest-neighbours.ts';
import {
  algorithmOf,
  type IndexOptions,
  indexRows,
  type NeighbourAlgorithm,
  type NeighbourIndex,
} from '../../math/neighbours/neighbour-index.ts';
import { type RadiusNeighbours, radiusNeighbours } from '../../math/neighbours/radius-neighbours.ts';
import { kNeighborsRegressor } from './k-neighbors-regressor.ts';
import { checkNeighbourOptions, neighbourOptions, requireNeighbours } from './options.ts';

export interface NeighborSearchOptions extends JobOptions {
  /** Default `minkowski`. */
  readonly metric?: MetricName;
  /** Power of the Minkowski distance. Default 2. */
  readonly p?: number;
  /** Default `auto`. */
  readonly algorithm?: 'auto' | NeighbourAlgorithm;
  /** Rows of a tree's leaf at most. Default 30. */
  readonly leafSize?: number;
}

/** Rows ready to be asked which are near. */
export interface NeighborSearch {
  readonly rows: number;
  /** How neighbours are found. */
  readonly algorithm: NeighbourAlgorithm;
  /**
   * The `nNeighbors` (default 5) nearest rows of each row of `x`, the nearest first, of equal ones the earlier: rows × nNeighbors.
   * @throws DataError when there are fewer rows.
   */
  kneighbors(
    x: TableLike,
    options?: JobOptions & { readonly nNeighbors?: number },
  ): Promise<{ readonly distances: Matrix; readonly indices: Matrix }>;
  /** All rows at most `radius` from each row of `x`, the nearest first. @throws OptionError for a negative radius. */
  radiusNeighbors(
    x: TableLike,
    options: JobOptions & { readonly radius: number },
  ): Promise<{ readonly distances: readonly Float64Array[]; readonly indices: readonly Int32Array[] }>;
}

interface Payload {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}
type SearchPayload = Payload & { readonly index: NeighbourIndex; readonly size: number };

/**
 * Prepares the rows of `x` for queries, as scikit-learn's NearestNeighbors. `haversine` takes latitude and longitude in radians and gives angles; times 6371 they are
 * kilometres on the earth.
 * @throws DataError, OptionError naming column or option.
 */
export async function neighborSearch(
  x: TableLike,
  { metric = 'minkowski', p = 2, algorithm = 'auto', leafSize = 30, ...job }: NeighborSearchOptions = {},
): Promise<NeighborSearch> {
  const options = parseOptions(neighbourOptions, { metric, p, algorithm, leafSize }, 'neighborSearch');
  checkNeighbourOptions('neighborSearch', options);
  const table = await numbersOf(x);
  const request = { module: import.meta.url, ...job };
  const index = await runJob<Payload & IndexOptions, NeighbourIndex>({
    ...{ ...request, name: 'indexTask' },
    payload: {
      ...payloadOf(table),
      metric: { name: options.metric, p: options.p },
      algorithm: options.algorithm,
      leafSize: options.leafSize,
    },
  });
  const ask = async (asked: TableLike, size: number, name: string, how: JobOptions) => {
    const queries = await numbersOf(asked);
    if (queries.columns !== table.columns) throw otherColumns(queries.columns, table.columns);
    const payload: SearchPayload = { ...payloadOf(queries), index, size };
    return {
      queries,
      result: await runJob<SearchPayload, RadiusNeighbours>({
        ...how,
        module: import.meta.url,
        name,
        payload,
      }),
    };
  };
  return {
    rows: table.rows,
    algorithm: algorithmOf(index),
    async kneighbors(asked, { nNeighbors = 5, ...how } = {}) {
      parseOptions(neighbourOptions, { nNeighbors }, 'kneighbors');
      requireNeighbours('kneighbors', nNeighbors, table.rows);
      const { queries, result } = await ask(asked, nNeighbors, 'nearestTask', how);
      const shape = { rows: queries.rows, columns: nNeighbors };
      return {
        distances: new Matrix({ ...shape, data: result.distances }),
        indices: new Matrix({ ...shape, data: Float64Array.from(result.indices) }),
      };
    },
    async radiusNeighbors(asked, { radius, ...how }) {
      if (!(radius >= 0)) {
        throw new OptionError('option/invalid', `radiusNeighbors: radius must be 0 or more, not ${radius}.`, {
          option: 'radius',
        });
      }
      const { queries, result } = await ask(asked, radius, 'radiusTask', how);
      const { starts, distances, indices } = result;
      const range = (i: number) => [starts[i]!, starts[i + 1]!] as const;
      return {
        distances: Array.from({ length: queries.rows }, (_, i) => distances.slice(...range(i))),
        indices: Array.from({ length: queries.rows }, (_, i) => indices.slice(...range(i))),
      };
    },
  };
}

function payloadOf({ rows, columns, data }: Matrix): Payload {
  return { rows, columns, data };
}

/** Finite numbers, refused by column and row as a model of neighbours would. */
async function numbersOf(x: TableLike): Promise<Matrix> {
  return prepareInput<'matrix'>(kNeighborsRegressor.definition, toMatrix(await toSharedTable(x)));
}

function otherColumns(columns: number, expected: number): DataError {
  return new DataError(
    'data/column-count',
    `The rows have ${expected} columns, but those asked about have ${columns}.`,
    {
      columns,
      expected,
    },
  );
}

const matrixOf = ({ rows, columns, data }: Payload) => new Matrix({ rows, columns, data });

export function indexTask(
  { metric, algorithm, leafSize = 30, ...table }: Payload & IndexOptions,
  job: Job,
): Promise<NeighbourIndex> {
  return indexRows(job, matrixOf(table), { metric: metric as Metric, algorithm, leafSize });
}

export function nearestTask({ index, size, ...table }: SearchPayload, job: Job) {
  return nearestNeighbours(job, index, matrixOf(table), size);
}

export function radiusTask({ index, size, ...table }: SearchPayload, job: Job): Promise<RadiusNeighbours> {
  return radiusNeighbours(job, index, matrixOf(table), size);
}
