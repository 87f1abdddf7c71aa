import { tickText } from '../../draw/chart-text.ts';

const MOST_DIGITS = 17;

/** A number in a sentence: `1,970`, `0.3127`, `216,403`; all digits before the point, four in all at least. */
export function numberWords(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (digits === 4 && (size >= 1e15 || (size > 0 && size < 1e-4))) return tickText(value);
  const before = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  const maximumSignificantDigits = Math.min(21, Math.max(digits, before));
  return new Intl.NumberFormat('en', { maximumSignificantDigits }).format(value).replace('-', '−');
}

/** Two numbers in a comparison, with as many digits as tell them apart. */
export function pairWords(a: number, b: number): readonly [string, string] {
  for (let digits = 4; digits < MOST_DIGITS; digits++) {
    const pair = [numberWords(a, digits), numberWords(b, digits)] as const;
    if (pair[0] !== pair[1] || a === b) return pair;
  }
  return [String(a), String(b)];
}

export function signedWords(value: number): string {
  return value > 0 ? `+${numberWords(value)}` : numberWords(value);
}
