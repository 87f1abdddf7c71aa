import type { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { toMatrix } from '../../core/table.ts';
import type { TransformerSpecification } from '../../define/define-transformer.ts';
import type { Specification } from '../../define/specification.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import type { ColumnRole } from '../column-role.ts';
import { columnRoles, prepareColumns } from '../prepare-table.ts';

export interface PrepareRowsOptions {
  /** Columns to use although they look like identifiers or free text. */
  readonly named: readonly string[] | undefined;
  readonly categorical: readonly string[];
  /** Whether numbers are standardised where the model profits. */
  readonly standardise: boolean;
}

/** A table as the numbers that a model without a target sees. */
export interface PreparedRows<Spec extends Specification> {
  readonly x: Matrix;
  /** The model with the preparation in front, to be fitted on the features: for later tables. */
  readonly specification: Spec;
  readonly features: readonly string[];
  readonly columns: readonly ColumnRole[];
  /** The preparation in words. */
  readonly steps: readonly string[];
}

/** Prepares the columns of a table as `prepareTable` does, and learns and applies the preparation. @throws DataError when no column is left. */
export async function prepareRows<Spec extends Specification>(
  table: Frame,
  model: Spec,
  { standardise, ...wishes }: PrepareRowsOptions,
  job: JobOptions,
): Promise<PreparedRows<Spec>> {
  const columns = columnRoles(table, wishes);
  // What the preparation asks of a model is in its definition.
  const asked = standardise
    ? model
    : { ...model, definition: { ...model.definition, scaling: 'harmful' as const } };
  const { specification, features, steps } = prepareColumns(columns, table.rows, asked);
  const used = table.select(features);
  if (steps.length === 0) return { x: toMatrix(used), specification: model, features, columns, steps };
  const [[, transformer]] = specification.options.steps as [[string, TransformerSpecification]];
  const fitted = await transformer.fit(used, undefined, job);
  const x = withoutGroups(toMatrix(await fitted.transform(used, job)));
  const whole = pipeline(transformer as never, model as never) as unknown as Spec;
  return { x, specification: whole, features, columns, steps };
}

/** Columns without the group that prepared them (`numbers__age` → `age`), where that keeps them apart. */
function withoutGroups({ rows, columns, data, names }: Matrix): Matrix {
  const short = names?.map((name) => name.slice(name.indexOf('__') + 2));
  return new Matrix({ rows, columns, data, names: new Set(short).size === columns ? short : names });
}
