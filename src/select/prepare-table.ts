import { DataError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import type { Specification } from '../define/specification.ts';
import { columnTransformer } from '../prepare/column-transformer/column-transformer.ts';
import { dateParts } from '../prepare/date-parts/date-parts.ts';
import { oneHotEncoder } from '../prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../prepare/simple-imputer/simple-imputer.ts';
import { standardScaler } from '../prepare/standard-scaler/standard-scaler.ts';
import { type ColumnRole, isUsed, roleOf } from './column-role.ts';
import { withOptions } from './search/option-paths.ts';

export interface PrepareTableOptions {
  /** Columns to use although they look like identifiers or free text: those that the user asked for by name. */
  readonly named?: readonly string[] | undefined;
  /** Columns of numbers that are codes of categories. */
  readonly categorical?: readonly string[] | undefined;
}

/** A model with the preparation of its columns in front. */
export interface PreparedTable<Spec extends Specification = Specification> {
  /** The model itself when nothing is to be prepared, else a pipeline that ends in it. */
  readonly specification: Spec;
  /** The columns that are used, in the order of the table. */
  readonly features: readonly string[];
  /** Every column with its role and the reason. */
  readonly columns: readonly ColumnRole[];
  /** The steps in words, e.g. `numbers: fill gaps with the median, standardise`. */
  readonly steps: readonly string[];
}

/** From this share of missing values on, a column's gaps may say something themselves: an indicator column is added. */
const INDICATOR_SHARE = 0.05;
/** Most columns that one column of categories becomes; the rarest levels share the last one. */
const MOST_CATEGORIES = 50;
/** Levels in fewer rows than this share the column of rare ones; in small tables every level counts. */
const leastRows = (rows: number) => Math.min(10, Math.floor(rows / 200));

/**
 * Puts the preparation that each column needs in front of a model:
 *
 * - numbers and booleans: gaps filled with the median (the most frequent value), an indicator added where 5% or more are missing, not
 *   for models that take missing values themselves; standardised only where the model's penalty or distance profits;
 * - categories: one column per level (50 at most, rare levels share one, a missing value is a level of its own, an unknown
 *   level counts as rare), a single column where there are two levels;
 * - dates: year, month, day, weekday, hour and days elapsed, then as numbers;
 * - for models that take text, categories stay as they are, codes among numbers are told to the model;
 * - identifiers, free text, constant and empty columns are left out (see {@link roleOf}).
 *
 * A table of complete numbers in front of a model that gains nothing from scaling stays as it is, without a pipeline.
 * Everything that is learned (medians, levels, …) is learned when the result is fitted; only the roles look at `x` here.
 * @throws DataError when no column is left, and what {@link roleOf} throws.
 */
export function prepareTable<Spec extends Specification>(
  x: Frame,
  model: Spec,
  options: PrepareTableOptions = {},
): PreparedTable<Spec> {
  return prepareColumns(columnRoles(x, options), x.rows, model);
}

/** {@link prepareTable} for columns whose roles are known, e.g. to prepare one table for several models. */
export function prepareColumns<Spec extends Specification>(
  columns: readonly ColumnRole[],
  rows: number,
  model: Spec,
): PreparedTable<Spec> {
  const used = columns.filter(isUsed);
  const features = used.map(({ name }) => name);
  const groups = groupColumns(used, rows, model);
  const isPlain = groups.every(({ kind }) => kind === 'plain');
  if (isPlain) return { specification: model, features, columns, steps: [] };
  const steps = groups.map((group) => describeGroup(group, model));
  if (model.definition.text === 'accepted') {
    const known = withCodes(used, model);
    const dates = groups.find(({ kind }) => kind === 'date');
    const specification =
      dates === undefined
        ? known
        : (pipeline(dateParts({ columns: [...dates.columns] }) as never, known as never) as unknown as Spec);
    return { specification, features, columns, steps };
  }
  const parts = groups.map((group) => ({
    name: group.name,
    columns: [...group.columns],
    transformer: transformerOf(group, model, rows),
  }));
  return {
    // The pipeline has the kind of its last step, which is the model.
    specification: pipeline(
      columnTransformer({ transformers: parts }) as never,
      model as never,
    ) as unknown as Spec,
    ...{ features, columns, steps },
  };
}

/** A model that takes text, told which columns of numbers are codes of categories. */
function withCodes<Spec extends Specification>(used: readonly ColumnRole[], model: Spec): Spec {
  const codes = used.filter(({ role, isCoded }) => role === 'category' && isCoded === true);
  if (codes.length === 0) return model;
  const known = (model.options.categoricalFeatures ?? []) as readonly (string | number)[];
  const names = codes.map(({ name }) => name).filter((name) => !known.includes(name));
  return withOptions(model, { categoricalFeatures: [...known, ...names] });
}

/**
 * The role of each column of `x`.
 * @throws DataError when no column is left to learn from, and what {@link roleOf} throws.
 */
export function columnRoles(
  x: Frame,
  { named = [], categorical = [] }: PrepareTableOptions = {},
): ColumnRole[] {
  for (const name of categorical) x.column(name);
  const columns = rolesOf(x, named, categorical);
  if (!columns.some(isUsed)) throw noFeatures(columns);
  return columns;
}

function rolesOf(x: Frame, named: readonly string[], categorical: readonly string[]): ColumnRole[] {
  const roles = x
    .entries()
    .map(([name, column]) =>
      roleOf(name, column, { isNamed: named.includes(name), isCategorical: categorical.includes(name) }),
    );
  if (roles.some(isUsed)) return roles;
  // A table whose only features look like identifiers is a small example: they are all there is to learn from.
  return x
    .entries()
    .map(([name, column], j) =>
      roles[j]!.role === 'identifier' && column.kind === 'number'
        ? roleOf(name, column, { isNamed: true })
        : roles[j]!,
    );
}

function noFeatures(columns: readonly ColumnRole[]): DataError {
  const reasons = columns.map(({ name, reason }) => `'${name}' ${reason}`).join('; ');
  return new DataError(
    'data/no-features',
    columns.length === 0
      ? 'No column is left to learn from. Add features to the table, or name them.'
      : `No column is left to learn from: ${reasons}. Name the features to use them nevertheless.`,
    { columns: columns.map(({ name }) => name) },
  );
}

interface ColumnGroup {
  readonly name: string;
  readonly kind: 'plain' | 'number' | 'gappy' | 'boolean' | 'date' | 'category';
  readonly columns: readonly string[];
}

function groupColumns(used: readonly ColumnRole[], rows: number, model: Specification): ColumnGroup[] {
  const { missing, scaling } = model.definition;
  const isComplete = used.every(
    (column) => column.missing === 0 && ['number', 'boolean'].includes(column.role),
  );
  // With categories or gaps around, later tables may have gaps elsewhere: all numbers are then prepared for them.
  const isAsIs = scaling !== 'useful' && (missing === 'accepted' || isComplete);
  const kindOf = ({ role, ...column }: ColumnRole): ColumnGroup['kind'] => {
    if (role === 'category' || role === 'date') return role;
    if (isAsIs) return 'plain';
    if (role === 'boolean') return 'boolean';
    return missing !== 'accepted' && column.missing >= INDICATOR_SHARE * rows ? 'gappy' : 'number';
  };
  const names = {
    plain: 'plain',
    number: 'numbers',
    gappy: 'numbersWithGaps',
    boolean: 'booleans',
    date: 'dates',
    category: 'categories',
  } as const;
  return (Object.keys(names) as ColumnGroup['kind'][])
    .map((kind) => ({
      name: names[kind],
      kind,
      columns: used.filter((column) => kindOf(column) === kind).map((column) => column.name),
    }))
    .filter(({ columns }) => columns.length > 0);
}

function transformerOf({ kind }: ColumnGroup, { definition }: Specification, rows: number) {
  const isScaled = definition.scaling === 'useful';
  const fills = definition.missing !== 'accepted';
  switch (kind) {
    case 'plain':
      return 'passthrough' as const;
    case 'number':
    case 'gappy':
    case 'date': {
      const steps = [
        ...(kind === 'date' ? [dateParts()] : []),
        ...(fills ? [simpleImputer({ strategy: 'median', addIndicator: kind === 'gappy' })] : []),
        ...(isScaled ? [standardScaler()] : []),
      ];
      return steps.length === 1 ? steps[0]! : pipeline(...(steps as never as [never]));
    }
    case 'boolean':
      return fills ? simpleImputer({ strategy: 'mostFrequent' }) : ('passthrough' as const);
    case 'category': {
      const minFrequency = leastRows(rows);
      return oneHotEncoder({
        drop: 'ifBinary',
        handleUnknown: 'infrequentIfExist',
        maxCategories: MOST_CATEGORIES,
        ...(minFrequency > 1 && { minFrequency }),
      });
    }
    default:
      return kind satisfies never;
  }
}

function describeGroup({ kind, columns }: ColumnGroup, { definition }: Specification): string {
  const gaps = definition.missing === 'accepted' ? [] : ['fill gaps with the median'];
  const scale = definition.scaling === 'useful' ? ['standardise'] : [];
  const n = columns.length;
  const say = (noun: string, plural: string, ...what: string[]) =>
    `${n} ${n === 1 ? noun : plural}: ${what.length === 0 ? 'as they are' : what.join(', ')}`;
  switch (kind) {
    case 'plain':
      return say('column of numbers', 'columns of numbers');
    case 'number':
      return say('column of numbers', 'columns of numbers', ...gaps, ...scale);
    case 'gappy':
      return say(
        'column of numbers with gaps',
        'columns of numbers with gaps',
        ...gaps,
        'mark them',
        ...scale,
      );
    case 'boolean':
      return say(
        'boolean column',
        'boolean columns',
        ...(gaps.length > 0 ? ['fill gaps with the most frequent'] : []),
      );
    case 'date':
      return say('column of dates', 'columns of dates', 'take apart', ...gaps, ...scale);
    case 'category':
      return definition.text === 'accepted'
        ? say('column of categories', 'columns of categories')
        : say('column of categories', 'columns of categories', 'one column per level');
    default:
      return kind satisfies never;
  }
}
