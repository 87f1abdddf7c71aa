import { JobError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { Matrix } from '../core/matrix.ts';
import type { OptionsSchema } from '../core/options.ts';
import type { Table, TableLike } from '../core/table.ts';
import { copyData } from './copy-data.ts';
import type { Input, State, TransformerDefinition, TransformerParts } from './definition.ts';
import { makeFactory, type TypedFactory } from './factory.ts';
import { type CodedTarget, fitModel, noTarget } from './fit.ts';
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
import type { Applied } from './run.ts';
import type { Specification } from './specification.ts';
import { encodeLabels, encodeValues, isColumn, type LabelTarget, type NumericTarget } from './targets.ts';

/** A fitted transformer with attributes `A`. */
export type FittedTransformer<A extends object = object> = FittedModel &
  A & {
    readonly kind: 'transformer';
    /** The transformed table. @throws DataError naming a column that is missing or unfit. */
    transform(x: TableLike, options?: PredictOptions): Promise<Table>;
    /** The original columns from transformed ones. @throws OptionError when the transformer cannot be undone. */
    inverseTransform(x: TableLike, options?: PredictOptions): Promise<Table>;
    /**
     * The numbers that one row becomes, at once.
     * @throws DataError for an unfit row; JobError when the transformer works asynchronously or gives other than numbers.
     */
    transformRow(row: RowLike): Float64Array;
  };

type AnyTarget = LabelTarget | NumericTarget;

/** An unfitted transformer. */
export interface TransformerSpecification<A extends object = object>
  extends Specification<'transformer', TransformerDefinition> {
  /** Learns from `x`, and from `y` where the transformer looks at a target. @throws DataError, OptionError, AbortError */
  fit(
    x: TableLike,
    y?: AnyTarget,
    options?: FitOptions<AnyTarget, FittedModel>,
  ): Promise<FittedTransformer<A>>;
  restore(parts: Omit<FittedParts, 'specification'>): FittedTransformer<A>;
}

/** Defines a transformer; export what it returns from `definition.module`. */
export function defineTransformer<
  O extends OptionsSchema,
  S extends State,
  A extends object = object,
  I extends Input = 'matrix',
>(definition: TransformerParts<O, S, A, I>): TypedFactory<O, TransformerSpecification<A>> {
  const full = { ...definition, kind: 'transformer' as const };
  return makeFactory(full as unknown as TransformerDefinition & { readonly options: O }, (bare) => ({
    ...bare,
    fit: async (x: TableLike, y?: AnyTarget, options: FitOptions<AnyTarget, FittedModel> = {}) =>
      fittedTransformer<A>(
        await fitModel(bare, x, y === undefined ? noTarget : await codeTarget(y), options),
      ),
    restore: (parts: Omit<FittedParts, 'specification'>) =>
      fittedTransformer<A>({ ...parts, specification: bare }),
  }));
}

/** Numbers stay numbers; text and booleans are classes. */
async function codeTarget(y: AnyTarget): Promise<CodedTarget<AnyTarget>> {
  const sample: unknown = isColumn(y) ? (y.kind === 'number' ? 0 : '') : y[0];
  if (typeof sample === 'number') {
    const { values } = await encodeValues(y as NumericTarget);
    return {
      ...noTarget,
      y: values,
      targets: 1,
      encodeAlso: async (other) => (await encodeValues(other as NumericTarget)).values,
    };
  }
  const { codes, classes } = await encodeLabels(y as readonly Label[]);
  return {
    ...noTarget,
    y: codes,
    targets: 1,
    classes,
    encodeAlso: async (other) => (await encodeLabels(other as LabelTarget)).codes,
  };
}

function fittedTransformer<A extends object>(
  parts: FittedParts<Specification<'transformer', TransformerDefinition>>,
): FittedTransformer<A> {
  const { definition, options } = parts.specification;
  const model = {
    ...fittedBase(parts),
    kind: 'transformer' as const,
    transform: (x: TableLike, how?: PredictOptions) => applyFitted(parts, 'transform', x, how),
    inverseTransform: (x: TableLike, how?: PredictOptions) => applyFitted(parts, 'inverseTransform', x, how),
    transformRow: (row: RowLike) =>
      definition.transformRow === undefined
        ? numbersOfRow(applyRow(parts, 'transform', row), parts.specification.name)
        : definition.transformRow(parts.state, rowNumbers(parts, row), options as never),
  };
  return Object.assign(
    model,
    copyData(definition.attributes?.(parts.state, options as never)),
  ) as unknown as FittedTransformer<A>;
}

function numbersOfRow(table: Applied, name: string): Float64Array {
  if (table instanceof Matrix) return Float64Array.from(table.data);
  throw new JobError(
    'model/no-row-prediction',
    `${name} gives columns that are not numbers; use await transform([row]).`,
  );
}
