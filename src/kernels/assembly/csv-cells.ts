// Cells of one CSV column, given the index of `csvScan`, become booleans or dates. Row r's field lies at `index + r × stride`. What does
// not parse leaves the missing value in place and its class in the mask (see `CELL` in the host).
import { BOOLEAN, classOf, DATE, END_MASK, MISSING_TOKEN, NAN, TRUE_TOKEN, tokenKind } from './csv-classes';
import { isDate } from './iso-date';

/** Booleans of a column: 0 or 1 (u8) to `values`; otherwise as {@link csvNumbers}. */
export function csvBooleans(thread: i32, threads: i32, text: usize, index: usize, rows: i32, stride: i32, values: usize, missing: usize, summary: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let mask = 0;
  let missed = 0;
  let first = -1;
  for (let r = 0; r < rows; r++, index += stride) {
    const entry = load<u64>(index);
    const from = text + <u32>entry;
    const to = text + (<u32>(entry >> 32) & END_MASK);
    const token = from == to ? MISSING_TOKEN : tokenKind(tokens, from, <i32>(to - from));
    if (token == MISSING_TOKEN) missed++;
    else {
      const seen = token != 0 ? BOOLEAN : classOf(from, to, decimal, thousands, tokens, summary + 16);
      mask |= seen;
      if (seen == 0) missed++;
      if (first < 0 && (seen & watched) != 0) first = r;
      store<u8>(missing + r, seen == 0 ? 1 : 0);
      store<u8>(values + r, token == TRUE_TOKEN ? 1 : 0);
      continue;
    }
    store<u8>(missing + r, 1);
    store<u8>(values + r, 0);
  }
  store<i32>(summary, mask);
  store<i32>(summary, missed, 4);
  store<i32>(summary, 0, 8);
  store<i32>(summary, first, 12);
}

/** ISO 8601 dates and times of a column: milliseconds since 1970 in UTC (f64) to `values`; otherwise as {@link csvNumbers}. */
export function csvDates(thread: i32, threads: i32, text: usize, index: usize, rows: i32, stride: i32, values: usize, missing: usize, summary: usize, tables: usize, tokens: usize, decimal: i32, thousands: i32, watched: i32): void {
  let mask = 0;
  let missed = 0;
  let first = -1;
  const scratch = summary + 16;
  const nan = load<f64>(tables + NAN);
  for (let r = 0; r < rows; r++, index += stride) {
    const entry = load<u64>(index);
    let from = text + <u32>entry;
    let to = text + (<u32>(entry >> 32) & END_MASK);
    while (from < to && load<u8>(from) <= 32) from++;
    while (from < to && load<u8>(to - 1) <= 32) to--;
    let value = nan;
    let isMissing: u8 = 0;
    if (from == to) isMissing = 1;
    else if (isDate(from, to, scratch)) {
      value = load<f64>(scratch);
      mask |= DATE;
      if (first < 0 && (DATE & watched) != 0) first = r;
    } else {
      const seen = classOf(from, to, decimal, thousands, tokens, scratch);
      if (seen == 0) isMissing = 1;
      mask |= seen;
      if (first < 0 && (seen & watched) != 0) first = r;
    }
    missed += isMissing;
    store<f64>(values + (<usize>r << 3), value);
    store<u8>(missing + r, isMissing);
  }
  store<i32>(summary, mask);
  store<i32>(summary, missed, 4);
  store<i32>(summary, 0, 8);
  store<i32>(summary, first, 12);
}
