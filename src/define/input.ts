import { allFinite } from '../core/all-finite.ts';
import { AbortError, DataError } from '../core/errors.ts';
import { Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { columnNames, type Table, toFrame, toMatrix } from '../core/table.ts';
import type { Definition, Input, InputTable } from './definition.ts';

/**
 * `x` in the form a definition works on.
 * @throws DataError naming a column of text, a missing value the model cannot take, or an infinity.
 */
export function prepareInput<I extends Input>(definition: Definition, x: Table): InputTable<I> {
  if (definition.input === 'frame') return toFrame(x) as InputTable<I>;
  if (definition.input === 'table') return (x instanceof Frame ? x : toMatrix(x)) as InputTable<I>;
  const matrix = toMatrix(x);
  if (definition.missing !== 'accepted') requireFinite(matrix, definition.name);
  return matrix as InputTable<I>;
}

/** {@link prepareInput} for a fit that {@link guardPropagated} watches: the search for bad values may be put off. */
export function prepareTrainingInput<I extends Input>(definition: Definition, x: Table): InputTable<I> {
  if ((definition.input ?? 'matrix') !== 'matrix') return prepareInput(definition, x);
  if (definition.single && x instanceof Matrix && x.data instanceof Float32Array) {
    if (definition.missing !== 'accepted') requireFinite(x as Matrix, definition.name);
    return x as Matrix as InputTable<I>;
  }
  const matrix = toMatrix(x);
  return defersCheck(definition, matrix) ? (matrix as InputTable<I>) : prepareInput(definition, matrix);
}

/** Cells from which on a search for bad values takes a noticeable part of a fit. */
const LARGE_CELLS = 1_000_000;

function defersCheck(definition: Definition, matrix: Matrix): boolean {
  return definition.missing === 'propagated' && matrix.data.length >= LARGE_CELLS;
}

/**
 * Runs the fit of a definition on its prepared input; where the search for bad values was put off and the result shows
 * that there are some, names the first.
 */
export async function guardPropagated<T>(
  definition: Definition,
  x: Frame | Matrix,
  fit: () => T | Promise<T>,
): Promise<T> {
  if (!(x instanceof Matrix) || !defersCheck(definition, x)) return fit();
  try {
    const state = await fit();
    if (!stateIsFinite(state)) requireFinite(x, definition.name);
    return state;
  } catch (error) {
    if (!(error instanceof AbortError)) requireFinite(x, definition.name);
    throw error;
  }
}

function stateIsFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value instanceof Float64Array || value instanceof Float32Array) return allFinite(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(stateIsFinite);
}

function requireFinite(matrix: Matrix, model: string): void {
  if (allFinite(matrix.data)) return;
  const at = matrix.data.findIndex((value) => !Number.isFinite(value));
  const row = Math.floor(at / matrix.columns);
  const position = at % matrix.columns;
  const column = columnNames(matrix)?.[position] ?? position;
  const shown = typeof column === 'string' ? `Column '${column}'` : `Column ${column}`;
  const value = matrix.data[at]!;
  throw Number.isNaN(value)
    ? new DataError(
        'data/missing-value',
        `${shown} has a missing value (row ${row}), which ${model} cannot take. Fill it first, e.g. with ` +
          'simpleImputer() in a pipeline, or drop the row.',
        { column, row, model },
      )
    : new DataError(
        'data/infinite-value',
        `${shown} is ${value} in row ${row}; ${model} needs finite numbers. Correct or drop the row.`,
        { column, row, model },
      );
}
