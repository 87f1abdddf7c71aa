import { DataError } from '../../core/errors.ts';
import { type Column, columnCell, columnLength, isMissing } from '../../core/frame.ts';
import { compareLabels } from '../../core/labels.ts';

/**
 * Classes or group names, one per row: an array, a typed array or a column of a frame. Dates count by their instant.
 */
export type RowLabels = ArrayLike<string | number | boolean | bigint | Date> | Column;

/** A distinct label; dates as ISO text. */
export type Label = string | number | boolean | bigint;

export interface EncodedLabels {
  /** Distinct labels, ascending: numbers by size, text by code points, false before true. */
  readonly values: readonly Label[];
  /** `values[codes[i]]` is the label of row i. */
  readonly codes: Int32Array;
  /** Rows per value. */
  readonly counts: Int32Array;
}

/**
 * Sorted distinct labels and each row's place among them.
 * @param what the option or data that holds the labels, for messages: `y`, `groups`, `stratify`.
 * @throws DataError for labels that are absent, of another length than `n`, missing in a row, or of mixed types.
 */
export function encodeLabels(
  labels: RowLabels | undefined,
  n: number,
  what: string,
  owner: string,
): EncodedLabels {
  if (labels === undefined || labels === null) {
    throw new DataError(`data/needs-${what}`, `${owner} needs '${what}': one label per row.`, {
      owner,
      what,
    });
  }
  checkLength('kind' in labels ? columnLength(labels) : labels.length, n, what, owner);
  const seen = 'kind' in labels ? encodeColumn(labels, what, owner) : encodeArray(labels, what, owner);
  return sortCodes(seen.values, seen.codes);
}

export function checkLength(length: number, n: number, what: string, owner: string): void {
  if (length === n) return;
  throw new DataError(
    'data/length-mismatch',
    `${owner}: '${what}' has ${length} values, but there are ${n} rows. Give one value per row.`,
    { owner, what, length, rows: n },
  );
}

interface SeenLabels {
  /** In order of first appearance. */
  readonly values: Label[];
  readonly codes: Int32Array;
}

function encodeColumn(column: Column, what: string, owner: string): SeenLabels {
  const n = columnLength(column);
  for (let i = 0; i < n; i++) if (isMissing(column, i)) throw missingLabel(i, what, owner);
  if (column.kind === 'string') return { values: [...column.levels], codes: column.codes.slice() };
  if (column.kind === 'number') return encodeArray(column.values, what, owner);
  return encodeArray(
    Array.from({ length: n }, (_, i) => columnCell(column, i) as boolean | Date),
    what,
    owner,
  );
}

function encodeArray(labels: ArrayLike<Label | Date>, what: string, owner: string): SeenLabels {
  const codes = new Int32Array(labels.length);
  const codeOf = new Map<Label, number>();
  let type: string | undefined;
  for (let i = 0; i < labels.length; i++) {
    const given = labels[i]!;
    const label = given instanceof Date && !Number.isNaN(given.getTime()) ? given.toISOString() : given;
    if (label === null || label === undefined || Number.isNaN(label)) throw missingLabel(i, what, owner);
    type ??= typeof label;
    if (typeof label !== type || typeof label === 'object') {
      throw new DataError(
        'data/mixed-labels',
        `${owner}: '${what}' holds ${type}s, but row ${i} holds ${label instanceof Date ? 'an invalid date' : `a ${typeof label}`}. ` +
          'Make all labels numbers, strings, booleans or dates.',
        { owner, what, row: i },
      );
    }
    let code = codeOf.get(label);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(label, code);
    }
    codes[i] = code;
  }
  return { values: [...codeOf.keys()], codes };
}

function missingLabel(row: number, what: string, owner: string): DataError {
  return new DataError(
    'data/missing-label',
    `${owner}: '${what}' is missing in row ${row}. Drop such rows, or give them a label of their own.`,
    { owner, what, row },
  );
}

/** The labels of the rows at `rows`; values that none of them has are left out. */
export function takeLabels({ values, codes }: EncodedLabels, rows: Int32Array): EncodedLabels {
  return sortCodes(
    values,
    rows.map((row) => codes[row]!),
  );
}

function sortCodes(seen: readonly Label[], codes: Int32Array): EncodedLabels {
  const used = new Int32Array(seen.length);
  for (const code of codes) used[code]!++;
  const order = Array.from(seen.keys())
    .filter((code) => used[code]! > 0)
    .sort((a, b) => compareLabels(seen[a]!, seen[b]!));
  const rank = new Int32Array(seen.length);
  for (const [place, code] of order.entries()) rank[code] = place;
  return {
    values: order.map((code) => seen[code]!),
    codes: codes.map((code) => rank[code]!),
    counts: Int32Array.from(order, (code) => used[code]!),
  };
}

/** `'a' (1 row), 'b' (1 row), … (12 in all)` */
export function listLabels({ values, counts }: EncodedLabels, places: readonly number[]): string {
  const shown = places.slice(0, 5).map((place) => {
    const rows = counts[place] === 1 ? '1 row' : `${counts[place]} rows`;
    return `${typeof values[place] === 'string' ? `'${values[place]}'` : String(values[place])} (${rows})`;
  });
  return shown.join(', ') + (places.length > shown.length ? `, … (${places.length} in all)` : '');
}
