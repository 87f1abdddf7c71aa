/** Text in columns of a monospaced terminal, where Chinese, Japanese and Korean characters and emoji take two cells. */

// Made when first needed: it takes as long as loading twenty modules.
let graphemes: Intl.Segmenter | undefined;

/** East Asian wide and fullwidth characters (Unicode Standard Annex 11) and characters drawn as emoji. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Bopomofo}|\p{Emoji_Presentation}|[\u3000-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6])/u;
/** The halfwidth katakana and hangul of the compatibility block stay narrow. */
const NARROW = /^[\uff61-\uffdc]/u;

/** How many terminal cells `text` takes. */
export function displayWidth(text: string): number {
  let width = 0;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of graphemes.segment(text))
    width += WIDE.test(segment) && !NARROW.test(segment) ? 2 : 1;
  return width;
}

/** `text` with spaces in front so that it takes `width` cells. */
export function alignRight(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/**
 * `value` with `digits` decimals; exact halves round to the even digit, as C and Python print them (`toFixed` rounds them up).
 * A decimal half such as 0.125 is exact in binary only if value · 2^(digits + 1) is an integer.
 */
export function formatDecimal(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  const scaled = value * 10 ** digits;
  const isExactHalf = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs(scaled % 1) === 0.5;
  if (!isExactHalf) return value.toFixed(digits);
  return ((2 * Math.round(scaled / 2)) / 10 ** digits).toFixed(digits);
}
