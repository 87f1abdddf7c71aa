import type { Cell } from '../../core/frame.ts';

/**
 * Cells as a JSON array: numbers, text, booleans and null as they are; a date as `{"date": milliseconds}`, a number that
 * JSON lacks as `{"number": "NaN"}`.
 */
export function cellsToText(cells: readonly (Cell | undefined)[]): string {
  return JSON.stringify(cells.map(encode));
}

/** The inverse of {@link cellsToText}. */
export function cellsFromText(text: string): Cell[] {
  const cells = JSON.parse(text) as (Cell | { date?: number | null; number?: string })[];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (typeof cell !== 'object' || cell === null || cell instanceof Date) continue;
    cells[i] = cell.number === undefined ? new Date(cell.date ?? Number.NaN) : Number(cell.number);
  }
  return cells as Cell[];
}

function encode(cell: Cell | undefined): unknown {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : { number: String(cell) };
  return cell instanceof Date ? { date: cell.getTime() } : cell;
}
