import { setImmediate } from 'node:timers/promises';
import { type Cell, type Column, codeStrings, columnFromCells, Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { cellsFromText } from './cell-text.ts';
import { attempt, openLogToRead } from './log-database.ts';
import type { LogQuery, LogWindow } from './prediction-log.ts';

const SLICE_MS = 6;

/**
 * Reads predictions from a log, oldest first, as they are at one moment, giving way to the event loop. The label of a row is the
 * latest one said of it. A column that holds values of several kinds comes as text; one that some rows lack is missing there.
 * @throws FileError when the file is absent or no log.
 */
export async function readLog(path: string, query: LogQuery = {}): Promise<LogWindow> {
  const database = await openLogToRead(path);
  try {
    return await readWindow(path, (sql) => database.prepare(sql), query);
  } finally {
    database.close();
  }
}

type Prepare = (sql: string) => import('node:sqlite').StatementSync;

async function readWindow(path: string, prepare: Prepare, query: LogQuery): Promise<LogWindow> {
  const { sql, values } = selection(query);
  const rows = attempt(path, 'read', () => prepare(sql).iterate(...values));
  const table = new GrowingTable((list) => {
    const names = attempt(path, 'read', () =>
      prepare('SELECT names FROM heddle_log_columns WHERE id = ?').get(list),
    );
    return JSON.parse(names!.names as string) as string[];
  });
  const ids: string[] = [];
  const at: number[] = [];
  const predictions: Label[] = [];
  const probabilities: (readonly number[] | null)[] = [];
  const labels: (Label | null)[] = [];
  let sliceStart = performance.now();
  for (;;) {
    const next = attempt(path, 'read', () => rows.next());
    if (next.done) break;
    const row = next.value as unknown as StoredRow;
    table.add(row.columns, cellsFromText(row.cells));
    ids.push(row.id);
    at.push(row.at);
    predictions.push(cellsFromText(row.prediction)[0] as Label);
    probabilities.push(row.probabilities === null ? null : (JSON.parse(row.probabilities) as number[]));
    labels.push(row.label === null ? null : (cellsFromText(row.label)[0] as Label));
    if (ids.length % 64 === 0 && performance.now() - sliceStart > SLICE_MS) {
      await setImmediate();
      sliceStart = performance.now();
    }
  }
  // The newest were asked for first.
  for (const list of [ids, at, predictions, probabilities, labels]) list.reverse();
  return {
    rows: await table.toFrame(ids.length),
    ids,
    at: Float64Array.from(at),
    predictions,
    probabilities,
    labels,
  };
}

interface StoredRow {
  readonly id: string;
  readonly at: number;
  readonly columns: number;
  readonly cells: string;
  readonly prediction: string;
  readonly probabilities: string | null;
  readonly label: string | null;
}

const LABEL = `(SELECT value FROM heddle_feedback f WHERE f.prediction = p.number AND f.kind = 'label' ORDER BY f.at DESC, f.number DESC LIMIT 1)`;

function selection({ model, version, since, until, last, labelled }: LogQuery): {
  sql: string;
  values: (string | number)[];
} {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const where = (condition: string, value?: string | number) => {
    conditions.push(condition);
    if (value !== undefined) values.push(value);
  };
  if (model !== undefined) where('p.source IN (SELECT id FROM heddle_log_sources WHERE model = ?)', model);
  if (version !== undefined)
    where('p.source IN (SELECT id FROM heddle_log_sources WHERE version = ?)', version);
  if (since !== undefined) where('p.at >= ?', since);
  if (until !== undefined) where('p.at < ?', until);
  if (labelled !== undefined) where(`${LABEL} IS ${labelled ? 'NOT ' : ''}NULL`);
  if (last !== undefined) values.push(last);
  return {
    sql: `SELECT p.id, p.at, p.columns, p.cells, p.prediction, p.probabilities, ${LABEL} AS label
      FROM heddle_predictions p ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY p.at DESC, p.number DESC ${last === undefined ? '' : 'LIMIT ?'}`,
    values,
  };
}

/** Columns that grow row by row, newest first, whose names differ from row to row. */
class GrowingTable {
  readonly #namesOf: (list: number) => string[];
  readonly #lists = new Map<number, Cell[][]>();
  readonly #columns = new Map<string, Cell[]>();
  #rows = 0;

  constructor(namesOf: (list: number) => string[]) {
    this.#namesOf = namesOf;
  }

  add(list: number, cells: readonly Cell[]): void {
    let columns = this.#lists.get(list);
    if (columns === undefined) {
      columns = this.#namesOf(list).map((name) => this.#column(name));
      this.#lists.set(list, columns);
    }
    for (let j = 0; j < columns.length; j++) {
      const column = columns[j];
      // Rows since the last one with this column lack it.
      while (column.length < this.#rows) column.push(null);
      column.push(cells[j]);
    }
    this.#rows++;
  }

  #column(name: string): Cell[] {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column: Cell[] = [];
    this.#columns.set(name, column);
    return column;
  }

  async toFrame(rows: number): Promise<Frame> {
    const columns: [string, Column][] = [];
    for (const [name, cells] of this.#columns) {
      while (cells.length < rows) cells.push(null);
      columns.push([name, toColumn(name, cells.reverse())]);
      await setImmediate();
    }
    return new Frame(columns, rows);
  }
}

function toColumn(name: string, cells: readonly Cell[]): Column {
  const kinds = new Set<string>();
  for (const cell of cells) if (cell !== null) kinds.add(cell instanceof Date ? 'date' : typeof cell);
  if (kinds.size < 2) return columnFromCells(name, cells);
  return codeStrings(cells.length, (i) => {
    const cell = cells[i];
    return cell === null ? undefined : cell instanceof Date ? cell.toISOString() : String(cell);
  });
}
