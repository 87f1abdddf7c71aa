import { OptionError } from '../core/errors.ts';
import { Matrix } from '../core/matrix.ts';
import type { OptionsSchema } from '../core/options.ts';
import type { TableLike } from '../core/table.ts';
import { copyData } from './copy-data.ts';
import type { Input, RegressorDefinition, RegressorParts, State } from './definition.ts';
import { makeFactory, type TypedFactory } from './factory.ts';
import { type CodedTarget, fitModel } from './fit.ts';
import type { FitOptions, PredictOptions } from './fit-options.ts';
import {
  applyFitted,
  applyRow,
  type FittedModel,
  type FittedParts,
  fittedBase,
  type RowLike,
  rowNumbers,
} from './fitted.ts';
import type { Specification } from './specification.ts';
import { encodeValues, type NumericTarget, type NumericTargets } from './targets.ts';

/** A fitted regressor: attributes `A` (such as `coef`) and predictions `P`, a matrix when there are several targets. */
export type FittedRegressor<
  A extends object = object,
  P extends Float64Array | Matrix = Float64Array,
> = FittedModel &
  A & {
    readonly kind: 'regressor';
    /** Predictions for each row of `x`. @throws DataError naming a column that is missing or unfit. */
    predict(x: TableLike, options?: PredictOptions): Promise<P>;
    /**
     * Bounds within which the target of each row is expected: rows × 2, `lower` and `upper`.
     * @throws OptionError when the model gives none, as all but `conformalRegressor` and pipelines that end with it.
     */
    predictInterval(x: TableLike, options?: PredictOptions): Promise<Matrix>;
    /** The prediction for one row, at once, on the caller's thread. */
    predictRow(row: RowLike): P extends Matrix ? Float64Array : number;
  };

/** An unfitted regressor. */
export interface RegressorSpecification<A extends object = object, M extends object = A>
  extends Specification<'regressor', RegressorDefinition> {
  /**
   * Fits the model on `x` (rows × columns) and `y` (one number a row, or several) on worker threads.
   * @throws DataError, OptionError, AbortError, JobError
   */
  fit(
    x: TableLike,
    y: NumericTarget,
    options?: FitOptions<NumericTarget, FittedModel>,
  ): Promise<FittedRegressor<A>>;
  fit(
    x: TableLike,
    y: NumericTargets,
    options?: FitOptions<NumericTargets, FittedModel>,
  ): Promise<FittedRegressor<M, Matrix>>;
  restore(parts: Omit<FittedParts, 'specification'>): FittedRegressor<A>;
}

/** Defines a regressor; export what it returns from `definition.module`. */
export function defineRegressor<
  O extends OptionsSchema,
  S extends State,
  A extends object = object,
  I extends Input = 'matrix',
  M extends object = A,
>(definition: RegressorParts<O, S, A, I, M>): TypedFactory<O, RegressorSpecification<A, M>> {
  const full = { ...definition, kind: 'regressor' as const };
  return makeFactory(full as unknown as RegressorDefinition & { readonly options: O }, (bare) => ({
    ...bare,
    fit: async (
      x: TableLike,
      y: NumericTarget | NumericTargets,
      options: FitOptions<NumericTarget | NumericTargets, FittedModel> = {},
    ) => {
      const parts = await fitModel(bare, x, await codeValues(y), options);
      return fittedRegressor<A>(parts) as FittedRegressor<A> & FittedRegressor<M, Matrix>;
    },
    restore: (parts: Omit<FittedParts, 'specification'>) =>
      fittedRegressor<A>({ ...parts, specification: bare }),
  }));
}

async function codeValues(
  y: NumericTarget | NumericTargets,
): Promise<CodedTarget<NumericTarget | NumericTargets>> {
  const { values, targets, several, names } = await encodeValues(y);
  return {
    y: values,
    targets,
    classes: undefined,
    schema: { kind: 'values', targets, several, names },
    encodeAlso: async (other) => {
      const encoded = await encodeValues(other);
      if (encoded.targets === targets) return encoded.values;
      throw new OptionError(
        'option/invalid',
        `validation.y has ${encoded.targets} columns where y has ${targets}.`,
        { option: 'validation' },
      );
    },
  };
}

function fittedRegressor<A extends object>(
  parts: FittedParts<Specification<'regressor', RegressorDefinition>>,
): FittedRegressor<A> {
  const { specification, state, target } = parts;
  const { definition, options } = specification;
  const { targets, several, names } = target as Extract<typeof target, { kind: 'values' }>;
  const model = {
    ...fittedBase(parts),
    kind: 'regressor' as const,
    async predict(x: TableLike, predictOptions?: PredictOptions) {
      const data = (await applyFitted(parts, 'predict', x, predictOptions)) as Float64Array;
      return several ? new Matrix({ rows: data.length / targets, columns: targets, data, names }) : data;
    },
    async predictInterval(x: TableLike, predictOptions?: PredictOptions) {
      const data = (await applyFitted(parts, 'predictInterval', x, predictOptions)) as Float64Array;
      return new Matrix({ rows: data.length / 2, columns: 2, data, names: ['lower', 'upper'] });
    },
    predictRow(row: RowLike) {
      if (definition.predictRow !== undefined && targets === 1 && !several) {
        return definition.predictRow(state, rowNumbers(parts, row));
      }
      const values = applyRow(parts, 'predict', row) as Float64Array;
      return several ? values : values[0]!;
    },
  };
  const attributes =
    several && definition.attributesOfTargets !== undefined
      ? definition.attributesOfTargets(state, options as never)
      : definition.attributes?.(state, options as never);
  return Object.assign(model, copyData(attributes)) as unknown as FittedRegressor<A>;
}
