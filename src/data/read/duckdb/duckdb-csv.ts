import { OptionError } from '../../../core/errors.ts';
import type { Frame } from '../../../core/frame.ts';
import type { JobOptions } from '../../../jobs/job.ts';
import type { ParsedCsvOptions } from '../csv/options.ts';
import { runDuckdb } from '../query.ts';
import type { LocalSource } from '../source.ts';
import { sqlName, sqlText } from './bindings.ts';
import { sqlPaths, withPaths } from './files.ts';

const TYPES = { number: 'DOUBLE', string: 'VARCHAR', boolean: 'BOOLEAN', date: 'TIMESTAMP' } as const;

/** Reads CSV by DuckDB, which recognises many dialects. Options that it lacks are refused. */
export async function readCsvByDuckdb(
  sources: readonly LocalSource[],
  options: ParsedCsvOptions,
  job: JobOptions,
): Promise<Frame> {
  const { columns, maxRows } = options;
  if (options.thousands !== null && options.thousands !== ',') {
    throw new OptionError(
      'option/invalid',
      "readCsv: engine 'duckdb' knows only ',' as thousands separator.",
      {
        option: 'thousands',
      },
    );
  }
  return withPaths(sources, '.csv', (paths) => {
    const relation = `read_csv(${[sqlPaths(paths), ...settings(options)].join(', ')})`;
    return runDuckdb(
      {
        what: `Cannot read '${sources[0]!.name}'`,
        database: undefined,
        sql: '',
        parameters: undefined,
        relation: maxRows === undefined ? relation : `(SELECT * FROM ${relation} LIMIT ${maxRows})`,
        columns,
        source: sources[0]!.name,
      },
      job,
    );
  });
}

function settings(options: ParsedCsvOptions): string[] {
  const { delimiter, quote, comment, header, types, missingValues, decimal, thousands, encoding, skipRows } =
    options;
  const list = (texts: readonly string[]) => `[${texts.map(sqlText).join(', ')}]`;
  const parts = ['sample_size = -1', `nullstr = ${list(missingValues)}`, `encoding = ${sqlText(encoding)}`];
  if (delimiter !== undefined) parts.push(`delim = ${sqlText(delimiter)}`);
  if (quote !== '"') parts.push(`quote = ${sqlText(quote ?? '')}`);
  if (comment !== null) parts.push(`comment = ${sqlText(comment)}`);
  if (typeof header === 'boolean') parts.push(`header = ${header}`);
  else parts.push('header = false', `names = ${list(header)}`);
  const given = Object.entries(types).map(
    ([name, type]) => `${sqlName(name).replaceAll('""', '"')}: '${TYPES[type]}'`,
  );
  if (given.length > 0) parts.push(`types = {${given.join(', ')}}`);
  if (decimal !== '.') parts.push(`decimal_separator = ${sqlText(decimal)}`);
  if (thousands !== null) parts.push(`thousands = ${sqlText(thousands)}`);
  if (skipRows > 0) parts.push(`skip = ${skipRows}`);
  return parts;
}
