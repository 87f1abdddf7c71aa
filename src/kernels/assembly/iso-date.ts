// ISO 8601 dates and times.

/**
 * Whether the bytes are YYYY-MM-DD, alone or with [T or blank]HH:MM[:SS[.fraction]] and [Z | ±HH[[:]MM]]; the time, UTC
 * unless an offset says otherwise, goes to `result` (f64, milliseconds since 1970; up to nine digits of a second's fraction).
 */
export function isDate(from: usize, to: usize, result: usize): bool {
  const length = <i32>(to - from);
  if (length < 10 || length > 40) return false;
  const year = number(from, 4);
  const month = number(from + 5, 2);
  const day = number(from + 8, 2);
  if (load<u8>(from + 4) != 45 || load<u8>(from + 7) != 45 || (year | month | day) < 0) return false;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(month, year)) return false;
  let ms = <f64>daysSince1970(year, month, day) * 86400000;
  let p = from + 10;
  if (p < to) {
    const separator = load<u8>(p);
    if ((separator != 84 && separator != 116 && separator != 32) || to - p < 6) return false;
    const hour = number(p + 1, 2);
    const minute = number(p + 4, 2);
    if (load<u8>(p + 3) != 58 || (hour | minute) < 0 || hour > 23 || minute > 59) return false;
    ms += <f64>(hour * 60 + minute) * 60000;
    p += 6;
    if (p < to && load<u8>(p) == 58) {
      const second = to - p < 3 ? -1 : number(p + 1, 2);
      if (second < 0 || second > 59) return false;
      ms += <f64>second * 1000;
      p += 3;
      if (p < to && (load<u8>(p) == 46 || load<u8>(p) == 44)) {
        const start = ++p;
        let fraction: f64 = 0;
        let scale: f64 = 1;
        while (p < to) {
          const d = <u32>load<u8>(p) - 48;
          if (d > 9) break;
          if (p - start < 9) {
            fraction = fraction * 10 + <f64>d;
            scale *= 10;
          }
          p++;
        }
        if (p == start) return false;
        ms += (fraction * 1000) / scale;
      }
    }
    if (p < to) {
      const zone = load<u8>(p);
      if (zone == 90 || zone == 122) p++;
      else if (zone == 43 || zone == 45) {
        if (to - p < 3) return false;
        const hours = number(p + 1, 2);
        let minutes = 0;
        p += 3;
        if (p < to) {
          if (load<u8>(p) == 58) p++;
          if (to - p != 2) return false;
          minutes = number(p, 2);
          p += 2;
        }
        if ((hours | minutes) < 0 || hours > 15 || minutes > 59) return false;
        const offset = <f64>(hours * 60 + minutes) * 60000;
        ms += zone == 43 ? -offset : offset;
      }
      if (p != to) return false;
    }
  }
  store<f64>(result, ms);
  return true;
}

/** `count` digits as a number, −1 if one is no digit. */
function number(p: usize, count: i32): i32 {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const d = <u32>load<u8>(p + i) - 48;
    if (d > 9) return -1;
    value = value * 10 + d;
  }
  return value;
}

function daysOf(month: i32, year: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March and eras of 400 years (H. Hinnant). */
function daysSince1970(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = (y >= 0 ? y : y - 399) / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}
