// What the CSV kernels and their host agree on; see src/kernels/assembly/csv-*.ts.

/** Outcomes of `csvScan`; from `openQuote` on they are the host's own. */
export const SCAN = {
  atLimit: 0,
  indexFull: 1,
  needsMore: 2,
  ragged: 3,
  strayText: 4,
  openQuote: 5,
  wrongKind: 6,
  noRoom: 7,
} as const;

/** Classes of cells, as bits of a mask. */
export const CELL = { integer: 1, decimal: 2, big: 4, boolean: 8, date: 16, text: 32 } as const;

export const NUMERIC = CELL.integer | CELL.decimal | CELL.big;

/** Kinds of tokens. */
export const TOKEN = { missing: 1, true: 2, false: 3 } as const;

export const ESCAPED = 0x40000000;
export const END_MASK = 0x3fffffff;

export type ColumnKind = 'number' | 'boolean' | 'date' | 'string';

/** The kind that holds every class in the mask; a column of integers beyond 2^53 stays text, so that no digit is lost. */
export function kindOf(mask: number): ColumnKind {
  if ((mask & ~NUMERIC) === 0)
    return (mask & CELL.big) !== 0 && (mask & CELL.decimal) === 0 ? 'string' : 'number';
  if (mask === CELL.boolean) return 'boolean';
  return mask === CELL.date ? 'date' : 'string';
}

/** Classes that a column forced to `kind` cannot hold. */
export function refusedBy(kind: ColumnKind): number {
  const all = NUMERIC | CELL.boolean | CELL.date | CELL.text;
  if (kind === 'number') return all & ~NUMERIC;
  if (kind === 'boolean') return all & ~CELL.boolean;
  return kind === 'date' ? all & ~CELL.date : 0;
}
