import { OptionError } from '../../core/errors.ts';
import type { Column } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { type Table, type TableLike, type TableWire, tableToWire, toSharedTable } from '../../core/table.ts';
import { encodeGroups, encodeWeights, requireRows } from '../../define/fit-options.ts';
import type { Specification } from '../../define/specification.ts';
import {
  encodeLabels,
  encodeValues,
  type LabelTarget,
  type NumericTarget,
  type NumericTargets,
} from '../../define/targets.ts';

/** What a regressor or a classifier takes as `y`. */
export type Target = NumericTarget | NumericTargets | LabelTarget;

/** Rows with their target, coded once and on shared memory, so that every job of a comparison reads the same copy. */
export interface LabelledRows {
  readonly x: Table;
  readonly rows: number;
  /** Codes when there are `classes`, else row-major values. */
  readonly y: Float64Array | Int32Array;
  readonly targets: number;
  /** Whether a regression target came as a table, which makes predictions tables, too. */
  readonly several: boolean;
  readonly classes: readonly Label[] | undefined;
  /** Of two classes, the one that precision, recall, … are about. */
  readonly positiveClass: Label | undefined;
  readonly sampleWeight: Float64Array | undefined;
  readonly groups: Int32Array | undefined;
}

/** {@link LabelledRows} as structured-cloneable data; the memory stays shared. */
export interface RowsWire extends Omit<LabelledRows, 'x' | 'rows' | 'several'> {
  readonly x: TableWire;
}

export interface RowOptions {
  /** Weight of each row, in fits and in scores. */
  readonly sampleWeight?: readonly number[] | Float64Array | undefined;
  /** Group of each row, for the splitter and for models that split the data themselves. */
  readonly groups?: LabelTarget | undefined;
  /** Of two classes, the one that precision, recall, … are about. Default: the second in order. */
  readonly positiveClass?: Label | undefined;
}

/**
 * Codes data for a regressor or classifier.
 * @throws OptionError for another kind of model; DataError for data that do not fit.
 */
export async function encodeRows(
  specification: Specification,
  x: TableLike,
  y: Target,
  { sampleWeight, groups, positiveClass }: RowOptions,
): Promise<LabelledRows> {
  const { kind, name } = specification;
  if (kind !== 'regressor' && kind !== 'classifier') {
    throw new OptionError(
      'model/no-prediction',
      `${name} is a ${kind} and predicts nothing that could be scored. Give a regressor or classifier, e.g. a pipeline that ends in one.`,
      { model: name },
    );
  }
  const table = await toSharedTable(x);
  const common = {
    x: table,
    rows: table.rows,
    sampleWeight: await encodeWeights(sampleWeight, table.rows),
    groups: await encodeGroups(groups, table.rows),
  };
  if (kind === 'regressor') {
    const { values, targets, several } = await encodeValues(y as NumericTarget | NumericTargets);
    requireRows('The target y', values.length / targets, table.rows);
    return { ...common, y: values, targets, several, classes: undefined, positiveClass: undefined };
  }
  const { codes, classes } = await encodeLabels(y as LabelTarget);
  requireRows('The target y', codes.length, table.rows);
  if (positiveClass !== undefined && !classes.includes(positiveClass)) {
    throw new OptionError(
      'option/invalid',
      `positiveClass ${JSON.stringify(positiveClass)} is not among the classes ${JSON.stringify(classes.slice(0, 10))}.`,
      { option: 'positiveClass' },
    );
  }
  return { ...common, y: codes, targets: 1, several: false, classes, positiveClass };
}

export function rowsToWire({
  x,
  y,
  targets,
  classes,
  positiveClass,
  sampleWeight,
  groups,
}: LabelledRows): RowsWire {
  return { x: tableToWire(x), y, targets, classes, positiveClass, sampleWeight, groups };
}

/** The target as a column, for splitters, whose messages then name classes rather than codes. */
export function targetColumn({ y, classes, targets }: LabelledRows): Column | undefined {
  if (classes === undefined) return targets === 1 ? { kind: 'number', values: y as Float64Array } : undefined;
  switch (typeof classes[0]) {
    case 'string':
      return { kind: 'string', codes: y as Int32Array, levels: classes as readonly string[] };
    case 'boolean':
      return { kind: 'boolean', values: Uint8Array.from(y, (code) => (classes[code] === true ? 1 : 0)) };
    default:
      return { kind: 'number', values: Float64Array.from(y, (code) => classes[code] as number) };
  }
}
