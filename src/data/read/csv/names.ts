import { DataError, suggestion } from '../../../core/errors.ts';

/** Tells the user of something that the reader decided. */
export type Warn = (code: string, message: string) => void;

/**
 * Column names from the cells of a header: an empty one becomes `column3` (counted from 1), a repeated one `price.1`.
 */
export function columnNames(cells: readonly string[], file: string, warn: Warn): string[] {
  const used = new Set(cells);
  const seen = new Set<string>();
  /** The number that a name repeated once more may get; the smaller ones are taken. */
  const next = new Map<string, number>();
  const free = (stem: string, first: number): string => {
    for (let n = next.get(stem) ?? first; ; n++) {
      const name = n === 0 ? stem : `${stem}.${n}`;
      if (used.has(name)) continue;
      next.set(stem, n + 1);
      return name;
    }
  };
  return cells.map((cell, j) => {
    let name = cell;
    if (cell.trim() === '') {
      name = free(`column${j + 1}`, 0);
      warn('csv/unnamed-column', `${file}: column ${j + 1} has no name; it is called '${name}'.`);
    } else if (seen.has(cell)) {
      name = free(cell, 1);
      warn(
        'csv/duplicate-header',
        `${file}: two columns are called '${cell}'; column ${j + 1} becomes '${name}'.`,
      );
    }
    seen.add(name);
    used.add(name);
    return name;
  });
}

/** The places of the wanted columns, in the order asked for. @throws DataError for a name that does not exist. */
export function placesOf(wanted: readonly string[], names: readonly string[], file: string): number[] {
  return wanted.map((name) => {
    const place = names.indexOf(name);
    if (place < 0) {
      throw new DataError(
        'data/missing-column',
        `${file} has no column '${name}'.${suggestion(name, names)} Its columns are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
        { column: name, file, columns: names },
      );
    }
    return place;
  });
}

/** @throws DataError when a further file has other columns than the first. */
export function checkSameNames(first: readonly string[], other: readonly string[], file: string): void {
  const differing = Math.max(first.length, other.length);
  for (let j = 0; j < differing; j++) {
    if (first[j] === other[j]) continue;
    throw new DataError(
      'data/different-columns',
      `${file}: column ${j + 1} is ${other[j] === undefined ? 'missing' : `'${other[j]}'`} where the first file has ` +
        `${first[j] === undefined ? 'no more columns' : `'${first[j]}'`}. Files read together need the same columns in the same order.`,
      { file, column: first[j] ?? other[j]! },
    );
  }
}
