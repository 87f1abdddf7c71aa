import { OptionError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import { toMatrix } from '../../core/table.ts';
import type { FittedTransformer, TransformerSpecification } from '../../define/define-transformer.ts';
import type { JobOptions } from '../../jobs/job.ts';
import type { ColumnRole } from '../column-role.ts';
import { optionsFromTexts } from '../option-text.ts';
import { prepareRows } from './prepare-rows.ts';
import { findRowModel, type RowModelOptions, type WantedModel } from './row-model.ts';
import { selectFeatures } from './select-features.ts';

/** `model`: name of a transformer with an option nComponents. */
export interface ReduceTableOptions extends RowModelOptions {
  /** As the option nComponents is written, e.g. `2`, `0.95`, `mle`. */
  readonly components: string | undefined;
}

export interface ReducedTable {
  readonly specification: TransformerSpecification;
  readonly model: FittedTransformer | undefined;
  /** Rows × components, named. */
  readonly transformed: Matrix;
  readonly components: readonly ComponentSummary[];
  readonly features: readonly string[];
  readonly columns: readonly ColumnRole[];
  readonly steps: readonly string[];
  readonly seconds: number;
}

/** One component in words and figures; shares only of models that give them. */
export interface ComponentSummary {
  readonly name: string;
  readonly explainedVarianceRatio: number | undefined;
  /** The prepared columns with the largest coefficients. */
  readonly loadings: readonly { readonly column: string; readonly coefficient: number }[];
}

const MOST_LOADINGS = 4;

/**
 * Writes the rows of a table in fewer columns: leaves out identifiers, prepares the columns by `prepareTable`, standardised unless told otherwise.
 * @throws DataError and OptionError naming column, row or option.
 */
export async function reduceTable(
  table: Frame,
  options: ReduceTableOptions,
  job: JobOptions = {},
): Promise<ReducedTable> {
  const specification = await specify(options);
  const wanted = selectFeatures(table, options);
  const { features: named, categorical, standardise } = options;
  const prepared = await prepareRows(wanted, specification, { named, categorical, standardise }, job);
  const { x, features, columns, steps } = prepared;
  const start = performance.now();
  const fitted = await specification.fit(x, undefined, job);
  const seconds = (performance.now() - start) / 1000;
  const transformed = toMatrix(await fitted.transform(x, job));
  const whole = options.keepsModel
    ? await prepared.specification.fit(table.select(features), undefined, job)
    : undefined;
  return {
    ...{ specification, transformed, features, columns, steps, seconds },
    model: whole,
    components: summarise(fitted, x, transformed),
  };
}

interface Attributes {
  readonly components?: Matrix;
  readonly explainedVarianceRatio?: Float64Array;
}

function summarise(fitted: FittedTransformer, x: Matrix, transformed: Matrix): ComponentSummary[] {
  const { components, explainedVarianceRatio } = fitted as FittedTransformer & Attributes;
  return Array.from({ length: transformed.columns }, (_, c) => ({
    name: transformed.names?.[c] ?? `component${c}`,
    explainedVarianceRatio: explainedVarianceRatio?.[c],
    loadings: components === undefined ? [] : largest(Array.from(components.row(c)), x.names),
  }));
}

function largest(row: readonly number[], names: readonly string[] | undefined) {
  return row
    .map((coefficient, j) => ({ column: names?.[j] ?? String(j), coefficient }))
    .sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient))
    .slice(0, MOST_LOADINGS);
}

async function specify({
  model,
  components,
  modelOptionTexts,
  seed,
}: ReduceTableOptions): Promise<TransformerSpecification> {
  const factory = await findRowModel(model, reducers);
  const schema = factory.definition.options;
  if (components !== undefined && Object.hasOwn(modelOptionTexts, 'nComponents')) {
    throw new OptionError(
      'option/conflict',
      `The number of components is given as ${components}; leave it or nComponents out.`,
      { option: 'nComponents' },
    );
  }
  return factory.from({
    ...(Object.hasOwn(schema.shape, 'randomState') && { randomState: seed }),
    ...optionsFromTexts(schema, {
      ...modelOptionTexts,
      ...(components !== undefined && { nComponents: components }),
    }),
  }) as TransformerSpecification;
}

const reducers: WantedModel = {
  suits: ({ definition }) =>
    definition.kind === 'transformer' && Object.hasOwn(definition.options.shape, 'nComponents'),
  does: 'reduce columns',
  doesNot: 'does not reduce columns to components',
};
