import type { OptionsSchema } from '../core/options.ts';
import type { TableLike } from '../core/table.ts';
import { copyData } from './copy-data.ts';
import type { ClustererDefinition, ClustererParts, Input, State } from './definition.ts';
import { makeFactory, type TypedFactory } from './factory.ts';
import { fitModel, noTarget } from './fit.ts';
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

/** A fitted clusterer with attributes `A`. */
export type FittedClusterer<A extends object = object> = FittedModel &
  A & {
    readonly kind: 'clusterer';
    /** Cluster of each training row; −1 is noise. */
    readonly labels: Int32Array;
    /** Cluster of each row of `x`. @throws OptionError when the model cannot place new rows. */
    predict(x: TableLike, options?: PredictOptions): Promise<Int32Array>;
    /** Cluster of one row, at once. @throws OptionError when the model cannot place new rows, DataError for an unfit row. */
    predictRow(row: RowLike): number;
  };

/** An unfitted clusterer. */
export interface ClustererSpecification<A extends object = object>
  extends Specification<'clusterer', ClustererDefinition> {
  /** Groups the rows of `x` on worker threads. @throws DataError, OptionError, AbortError, JobError */
  fit(x: TableLike, options?: FitOptions<never, FittedModel>): Promise<FittedClusterer<A>>;
  restore(parts: Omit<FittedParts, 'specification'>): FittedClusterer<A>;
}

/** Defines a clusterer; export what it returns from `definition.module`. */
export function defineClusterer<
  O extends OptionsSchema,
  S extends State,
  A extends object = object,
  I extends Input = 'matrix',
>(definition: ClustererParts<O, S, A, I>): TypedFactory<O, ClustererSpecification<A>> {
  const full = { ...definition, kind: 'clusterer' as const };
  return makeFactory(full as unknown as ClustererDefinition & { readonly options: O }, (bare) => ({
    ...bare,
    fit: async (x: TableLike, options: FitOptions<never, FittedModel> = {}) =>
      fittedClusterer<A>(await fitModel(bare, x, noTarget, options)),
    restore: (parts: Omit<FittedParts, 'specification'>) =>
      fittedClusterer<A>({ ...parts, specification: bare }),
  }));
}

function fittedClusterer<A extends object>(
  parts: FittedParts<Specification<'clusterer', ClustererDefinition>>,
): FittedClusterer<A> {
  const { definition, options } = parts.specification;
  const model = {
    ...fittedBase(parts),
    kind: 'clusterer' as const,
    labels: definition.labels(parts.state).slice(),
    predict: (x: TableLike, how?: PredictOptions) => applyFitted(parts, 'predict', x, how),
    predictRow: (row: RowLike) =>
      definition.predictRow === undefined
        ? (applyRow(parts, 'predict', row) as Int32Array)[0]!
        : definition.predictRow(parts.state, rowNumbers(parts, row)),
  };
  return Object.assign(
    model,
    copyData(definition.attributes?.(parts.state, options as never)),
  ) as unknown as FittedClusterer<A>;
}
