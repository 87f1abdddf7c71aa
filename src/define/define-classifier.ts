import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { Matrix } from '../core/matrix.ts';
import type { OptionsSchema } from '../core/options.ts';
import { isTable, type TableLike } from '../core/table.ts';
import { copyData } from './copy-data.ts';
import type { ClassifierDefinition, ClassifierParts, Input, State } from './definition.ts';
import { makeFactory, type TypedFactory } from './factory.ts';
import { type CodedTarget, fitModel } from './fit.ts';
import type { ClassifierFitOptions, PredictOptions } from './fit-options.ts';
import {
  applyFitted,
  applyRow,
  type FittedModel,
  type FittedParts,
  fittedBase,
  type RowLike,
  rowNumbers,
} from './fitted.ts';
import { requireScoreMemory } from './many-classes.ts';
import { scoreColumns } from './score-columns.ts';
import type { Specification } from './specification.ts';
import { encodeKnownLabels, encodeLabels, type LabelOf, type LabelTarget } from './targets.ts';

/** A fitted classifier of labels `L` with attributes `A`. */
export type FittedClassifier<L extends Label = Label, A extends object = object> = FittedModel &
  A & {
    readonly kind: 'classifier';
    /** The classes in order: columns of `predictProba`. */
    readonly classes: readonly L[];
    /** With two classes, the one that metrics such as precision are about. */
    readonly positiveClass: L | null;
    /** The most likely class of each row. @throws DataError naming a column that is missing or unfit. */
    predict(x: TableLike, options?: PredictOptions): Promise<L[]>;
    /** Probabilities, rows × classes. @throws OptionError when the model gives none. */
    predictProba(x: TableLike, options?: PredictOptions): Promise<Matrix>;
    /** Scores: one a row with two classes, else rows × classes. @throws OptionError when the model gives none. */
    decisionFunction(x: TableLike, options?: PredictOptions): Promise<Matrix>;
    /** The most likely class of one row, at once, on the caller's thread. */
    predictRow(row: RowLike): L;
  };

/** An unfitted classifier. */
export interface ClassifierSpecification<A extends object = object>
  extends Specification<'classifier', ClassifierDefinition> {
  /**
   * Fits the model on `x` (rows × columns) and `y` (one label a row) on worker threads.
   * @throws DataError, OptionError, AbortError, JobError
   */
  fit<const Y extends LabelTarget>(
    x: TableLike,
    y: Y,
    options?: ClassifierFitOptions<LabelOf<Y>, LabelTarget, FittedModel>,
  ): Promise<FittedClassifier<LabelOf<Y>, A>>;
  restore(parts: Omit<FittedParts, 'specification'>): FittedClassifier<Label, A>;
}

/** Defines a classifier; export what it returns from `definition.module`. */
export function defineClassifier<
  O extends OptionsSchema,
  S extends State,
  A extends object = object,
  I extends Input = 'matrix',
>(definition: ClassifierParts<O, S, A, I>): TypedFactory<O, ClassifierSpecification<A>> {
  const full = { ...definition, kind: 'classifier' as const };
  return makeFactory(full as unknown as ClassifierDefinition & { readonly options: O }, (bare) => ({
    ...bare,
    fit: async <const Y extends LabelTarget>(
      x: TableLike,
      y: Y,
      options: ClassifierFitOptions<LabelOf<Y>, LabelTarget, FittedModel> = {},
    ) => {
      const parts = await fitModel(bare, x, await codeLabels(y, options.positiveClass), options);
      return fittedClassifier<LabelOf<Y>, A>(parts);
    },
    restore: (parts: Omit<FittedParts, 'specification'>) =>
      fittedClassifier<Label, A>({ ...parts, specification: bare }),
  }));
}

/** The first of the largest. */
function largestPlace(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}

async function codeLabels(
  y: LabelTarget,
  positiveClass: Label | undefined,
): Promise<CodedTarget<LabelTarget>> {
  const { codes, classes } = await encodeLabels(y);
  if (positiveClass !== undefined && !classes.includes(positiveClass)) {
    throw new OptionError(
      'option/invalid',
      `positiveClass ${JSON.stringify(positiveClass)} is not among the classes ${JSON.stringify(classes.slice(0, 10))}.`,
      { option: 'positiveClass' },
    );
  }
  const positive = classes.length === 2 ? (positiveClass ?? classes[1]!) : null;
  return {
    y: codes,
    targets: 1,
    classes,
    schema: { kind: 'classes', classes, positiveClass: positive },
    encodeAlso: (other) => encodeKnownLabels(other, classes),
  };
}

function rowCount(x: TableLike): number {
  return isTable(x) ? x.rows : Array.isArray(x) ? x.length : 0;
}

function fittedClassifier<L extends Label, A extends object>(
  parts: FittedParts<Specification<'classifier', ClassifierDefinition>>,
): FittedClassifier<L, A> {
  const { specification, state, target } = parts;
  const { definition, options } = specification;
  const { classes, positiveClass } = target as Extract<typeof target, { kind: 'classes' }>;
  const scores = async (method: 'predictProba' | 'decisionFunction', x: TableLike, how?: PredictOptions) => {
    const columns =
      method === 'decisionFunction' ? scoreColumns(specification, classes.length) : classes.length;
    requireScoreMemory(specification.name, rowCount(x), columns, 'Give fewer rows at a time.');
    const data = (await applyFitted(parts, method, x, how)) as Float64Array;
    return new Matrix({ rows: data.length / columns, columns, data });
  };
  const model = {
    ...fittedBase(parts),
    kind: 'classifier' as const,
    classes,
    positiveClass,
    async predict(x: TableLike, how?: PredictOptions) {
      const codes = (await applyFitted(parts, 'predict', x, how)) as Int32Array;
      return Array.from(codes, (code) => classes[code]!);
    },
    predictProba: (x: TableLike, how?: PredictOptions) => scores('predictProba', x, how),
    decisionFunction: (x: TableLike, how?: PredictOptions) => scores('decisionFunction', x, how),
    predictRow(row: RowLike) {
      if (definition.predictProbaRow !== undefined) {
        const probabilities = definition.predictProbaRow(state, rowNumbers(parts, row));
        return classes[largestPlace(probabilities)]!;
      }
      return classes[(applyRow(parts, 'predict', row) as Int32Array)[0]!]!;
    },
  };
  return Object.assign(
    model,
    copyData(definition.attributes?.(state, options as never)),
  ) as unknown as FittedClassifier<L, A>;
}
