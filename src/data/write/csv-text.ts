/** The text of a frame as CSV, in pieces of some thousand rows. */
import type { Column } from '../../core/frame.ts';

/** How `writeCsv` writes, as plain data. */
export interface CsvStyle {
  readonly delimiter: string;
  readonly quote: string;
  readonly lineEnd: string;
  readonly header: boolean;
  readonly missing: string;
  readonly decimal: string;
  readonly byteOrderMark: boolean;
  readonly escapeFormulas: boolean;
}

const ROWS_PER_PIECE = 4096;
const DAY_MS = 86_400_000;

export function* csvPieces(
  columns: readonly (readonly [string, Column])[],
  rows: number,
  style: CsvStyle,
): Generator<Uint8Array> {
  const { delimiter, lineEnd } = style;
  const quoted = quoter(style);
  const cellsOf = columns.map(([, column]) => cellWriter(column, style, quoted));
  // A line of a single empty cell would be a blank line, which readers leave out.
  const alone = columns.length === 1;
  const encoder = new TextEncoder();
  let text = style.byteOrderMark ? '\ufeff' : '';
  if (style.header) text += columns.map(([name]) => quoted(name)).join(delimiter) + lineEnd;
  for (let from = 0; from < rows; from += ROWS_PER_PIECE) {
    for (let i = from; i < Math.min(rows, from + ROWS_PER_PIECE); i++) {
      let line = cellsOf[0]?.(i) ?? '';
      if (alone && line.trim() === '') line = `${style.quote}${line}${style.quote}`;
      for (let j = 1; j < cellsOf.length; j++) line += delimiter + cellsOf[j]!(i);
      text += line + lineEnd;
    }
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}

type CellWriter = (row: number) => string;

function cellWriter(column: Column, style: CsvStyle, quoted: (text: string) => string): CellWriter {
  const { missing } = style;
  if (column.kind === 'string') {
    // An empty text is written as quotes, to be told from a missing value where the reader can.
    const levels = column.levels.map((level) => (level === '' ? style.quote + style.quote : quoted(level)));
    const { codes } = column;
    return (i) => (codes[i]! < 0 ? missing : levels[codes[i]!]!);
  }
  const mask = column.missing;
  const { values } = column;
  const isMissing = (i: number) => mask !== undefined && mask[i] === 1;
  if (column.kind === 'boolean') return (i) => (isMissing(i) ? missing : values[i] === 1 ? 'true' : 'false');
  if (column.kind === 'date') {
    const days = values.every((value) => Number.isNaN(value) || value % DAY_MS === 0);
    return (i) => (isMissing(i) || Number.isNaN(values[i]!) ? missing : isoDate(values[i]!, days));
  }
  if (style.decimal === '.' && !'0123456789.-+e'.includes(style.delimiter)) {
    return (i) => (isMissing(i) ? missing : numberText(values[i]!));
  }
  return (i) => (isMissing(i) ? missing : quoted(numberText(values[i]!).replace('.', style.decimal)));
}

/** The shortest text that reads back as the same number; `String` would drop the sign of -0. */
function numberText(value: number): string {
  return value === 0 && Object.is(value, -0) ? '-0' : String(value);
}

/** ISO 8601 in UTC: the day alone, or with the time; microseconds when there are any. */
function isoDate(ms: number, dayOnly: boolean): string {
  const whole = Math.floor(ms);
  const text = new Date(whole).toISOString();
  if (dayOnly) return text.slice(0, text.indexOf('T'));
  const micros = Math.round((ms - whole) * 1000);
  if (micros === 0 || micros === 1000) return text;
  return `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

/**
 * Quotes a text where it must be. With `escapeFormulas` a text that a spreadsheet would run as a formula gets an apostrophe
 * in front (OWASP, "CSV injection"): it begins with = + - @, a tab or a carriage return.
 */
function quoter({ delimiter, quote, escapeFormulas }: CsvStyle): (text: string) => string {
  return (text) => {
    const safe = escapeFormulas && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    const needed =
      safe.includes(delimiter) || safe.includes(quote) || /[\r\n]/.test(safe) || /^\ufeff/.test(safe);
    return needed ? quote + safe.replaceAll(quote, quote + quote) + quote : safe;
  };
}
