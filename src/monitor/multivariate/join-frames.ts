import { type Column, codeStrings, columnCell, columnLength, Frame, isMissing } from '../../core/frame.ts';
import { sharedArray } from '../../core/shared.ts';

/** The rows of two tables with the same columns of the same kinds, one below the other. */
export function joinFrames(a: Frame, b: Frame): Frame {
  return new Frame(
    a.entries().map(([name, column]) => [name, joinColumns(column, b.column(name))]),
    a.rows + b.rows,
  );
}

function joinColumns(a: Column, b: Column): Column {
  const n = columnLength(a);
  const rows = n + columnLength(b);
  if (a.kind === 'string') {
    return codeStrings(
      rows,
      (i) => ((i < n ? columnCell(a, i) : columnCell(b, i - n)) as string | null) ?? undefined,
    );
  }
  const missing = sharedArray(Uint8Array, rows);
  for (let i = 0; i < rows; i++) missing[i] = (i < n ? isMissing(a, i) : isMissing(b, i - n)) ? 1 : 0;
  const parts = [a.values, (b as typeof a).values];
  const values = a.kind === 'boolean' ? sharedArray(Uint8Array, rows) : sharedArray(Float64Array, rows);
  values.set(parts[0], 0);
  values.set(parts[1], n);
  return { kind: a.kind, values, missing } as Column;
}
