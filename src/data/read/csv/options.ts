import { z } from 'zod';
import { option } from '../../../core/options.ts';

/** Texts that stand for a missing value: those of pandas' `read_csv`. An empty cell always does. */
export const DEFAULT_MISSING_VALUES: readonly string[] = [
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>'],
  ...['N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
];

const oneCharacter = z
  .string()
  .regex(/^[\t\x20-\x7e]$/, "One ASCII character is needed; engine: 'duckdb' reads other dialects");

const texts = (values: readonly string[]) => z.array(z.string()).readonly().default(values);

/** Options of `readCsv`. */
export const csvOptions = z.strictObject({
  delimiter: option(
    z.string().min(1).max(8).optional(),
    "Separates fields; found among , ; tab | when not given. More than one character needs engine: 'duckdb'.",
  ),
  quote: option(
    oneCharacter.nullable().default('"'),
    'Encloses fields; doubled inside. null: quotes are plain text.',
  ),
  comment: option(
    oneCharacter.nullable().default(null),
    'Starts a comment that reaches to the end of the line.',
  ),
  header: option(
    z.union([z.boolean(), z.array(z.string()).min(1).readonly()]).default(true),
    'Whether the first line names the columns, or the names of a file without such a line.',
  ),
  columns: option(
    z.array(z.string()).min(1).readonly().optional(),
    'The columns to read, in this order; all when not given.',
  ),
  types: option(
    z.record(z.string(), z.enum(['number', 'string', 'boolean', 'date'])).default({}),
    'Kinds of columns by name, instead of what all rows suggest.',
  ),
  missingValues: option(
    texts(DEFAULT_MISSING_VALUES),
    'Texts that stand for a missing value, quoted or not. An empty cell always does.',
  ),
  trueValues: option(texts(['true', 'True', 'TRUE']), 'Texts read as true.'),
  falseValues: option(texts(['false', 'False', 'FALSE']), 'Texts read as false.'),
  decimal: option(oneCharacter.default('.'), 'The decimal mark.'),
  thousands: option(oneCharacter.nullable().default(null), 'A mark between groups of digits.'),
  encoding: option(
    z.string().default('utf-8'),
    "The text's encoding, e.g. 'gb18030', 'utf-16le', 'windows-1252'. A byte order mark decides by itself.",
  ),
  skipRows: option(z.int().nonnegative().default(0), 'Lines to leave out at the beginning of the file.'),
  maxRows: option(z.int().positive().optional(), 'Rows to read at most.'),
  engine: option(
    z.enum(['kernel', 'duckdb']).default('kernel'),
    "The reader: heddle's own, or DuckDB's for dialects beyond it (delimiters of several characters, backslash escapes).",
  ),
});

export type CsvOptions = z.input<typeof csvOptions>;
export type ParsedCsvOptions = z.output<typeof csvOptions>;
