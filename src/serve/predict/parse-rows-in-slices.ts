import { setImmediate } from 'node:timers/promises';
import { DataError } from '../../core/errors.ts';
import { type JsonRequest, parseJson, refuseHostileKey, requireFewRows, WHOLE_BYTES } from './json-body.ts';

/** Bytes that are looked through, and at most parsed, until other requests get their turn. */
const SLICE_BYTES = 2 ** 17;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;

/**
 * The rows of a large body `{"rows": [{…}, …]}`, some at a time, giving way to the event loop in between: `JSON.parse` of all at once
 * would keep every other request waiting.
 * @returns undefined when the body has another form: then it is parsed as a whole, most likely to be refused.
 * @throws DataError for what is no JSON, a row that is too large, and too many rows.
 */
export async function parseRowsInSlices(body: Buffer, mostRows: number): Promise<JsonRequest | undefined> {
  const head = /^\s*\{\s*"rows"\s*:\s*\[/.exec(body.toString('latin1', 0, 256));
  if (head === null) return undefined;
  const rows: unknown[] = [];
  let from = head[0].length;
  for (;;) {
    const slice = sliceAt(body, from);
    if (slice === undefined) return undefined;
    const text = body.toString('utf8', from, slice.end);
    const parsed = parseJson(`[${text}]`) as unknown[];
    if (text.includes('__proto__') || text.includes('\\u')) parsed.forEach(refuseHostileKey);
    if (parsed.length === 0 && rows.length > 0)
      throw new DataError('request/bad-json', 'The list of rows ends with a comma.');
    for (const row of parsed) rows.push(row);
    requireFewRows(rows.length, mostRows);
    if (slice.isLast) {
      const isAtEnd = /^\]\s*\}\s*$/.test(body.toString('latin1', slice.end));
      return isAtEnd ? { rows, isSingle: false } : undefined;
    }
    from = slice.end + 1;
    await setImmediate();
  }
}

interface Slice {
  /** The comma after the slice's last row, or the bracket that closes all. */
  readonly end: number;
  readonly isLast: boolean;
}

/** Whole rows of about a slice's size, found by following brackets and texts. In UTF-8 no byte of a longer character looks like one of those. */
function sliceAt(body: Buffer, from: number): Slice | undefined {
  let depth = 0;
  for (let i = from; i < body.length; i++) {
    switch (body[i]) {
      case QUOTE:
        i = closingQuote(body, i);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
        depth--;
        break;
      case CLOSE_BRACKET:
        if (depth === 0) return { end: i, isLast: true };
        depth--;
        break;
      case COMMA:
        if (depth === 0 && i - from >= SLICE_BYTES) return { end: i, isLast: false };
        break;
    }
    if (depth < 0) return undefined;
    if (i - from > SLICE_BYTES + WHOLE_BYTES) {
      throw new DataError('request/too-large', `A row of the body has more than ${WHOLE_BYTES} bytes.`, {
        limit: WHOLE_BYTES,
      });
    }
  }
  return undefined;
}

function closingQuote(body: Buffer, start: number): number {
  let end = start;
  for (;;) {
    end = body.indexOf(QUOTE, end + 1);
    if (end < 0) return body.length;
    let slashes = 0;
    while (body[end - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
}
