import { DataError, JobError } from '../core/errors.ts';
import { Frame } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import { Matrix } from '../core/matrix.ts';
import { type Table, type TableLike, tableFromWire, tableToWire, toSharedTable } from '../core/table.ts';
import { runInline, runInlineAsync } from '../jobs/inline.ts';
import { runJob } from '../jobs/pool.ts';
import type { State } from './definition.ts';
import type { PredictOptions } from './fit-options.ts';
import { INLINE_OPERATIONS, mustRunInline, tasksModule } from './place.ts';
import { type Applied, applyModel, type Method } from './run.ts';
import { alignTable, type InputSchema } from './schema.ts';
import {
  packSpecification,
  type Specification,
  type SpecificationJson,
  specificationToJson,
} from './specification.ts';
import type { ApplyPayload, ApplyResult } from './tasks.ts';

/** How the training went. */
export interface TrainingSummary {
  readonly rows: number;
  readonly seconds: number;
  /** Warnings, such as that an iteration did not converge. */
  readonly warnings: readonly string[];
}

/** What the model predicts. */
export type TargetSchema =
  | {
      readonly kind: 'values';
      readonly targets: number;
      readonly several: boolean;
      readonly names?: readonly string[] | undefined;
    }
  | { readonly kind: 'classes'; readonly classes: readonly Label[]; readonly positiveClass: Label | null }
  | { readonly kind: 'none' };

/** A fitted model as plain data: what a file holds. */
export interface FittedRecord {
  readonly specification: SpecificationJson;
  readonly schema: InputSchema;
  readonly target: TargetSchema;
  readonly state: State;
  readonly summary: TrainingSummary;
}

/** What every fitted model has. */
export interface FittedModel<Spec extends Specification = Specification> extends Disposable {
  readonly specification: Spec;
  /** The columns seen in `fit`. */
  readonly schema: InputSchema;
  readonly target: TargetSchema;
  readonly state: State;
  readonly summary: TrainingSummary;
  record(): FittedRecord;
}

export type FittedParts<Spec extends Specification = Specification> = Omit<
  FittedModel<Spec>,
  'record' | typeof Symbol.dispose
>;

export function fittedBase<Spec extends Specification>(parts: FittedParts<Spec>): FittedModel<Spec> {
  const { specification, ...rest } = parts;
  return {
    ...parts,
    record: () => ({ ...rest, specification: specificationToJson(specification) }),
    [Symbol.dispose]() {},
  };
}

/** Applies a method of a fitted model to `x`: inline when that takes microseconds, else on worker threads. */
export async function applyFitted(
  parts: FittedParts,
  method: Method,
  x: TableLike,
  options: PredictOptions = {},
): Promise<Applied> {
  const { specification, state } = parts;
  const shared = await toSharedTable(x);
  const table =
    method === 'inverseTransform' ? shared : alignTable(shared, parts.schema, specification.definition.input);
  const { wire, functions, modules } = packSpecification(specification);
  if (table.rows * rowOperations(parts) <= INLINE_OPERATIONS || mustRunInline(modules)) {
    return runInlineAsync((job) => applyModel(specification, state, method, table, job), {
      ...options,
      functions,
    });
  }
  const result = await runJob<ApplyPayload, ApplyResult>({
    ...options,
    module: tasksModule,
    name: 'applyTask' satisfies keyof typeof import('./tasks.ts'),
    payload: { specification: wire, state, method, x: tableToWire(table) },
    functions,
  });
  return ArrayBuffer.isView(result) ? result : tableFromWire(result);
}

/** About how many floating-point operations predicting a row costs: what the definition says, else a few per column. */
export function rowOperations({ specification, state, schema }: FittedParts): number {
  return specification.definition.rowOperations?.(state as never, schema.columns) ?? 10 * schema.columns;
}

/** One row: numbers in the order of the columns, or an object by their names. */
export type RowLike = readonly number[] | Float64Array | Readonly<Record<string, unknown>>;

/**
 * The numbers of one row, in the order of the schema's columns.
 * @throws DataError naming a column that is missing or unfit.
 */
export function rowNumbers({ specification, schema, state }: FittedParts, row: RowLike): Float64Array {
  const values = Array.isArray(row) || ArrayBuffer.isView(row) ? (row as ArrayLike<number>) : undefined;
  if (values !== undefined) requireLength(values.length, schema);
  const { missing, encodeText } = specification.definition;
  const accepts = missing === 'accepted';
  const numbers = new Float64Array(schema.columns);
  for (let j = 0; j < numbers.length; j++) {
    const name = schema.names?.[j];
    const value = values === undefined ? (row as Record<string, unknown>)[name ?? j] : values[j];
    const isText = encodeText !== undefined && schema.kinds?.[j] === 'string';
    if (isText && typeof value === 'string') numbers[j] = encodeText(state as never, j, value);
    else if (isText && value !== null && value !== undefined) throw badCell(name ?? j, value, 'a text');
    else if (typeof value === 'number' && (accepts || Number.isFinite(value))) numbers[j] = value;
    else if (typeof value === 'boolean') numbers[j] = value ? 1 : 0;
    else if (accepts && (value === null || value === undefined)) numbers[j] = Number.NaN;
    else throw badCell(name ?? j, value);
  }
  return numbers;
}

function requireLength(columns: number, schema: InputSchema): void {
  if (columns === schema.columns) return;
  throw new DataError(
    'data/column-count',
    `The model was fitted on ${schema.columns} columns, but the row has ${columns}.`,
    { expected: schema.columns, columns },
  );
}

function badCell(column: string | number, value: unknown, wanted = 'a finite number'): DataError {
  return new DataError(
    value === undefined ? 'data/missing-column' : 'data/not-a-number',
    `Column ${typeof column === 'string' ? `'${column}'` : column} of the row is ` +
      `${typeof value === 'number' ? value : (JSON.stringify(value) ?? 'absent')}, but ${wanted} is needed.`,
    { column },
  );
}

/** Applies a method to one row on the caller's thread. @throws JobError when the model's method is asynchronous. */
export function applyRow(parts: FittedParts, method: Method, row: RowLike): Applied {
  const { specification, state } = parts;
  const { input = 'matrix' } = specification.definition;
  const table = input === 'matrix' ? rowMatrix(parts, row) : rowFrame(parts, row);
  const result = runInline((job) => applyModel(specification, state, method, table, job));
  if (result instanceof Promise) {
    throw new JobError(
      'model/no-row-prediction',
      `${specification.name} cannot predict a single row synchronously; use await predict([row]).`,
    );
  }
  return result;
}

function rowMatrix(parts: FittedParts, row: RowLike): Matrix {
  const { columns, names } = parts.schema;
  return new Matrix({ rows: 1, columns, names, data: rowNumbers(parts, row) });
}

function rowFrame({ schema }: FittedParts, row: RowLike): Table {
  const { names } = schema;
  const isArray = Array.isArray(row) || ArrayBuffer.isView(row);
  if (isArray) requireLength((row as readonly number[]).length, schema);
  if (isArray && names === undefined) return Matrix.fromRows([row as readonly number[]]);
  const cells = isArray ? Object.fromEntries(names!.map((name, j) => [name, (row as number[])[j]])) : row;
  return alignTable(Frame.fromRecords([cells as Readonly<Record<string, unknown>>]), schema, 'frame');
}
