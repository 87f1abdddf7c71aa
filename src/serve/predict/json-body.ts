import { DataError } from '../../core/errors.ts';

/** The rows of a JSON request, and whether it was a single one. */
export interface JsonRequest {
  readonly rows: readonly unknown[];
  readonly isSingle: boolean;
}

/** Most bytes that are parsed at once: some milliseconds. */
export const WHOLE_BYTES = 2 ** 20;

/** @throws DataError `request/too-many-rows` */
export function requireFewRows(rows: number, most: number): void {
  if (rows <= most) return;
  throw new DataError(
    'request/too-many-rows',
    `The request has more than ${most} rows. Send fewer at a time, or a stream of lines (application/x-ndjson).`,
    { limit: most },
  );
}

/** @throws DataError `request/bad-json` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const isNumber = /(?:^|[[:,\s])[+-]?(?:NaN|Infinity)\b/.test(text);
    throw new DataError(
      'request/bad-json',
      `The body is no JSON: ${(error as Error).message}.${isNumber ? ' JSON has no NaN and no Infinity; a missing value is null.' : ''}`,
    );
  }
}

/** A key that could change how an object behaves is refused. @throws DataError `request/forbidden-key` */
export function refuseHostileKey(value: unknown): void {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')) return;
  throw new DataError('request/forbidden-key', 'The body has a key "__proto__", which is not taken.');
}
