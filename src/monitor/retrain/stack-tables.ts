import { DataError, suggestion } from '../../core/errors.ts';
import { type Column, codeStrings, columnLength, Frame } from '../../core/frame.ts';
import { sharedArray } from '../../core/shared.ts';
import { inSlices } from '../../core/slices.ts';
import { conformColumn, missingColumn } from './conform-column.ts';

/** A table to put under others. */
export interface StackedTable {
  /** As messages name it. */
  readonly where: string;
  readonly rows: Frame;
}

export interface StackPlan {
  /** Columns of the result with their kinds. */
  readonly kinds: ReadonlyMap<string, Column['kind']>;
  /** Columns that a table may lack: gaps there. */
  readonly mayLack: (name: string, table: StackedTable) => boolean;
}

/**
 * Tables as one, in their order, each column in its kind.
 * @throws DataError naming table and column for one that is missing or of another kind.
 */
export async function stackTables(
  tables: readonly StackedTable[],
  { kinds, mayLack }: StackPlan,
): Promise<Frame> {
  const names = [...kinds.keys()];
  const columns: [string, Column][] = [];
  // Column by column, so that the event loop runs in between.
  await inSlices(names.length, 1, (from) => {
    const name = names[from]!;
    const kind = kinds.get(name)!;
    const parts = tables.map((table) => {
      if (table.rows.has(name)) return conformColumn(name, table.rows.column(name), kind, table.where);
      if (mayLack(name, table)) return missingColumn(kind, table.rows.rows);
      throw new DataError(
        'data/missing-column',
        `${table.where} has no column '${name}', which the model learns from.${suggestion(name, table.rows.names)}`,
        { column: name, columns: table.rows.names },
      );
    });
    columns.push([name, parts.length === 1 ? parts[0]! : concat(kind, parts)]);
  });
  return new Frame(
    columns,
    tables.reduce((sum, { rows }) => sum + rows.rows, 0),
  );
}

function concat(kind: Column['kind'], parts: readonly Column[]): Column {
  const rows = parts.reduce((sum, part) => sum + columnLength(part), 0);
  if (kind === 'string') {
    const cells = parts.flatMap((part) => (part.kind === 'string' ? [part] : []));
    let [part, start] = [0, 0];
    return codeStrings(rows, (i) => {
      while (i - start >= cells[part]!.codes.length) start += cells[part++]!.codes.length;
      const { codes, levels } = cells[part]!;
      return codes[i - start]! < 0 ? undefined : levels[codes[i - start]!];
    });
  }
  const values = kind === 'boolean' ? sharedArray(Uint8Array, rows) : sharedArray(Float64Array, rows);
  const missing = sharedArray(Uint8Array, rows);
  let at = 0;
  for (const part of parts) {
    if (part.kind === 'string') continue;
    values.set(part.values, at);
    if (part.missing !== undefined) missing.set(part.missing, at);
    at += part.values.length;
  }
  return { kind, values, ...(missing.includes(1) && { missing }) } as Column;
}
