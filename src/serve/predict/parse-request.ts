import { DataError, suggestion } from '../../core/errors.ts';
import { type JsonRequest, parseJson, refuseHostileKey, requireFewRows, WHOLE_BYTES } from './json-body.ts';
import { parseRowsInSlices } from './parse-rows-in-slices.ts';

/** Bodies from this size on are parsed in slices, each of about a millisecond. */
const SLICED_BYTES = 2 ** 18;
/**
 * `{"row": {…}}` or `{"rows": [{…}, …]}`.
 * @param mostRows Rows that are taken.
 * @throws DataError saying what is wrong with the body; through a promise when it is large.
 */
export function parseRequest(body: Buffer, mostRows: number): JsonRequest | Promise<JsonRequest> {
  if (body.length < SLICED_BYTES) return limited(parseWhole(body), mostRows);
  return parseRowsInSlices(body, mostRows).then((sliced) => {
    if (sliced !== undefined) return sliced;
    if (body.length > WHOLE_BYTES) throw notARequest();
    return limited(parseWhole(body), mostRows);
  });
}

function limited(request: JsonRequest, mostRows: number): JsonRequest {
  requireFewRows(request.rows.length, mostRows);
  return request;
}

function parseWhole(body: Buffer): JsonRequest {
  const text = body.toString('utf8');
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notARequest();
  // Whatever could change how objects behave is refused where it stands for a key.
  if (text.includes('__proto__') || text.includes('\\u')) refuseHostileKeys(value);
  const { row, rows, ...others } = value as { row?: unknown; rows?: unknown };
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new DataError(
      'request/unknown-key',
      `The body has a key ${JSON.stringify(other.slice(0, 60))} that means nothing.${suggestion(other, ['row', 'rows'])} ` +
        'It is {"row": {…}} or {"rows": [{…}, …]}.',
    );
  }
  if (Array.isArray(rows) && row === undefined) return { rows, isSingle: false };
  if (row !== undefined && rows === undefined) return { rows: [row], isSingle: true };
  throw notARequest();
}

function notARequest(): DataError {
  return new DataError(
    'request/no-rows',
    'The body has to be {"row": {"column": value, …}} or {"rows": [{…}, …]}.',
  );
}

/** @throws DataError for a key `__proto__` of the body or a row of it. */
function refuseHostileKeys(body: object): void {
  const { row, rows } = body as { row?: unknown; rows?: unknown };
  refuseHostileKey(body);
  refuseHostileKey(row);
  if (Array.isArray(rows)) for (const each of rows) refuseHostileKey(each);
}
