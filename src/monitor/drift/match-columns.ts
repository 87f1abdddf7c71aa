import { DataError, suggestion } from '../../core/errors.ts';
import { type Column, type Frame, listNames } from '../../core/frame.ts';
import { type ColumnView, viewColumn } from './column-view.ts';
import type { ReferenceSummary } from './summarise-reference.ts';

/** One column of both windows; views are made when asked for, since the one of a long column takes memory. */
export interface ColumnPair {
  readonly name: string;
  readonly kind: ColumnView['kind'];
  readonly views: () => { readonly reference: ColumnView; readonly current: ColumnView };
}

interface ReferenceColumn {
  readonly name: string;
  readonly kind: ColumnView['kind'];
  readonly present: () => boolean;
  readonly view: () => ColumnView;
}

/**
 * The columns of the reference, in its order, each with its partner. A column that has no value at all in one window fits any
 * kind, since readers cannot tell its kind.
 * @throws DataError naming a column that only one window has, or that has another kind there; or when a window has no rows.
 */
export function matchColumns(reference: Frame | ReferenceSummary, current: Frame): ColumnPair[] {
  if (reference.rows === 0 || current.rows === 0) {
    const what = reference.rows === 0 ? 'reference' : 'current window';
    throw new DataError(
      'data/no-rows',
      `The ${what} has no rows: drift needs at least one row on each side.`,
    );
  }
  const columns = referenceColumns(reference);
  const names = columns.map(({ name }) => name);
  const added = current.names.find((name) => !names.includes(name));
  if (added !== undefined) {
    throw new DataError(
      'data/unknown-column',
      `The current window has a column '${added}' that the reference does not have.${suggestion(added, names)} The reference's columns are ${listNames(names)}: leave it out with drop(['${added}']).`,
      { column: added, columns: names },
    );
  }
  return columns.map((column) => pair(column, current));
}

function pair({ name, kind, present, view }: ReferenceColumn, frame: Frame): ColumnPair {
  if (!frame.has(name)) {
    throw new DataError(
      'data/missing-column',
      `The current window has no column '${name}', which the reference has.${suggestion(name, frame.names)} Its columns are ${listNames(frame.names)}.`,
      { column: name, columns: frame.names },
    );
  }
  const column = frame.column(name);
  if (column.kind === kind)
    return { name, kind, views: () => ({ reference: view(), current: viewColumn(column) }) };
  const current = viewColumn(column);
  if (current.present === 0) {
    return { name, kind, views: () => ({ reference: view(), current: emptyView(kind, frame.rows) }) };
  }
  if (!present()) {
    const rows = (reference: ColumnView) => reference.missing;
    return {
      name,
      kind: column.kind,
      views: () => ({ reference: emptyView(column.kind, rows(view())), current }),
    };
  }
  throw new DataError(
    'data/kind-mismatch',
    `Column '${name}' holds ${plural[kind]} in the reference but ${plural[column.kind]} in the current window: read both the same way.`,
    { column: name, reference: kind, current: column.kind },
  );
}

const plural: Readonly<Record<Column['kind'], string>> = {
  number: 'numbers',
  string: 'text',
  boolean: 'booleans',
  date: 'dates',
};

function referenceColumns(reference: Frame | ReferenceSummary): ReferenceColumn[] {
  if ('version' in reference) {
    return reference.columns.map((summary) => ({
      name: summary.name,
      kind: summary.kind,
      present: () => summary.present > 0,
      view: () => summary,
    }));
  }
  return reference.entries().map(([name, column]) => ({
    name,
    kind: column.kind,
    present: () => viewColumn(column).present > 0,
    view: () => viewColumn(column),
  }));
}

function emptyView(kind: ColumnView['kind'], missing: number): ColumnView {
  if (kind === 'number' || kind === 'date') {
    return { kind, missing, present: 0, deviation: 0, lower: [], upper: [], means: [] };
  }
  return { kind, missing, present: 0, levels: [], counts: [], otherRows: 0, otherLevels: 0 };
}
