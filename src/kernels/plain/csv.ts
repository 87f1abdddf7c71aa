/**
 * The oracle of the CSV kernels: one character after another, text to rows of cells, cells to columns. Slow and obviously
 * right; the dialect is that of `readCsv`.
 */

export interface PlainDialect {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly comment: string | null;
  readonly decimal: string;
  readonly thousands: string | null;
  readonly missingValues: readonly string[];
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
}

export type PlainCell = number | string | boolean | null;

export interface PlainColumn {
  readonly name: string;
  readonly kind: 'number' | 'boolean' | 'date' | 'string';
  /** A date is its milliseconds since 1970. */
  readonly cells: readonly PlainCell[];
}

/** The records of a text, without blank ones. @throws Error for an open quote or text behind a closing one. */
export function plainRecords(text: string, { delimiter, quote, comment }: PlainDialect): string[][] {
  const records: string[][] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const record: string[] = [];
    let plain = true;
    for (;;) {
      let field = '';
      if (quote !== null && text[at] === quote) {
        plain = false;
        at++;
        for (;;) {
          if (at >= text.length) throw new Error('open quote');
          if (text[at] === quote) {
            if (text[at + 1] !== quote) break;
            at++;
          }
          field += text[at++];
        }
        at++;
        while (text[at] === ' ' || text[at] === '\t')
          if (text[at] !== delimiter) at++;
          else break;
        if (at < text.length && !isBreak(text[at]!)) throw new Error('text behind a quote');
      } else {
        while (at < text.length && !isBreak(text[at]!)) field += text[at++];
      }
      record.push(field);
      if (text[at] !== delimiter) break;
      at++;
    }
    if (comment !== null && text[at] === comment) {
      while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    const blank = record.length === 1 && plain && /^[ \t]*$/.test(record[0]!);
    if (!blank) records.push(record);
  }
  return records;

  function isBreak(c: string): boolean {
    return c === delimiter || c === '\n' || c === '\r' || c === comment;
  }
}

/** The table of a text whose first record names the columns. @throws Error for a ragged record. */
export function plainCsv(text: string, dialect: PlainDialect): PlainColumn[] {
  const [header, ...rows] = plainRecords(text, dialect);
  for (const row of rows) if (row.length !== header!.length) throw new Error('ragged');
  return header!.map((name, j) =>
    plainColumn(
      name,
      rows.map((row) => row[j]!),
      dialect,
    ),
  );
}

function plainColumn(name: string, texts: readonly string[], dialect: PlainDialect): PlainColumn {
  const { missingValues, trueValues, falseValues } = dialect;
  const trimmed = texts.map((text) => text.replace(/^[\0- ]+|[\0- ]+$/g, ''));
  const isMissing = (text: string) => text === '' || missingValues.includes(text);
  const present = trimmed.filter((text) => !isMissing(text));
  const numbers = present.map((text) => plainNumber(text, dialect));
  if (numbers.every((number) => number !== undefined)) {
    const digits = present.map((text) => text.replaceAll(dialect.thousands ?? '', ''));
    const whole = digits.every((text) => /^[-+]?\d+$/.test(text));
    const big = digits.some((text) => /^[-+]?\d+$/.test(text) && plainBig(text));
    if (!whole || !big) {
      return {
        name,
        kind: 'number',
        cells: trimmed.map((text) => (isMissing(text) ? null : plainNumber(text, dialect)!)),
      };
    }
  } else if (present.every((text) => trueValues.includes(text) || falseValues.includes(text))) {
    return {
      name,
      kind: 'boolean',
      cells: trimmed.map((text) => (isMissing(text) ? null : trueValues.includes(text))),
    };
  } else if (present.every((text) => plainDate(text) !== undefined)) {
    return {
      name,
      kind: 'date',
      cells: trimmed.map((text) => (isMissing(text) ? null : plainDate(text)!)),
    };
  }
  return { name, kind: 'string', cells: texts.map((text) => (isMissing(text) ? null : text)) };
}

function plainBig(text: string): boolean {
  const value = BigInt(text.replace('+', ''));
  return value > 2n ** 53n || value < -(2n ** 53n);
}

/** A decimal number, `inf` or `infinity`; nothing for another text. */
export function plainNumber(
  text: string,
  { decimal, thousands }: Pick<PlainDialect, 'decimal' | 'thousands'>,
): number | undefined {
  if (/^[-+]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const point = decimal.replace(/[.^$*+?()[\]{}|\\]/, '\\$&');
  const mark = thousands?.replace(/[.^$*+?()[\]{}|\\]/, '\\$&');
  const whole = mark === undefined ? '\\d+' : `\\d(?:${mark}?\\d)*`;
  const pattern = new RegExp(`^[-+]?(?:${whole}(?:${point}\\d*)?|${point}\\d+)(?:[eE][-+]?\\d+)?$`);
  if (!pattern.test(text)) return undefined;
  return Number((thousands === null ? text : text.replaceAll(thousands, '')).replace(decimal, '.'));
}

/** An ISO 8601 date or time in milliseconds since 1970, UTC unless an offset says otherwise. */
export function plainDate(text: string): number | undefined {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([-+])(\d\d)(?::?(\d\d))?)?)?$/.exec(
      text,
    );
  if (parts === null || text.length > 40) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    ,
    sign,
    hours = '0',
    minutes = '0',
  ] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(hours) > 15 || Number(minutes) > 59) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const time = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000;
  const digits = fraction.slice(0, 9);
  return date.getTime() + time + (Number(digits) * 1000) / 10 ** digits.length - offset;
}
