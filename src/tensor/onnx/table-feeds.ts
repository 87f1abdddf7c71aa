import { DataError } from '../../core/errors.ts';
import { type Column, columnCell, columnLength, Frame, isMissing } from '../../core/frame.ts';
import { columnNames, type Table, toMatrix } from '../../core/table.ts';
import type { OnnxElement } from '../../define/onnx.ts';
import type { OnnxShape } from './onnx-graph.ts';
import type { OnnxTensor } from './onnx-session.ts';

/** An input as a file or graph declares it. */
export interface FeedPort {
  readonly name: string;
  readonly element: OnnxElement | undefined;
  readonly shape: OnnxShape | undefined;
}

/** Numbers of one row of an input; undefined when the file does not say. */
export function rowSize({ shape }: FeedPort): number | undefined {
  const sizes = shape?.slice(1) ?? [''];
  return sizes.every((size) => typeof size === 'number') ? sizes.reduce((a, b) => a * b, 1) : undefined;
}

/**
 * The tensors that a graph takes for the rows of a table: its columns by the names of the inputs (by place when the table has no names), or
 * side by side in the only input, in the shape of a row that it declares. Missing text is '', missing numbers are NaN.
 * @throws DataError for a column that is missing, of another kind, or holds what the input's elements cannot.
 */
export function tableFeeds(inputs: readonly FeedPort[], table: Table): Record<string, OnnxTensor> {
  const names = columnNames(table);
  const [first] = inputs;
  const isColumn = rowSize(first!) === 1 && names?.includes(first!.name) === true;
  if (inputs.length === 1 && !isColumn) return { [first!.name]: matrixFeed(first!, table) };
  const frame = table instanceof Frame ? table : Frame.fromMatrix(table);
  return Object.fromEntries(
    inputs.map((port, j) => {
      const column = names === undefined ? frame.entries()[j]?.[1] : frame.column(port.name);
      if (column === undefined)
        throw new DataError(
          'data/column-count',
          `The ONNX model takes ${inputs.length} columns, but x has ${frame.names.length}.`,
        );
      const dims = port.shape?.length === 1 ? [frame.rows] : [frame.rows, 1];
      return [port.name, { element: port.element!, dims, data: columnData(port, column, port.name) }];
    }),
  );
}

function matrixFeed(port: FeedPort, table: Table): OnnxTensor {
  const element = port.element!;
  const columns = table instanceof Frame ? table.names.length : table.columns;
  const dims = [table.rows, ...rowShape(port, columns)];
  if (element === 'string') {
    const frame = table instanceof Frame ? table : Frame.fromMatrix(table);
    const texts = frame.entries().map(([name, column]) => columnData(port, column, name) as string[]);
    const data = Array.from({ length: frame.rows }, (_, i) => texts.map((column) => column[i]!)).flat();
    return { element, dims, data };
  }
  const matrix = toMatrix(table);
  return { element, dims, data: numbersAs(element, matrix.data, (at) => placeOf(table, at % columns)) };
}

/** The sizes after the first: those declared, with what is left open filled up by the number of columns. */
function rowShape(port: FeedPort, columns: number): number[] {
  const declared = port.shape?.slice(1) ?? [''];
  const known = declared.reduce<number>(
    (product, size) => (typeof size === 'number' ? product * size : product),
    1,
  );
  const open = declared.filter((size) => typeof size !== 'number').length;
  if (port.shape?.length === 1 && columns === 1) return [];
  if (open === 0 ? known === columns : open === 1 && columns % known === 0)
    return declared.map((size) => (typeof size === 'number' ? size : columns / known));
  throw new DataError(
    'data/column-count',
    `Input '${port.name}' of the ONNX model takes rows of shape [${declared.map((size) => size || '?').join(', ')}], but x has ${columns} columns.`,
    { columns, input: port.name },
  );
}

function placeOf(table: Table, column: number): string {
  const name = columnNames(table)?.[column];
  return name === undefined ? `Column ${column}` : `Column '${name}'`;
}

function columnData({ element }: FeedPort, column: Column, name: string): OnnxTensor['data'] {
  if (element === 'string') {
    if (column.kind === 'string')
      return Array.from(column.codes, (code) => (code < 0 ? '' : column.levels[code]!));
    return Array.from({ length: columnLength(column) }, (_, i) => {
      const cell = columnCell(column, i);
      return cell === null || Number.isNaN(cell)
        ? ''
        : cell instanceof Date
          ? cell.toISOString()
          : String(cell);
    });
  }
  if (column.kind === 'string') {
    throw new DataError(
      'data/column-kind',
      `Column '${name}' holds text, but the ONNX model takes numbers (${element}).`,
      {
        column: name,
      },
    );
  }
  const { values } = column;
  const numbers = Float64Array.from(values, (value, i) => (isMissing(column, i) ? Number.NaN : value));
  return numbersAs(element!, numbers, () => `Column '${name}'`);
}

const makers = {
  float64: (values: Float64Array) => values,
  float32: (values: Float64Array) => Float32Array.from(values),
  int64: (values: Float64Array) => BigInt64Array.from(values, BigInt),
  uint64: (values: Float64Array) => BigUint64Array.from(values, BigInt),
  int32: (values: Float64Array) => Int32Array.from(values),
  uint32: (values: Float64Array) => Uint32Array.from(values),
  int16: (values: Float64Array) => Int16Array.from(values),
  uint16: (values: Float64Array) => Uint16Array.from(values),
  int8: (values: Float64Array) => Int8Array.from(values),
  uint8: (values: Float64Array) => Uint8Array.from(values),
  bool: (values: Float64Array) => Uint8Array.from(values),
} as const;

/** Elements that {@link tableFeeds} can make. */
export function canFeed(element: OnnxElement | undefined): boolean {
  return element === 'string' || (element !== undefined && element in makers);
}

/** @throws DataError naming what is no whole number where only those can be. */
function numbersAs(
  element: OnnxElement,
  values: Float64Array,
  place: (at: number) => string,
): OnnxTensor['data'] {
  if (element !== 'float64' && element !== 'float32') {
    const [low, high] = limitsOf(element);
    const at = values.findIndex((value) => !Number.isInteger(value) || value < low || value > high);
    if (at >= 0) {
      throw new DataError(
        'data/not-an-integer',
        `${place(at)} holds ${values[at]}, but the ONNX model takes ${element === 'bool' ? 'booleans (0 and 1)' : `whole numbers (${element})`}.`,
        { element },
      );
    }
  }
  return makers[element as keyof typeof makers](values);
}

function limitsOf(element: OnnxElement): readonly [low: number, high: number] {
  if (element === 'bool') return [0, 1];
  const bits = Math.min(53, Number(element.replace(/^u?int/, '')));
  return element.startsWith('u') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}
