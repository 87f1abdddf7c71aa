import { DataError } from '../../core/errors.ts';
import { type Column, Frame } from '../../core/frame.ts';
import type { KnownColumn } from './served-column.ts';

/** Columns that are tried; each costs one prediction. */
const MOST_TRIED = 500;

/**
 * In which columns the model takes a missing value: found by predicting one row without it. Nothing else knows, since the
 * steps of a pipeline decide.
 * @returns for each column; undefined where it cannot be found out: then the model itself decides when it predicts.
 */
export async function acceptedMissing(
  columns: readonly KnownColumn[],
  predict: (row: Frame) => unknown,
): Promise<boolean[] | undefined> {
  if (columns.length > MOST_TRIED) return undefined;
  const row = columns.map((column): [string, Column] => [column.name, sampleOf(column)]);
  if (!(await succeeds(() => predict(new Frame(row, 1))))) return undefined;
  const accepted: boolean[] = [];
  for (const [j, { name, kind }] of columns.entries()) {
    const without = row.with(j, [name, missingOf(kind)]);
    accepted.push(await succeeds(() => predict(new Frame(without, 1))));
  }
  return accepted;
}

async function succeeds(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

function sampleOf({ kind, levels, range }: KnownColumn): Column {
  const level = levels?.[0];
  switch (kind) {
    case 'string':
      return { kind, codes: new Int32Array(1), levels: [typeof level === 'string' ? level : ''] };
    case 'boolean':
      return { kind, values: Uint8Array.of(level === true ? 1 : 0) };
    case 'date':
      return { kind, values: Float64Array.of(range?.[0] ?? 0) };
    case 'number':
      return { kind, values: Float64Array.of(typeof level === 'number' ? level : (range?.[0] ?? 0)) };
    default:
      return kind satisfies never;
  }
}

function missingOf(kind: Column['kind']): Column {
  if (kind === 'string') return { kind, codes: Int32Array.of(-1), levels: [] };
  const missing = Uint8Array.of(1);
  if (kind === 'boolean') return { kind, values: new Uint8Array(1), missing };
  return { kind, values: Float64Array.of(Number.NaN), missing };
}
