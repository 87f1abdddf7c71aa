import { DataError, FileError } from '../../../core/errors.ts';
import { likelyEncoding } from '../encoding.ts';
import type { CsvFile } from './bytes.ts';
import { type ColumnKind, SCAN } from './layout.ts';
import type { CsvWorld, Scan } from './world.ts';

const BLOCK_BYTES = 2 ** 20;
const SHOWN_BYTES = 120;
const SAMPLE_BEFORE = 2000;
const SAMPLE_BEHIND = 30000;

const KIND_WORDS: Record<ColumnKind, string> = {
  number: 'a number',
  boolean: 'a boolean',
  date: 'an ISO date (2026-03-31, 2026-03-31T14:05:00Z)',
  string: 'text',
};

/** The line, counted from 1, that holds the byte at `position`. */
export function lineAt(world: CsvWorld, file: CsvFile, position: number): number {
  let line = 1;
  for (let at = 0; at < position; at += BLOCK_BYTES) {
    const to = Math.min(position, at + BLOCK_BYTES);
    world.load(file, at, Math.min(file.size, to + 1));
    line += world.lines(at, to);
  }
  return line;
}

/** The error for a record that the scan could not take. */
export function recordError(
  world: CsvWorld,
  file: CsvFile,
  { outcome, errorAt, fields }: Pick<Scan, 'outcome' | 'errorAt' | 'fields'>,
  expected: number,
  names: readonly string[],
): DataError {
  const line = lineAt(world, file, errorAt);
  const details = { file: file.name, line };
  const quote = String.fromCharCode(world.dialect.quote);
  switch (outcome) {
    case SCAN.ragged:
      return new DataError(
        'data/ragged-row',
        `${file.name}, line ${line}: ${fields} ${fields === 1 ? 'field' : 'fields'} where the header has ${expected}. ` +
          (fields < expected
            ? `There is nothing for column '${names[fields]}'. Complete the row`
            : `Remove the surplus, or quote fields that contain ${shownDelimiter(world.dialect.delimiter)}`) +
          `; is ${shownDelimiter(world.dialect.delimiter)} the right delimiter?`,
        { ...details, fields, expected },
      );
    case SCAN.strayText:
      return new DataError(
        'data/stray-quote',
        `${file.name}, line ${line}: there is text after the closing quote of a field (byte ${errorAt}). ` +
          `Write a quote inside a quoted field twice (${quote}${quote}), or set quote: null if quotes are plain text.`,
        { ...details, byte: errorAt },
      );
    default:
      return new DataError(
        'data/unterminated-quote',
        `${file.name}, line ${line}: the quoted field that starts there never ends. ` +
          `Close it, or set quote: null if quotes are plain text.`,
        { ...details, byte: errorAt },
      );
  }
}

/** The error for a cell that a forced kind refuses; `position` is where the cell starts. */
export function wrongKind(
  world: CsvWorld,
  file: CsvFile,
  position: number,
  column: string,
  kind: ColumnKind,
): DataError {
  world.load(file, position, Math.min(file.size, position + SHOWN_BYTES));
  const { delimiter, quote } = world.dialect;
  const ends = new Set(String.fromCharCode(delimiter, 10, 13, Math.max(0, quote)));
  let cell = '';
  for (const c of new TextDecoder().decode(world.bytes().slice())) {
    if (ends.has(c)) break;
    cell += c;
  }
  const line = lineAt(world, file, position);
  return new DataError(
    'data/unparsable-cell',
    `${file.name}, line ${line}, column '${column}': ${JSON.stringify(cell)} is not ${KIND_WORDS[kind]}. ` +
      'Correct the cell, add its text to missingValues, or choose another type for the column.',
    { file: file.name, line, column, cell },
  );
}

export function emptyFile(file: CsvFile): DataError {
  return new DataError('data/empty-file', `${file.name} is empty: a header line and rows are needed.`, {
    file: file.name,
  });
}

export function noRows(file: CsvFile): DataError {
  return new DataError('data/no-rows', `${file.name} has a header but no rows.`, { file: file.name });
}

/** The error for the byte at `at`, which no UTF-8 text can have there. */
export function invalidText(world: CsvWorld, file: CsvFile, at: number): FileError {
  const line = lineAt(world, file, at);
  const start = Math.max(file.textStart, at - SAMPLE_BEFORE);
  world.load(file, start, Math.min(file.size, at + SAMPLE_BEHIND));
  return wrongEncoding(file, at, line, likelyEncoding(world.bytes().slice()));
}

export function wrongEncoding(file: CsvFile, byte: number, line: number, likely: string): FileError {
  return new FileError(
    'file/encoding',
    `${file.name} is not UTF-8 (line ${line}, byte ${byte}); it looks like ${likely}. ` +
      `Read it with encoding: '${likely}'.`,
    { file: file.name, line, byte, encoding: likely },
  );
}

function shownDelimiter(byte: number): string {
  return byte === 9 ? 'the tab' : `'${String.fromCharCode(byte)}'`;
}
