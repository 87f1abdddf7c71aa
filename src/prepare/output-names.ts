import { type Table, toMatrix } from '../core/table.ts';
import type { State } from '../define/definition.ts';
import { applyModel } from '../define/run.ts';
import type { Specification } from '../define/specification.ts';
import type { Job } from '../jobs/job.ts';
import { namesOf } from './number-view.ts';

/**
 * The columns that a fitted transformer makes of tables like `x`, found by transforming its first row.
 * @throws DataError when the result is not all numbers.
 */
export async function numberNamesOut(
  transformer: Specification,
  state: State,
  x: Table,
  job: Job,
): Promise<readonly string[]> {
  return namesOf(toMatrix(await transformFirstRow(transformer, state, x, job)));
}

/** The same for a result of any kinds. */
export async function namesOut(
  transformer: Specification,
  state: State,
  x: Table,
  job: Job,
): Promise<readonly string[]> {
  const result = await transformFirstRow(transformer, state, x, job);
  return result.names ?? namesOf(toMatrix(result));
}

async function transformFirstRow(
  transformer: Specification,
  state: State,
  x: Table,
  job: Job,
): Promise<Table> {
  return (await applyModel(transformer, state, 'transform', x.take([0]), job)) as Table;
}
