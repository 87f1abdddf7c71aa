const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false });
const scientific = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 3 });

const minus = (text: string) => text.replaceAll('-', '−');

/** A number of a record, where JSON has null for NaN and infinities; undefined if there is none. */
export function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A figure with three digits, whole from 100 on: `0.913`, `54.4`, `23,457`; `–` where it is undefined. */
export function figureText(given: number | null | undefined): string {
  const value = finite(given);
  if (value === undefined) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e12 || size < 1e-4) return minus(scientific.format(value));
  return minus((size >= 99.95 ? whole : three).format(value));
}

/** Figures of one column of a table with as many decimals as the largest needs for four digits, so that they line up. */
export function figureTexts(given: readonly (number | null | undefined)[]): string[] {
  const largest = given.reduce<number>((most, value) => Math.max(most, Math.abs(finite(value) ?? 0)), 0);
  const decimals = decimalsFor(largest, 4);
  if (decimals === undefined) return given.map(figureText);
  return given.map((value) => fixedText(finite(value), decimals));
}

/** `0.898 ± 0.020`: both with the decimals that three digits of the mean need. */
export function meanText(mean: number | null | undefined, std: number | null | undefined): string {
  const value = finite(mean);
  const spread = finite(std);
  if (value === undefined || spread === undefined) return figureText(value);
  const decimals = decimalsFor(Math.abs(value), 3);
  if (decimals === undefined) return `${figureText(value)} ± ${figureText(spread)}`;
  return `${fixedText(value, decimals)} ± ${fixedText(spread, decimals)}`;
}

/** A figure with the decimals of another one that it is compared with: `−0.018` beside `0.933`. */
export function besideText(value: number, other: number | null): string {
  const decimals = decimalsFor(Math.abs(other ?? 0), 3);
  return decimals === undefined || Math.abs(value) >= 1e12 ? figureText(value) : fixedText(value, decimals);
}

/** How many decimals give a number that many digits; undefined for numbers that are better written with an exponent. */
function decimalsFor(size: number, digits: number): number | undefined {
  if (size >= 1e12 || size < 1e-3) return undefined;
  return Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
}

function fixedText(value: number | undefined, decimals: number): string {
  if (value === undefined) return '–';
  const text = value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // A negative number that rounds to 0 has no sign.
  return minus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** A value of the data: whole numbers in full, others with four digits. */
export function valueText(given: number | null | undefined): string {
  const value = finite(given);
  if (value === undefined) return '–';
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-4)) return minus(scientific.format(value));
  if (size >= 1e4) return minus(whole.format(value));
  // Below ten thousand without a comma: it may be a year.
  return minus(Number.isInteger(value) ? String(value) : short.format(value));
}

/**
 * `0.880–0.930`, with the decimals that three digits of `value`, which lies within, need; with `to` where a minus sign would run into
 * the dash.
 */
export function intervalText(
  [low, high]: readonly [number | null, number | null],
  value: number | null,
): string {
  const words = [low, high].map((end) => (finite(end) === undefined ? '–' : besideText(end!, value)));
  return words.join((low ?? 0) < 0 || (high ?? 0) < 0 ? ' to ' : '–');
}

export function countText(count: number): string {
  return whole.format(count);
}

/** `1 row`, `1,460 rows`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** A share in percent, one digit below ten; never 0% or 100% for what is only nearly so. */
export function percentText(part: number, total = 1): string {
  if (!(total > 0)) return '–';
  const percent = (100 * part) / total;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  if (percent < 100 && percent > 99.9) return '>99.9%';
  const text =
    percent < 10 || (percent > 90 && percent < 100)
      ? percent.toFixed(1).replace(/\.0$/, '')
      : percent.toFixed(0);
  return `${text}%`;
}

/** `0.8 s`, `41 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 0.05) return '<0.1 s';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  if (total < 3600) return twoUnits(Math.floor(total / 60), 'min', total % 60, 's');
  return twoUnits(Math.floor(total / 3600), 'h', Math.floor((total % 3600) / 60), 'min');
}

function twoUnits(large: number, unit: string, small: number, smallUnit: string): string {
  return `${countText(large)} ${unit}${small === 0 ? '' : ` ${small} ${smallUnit}`}`;
}

/** `2026-03-04 09:26 UTC`; what is no time stays as it is. */
export function timeText(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return clip(iso, 40);
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A text of at most `length` letters on one line. */
export function clip(text: string, length = 60): string {
  const line = text.slice(0, 4 * length).replace(/\s+/g, ' ');
  const letters = Array.from(line);
  return letters.length <= length && line.length === text.length
    ? line
    : `${letters.slice(0, length - 1).join('')}…`;
}
