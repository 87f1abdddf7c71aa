import { fontSize } from './theme.ts';

/** Scripts whose letters are as wide as they are high. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Extended_Pictographic}/u;
/** Mean width of a Latin letter of the system fonts, in units of the font's size; on the wide side, so that text fits. */
const LATIN_EM = 0.58;

/** About how many pixels a text takes, without a browser to measure it. */
export function textWidth(text: string, size = fontSize): number {
  let ems = 0;
  for (const letter of text) ems += wide.test(letter) ? 1 : /[MWmw@%]/.test(letter) ? 0.85 : LATIN_EM;
  return ems * size;
}

/** The text on one line in at most `width` pixels; what is cut off shows as `…`. */
export function fitText(text: string, width: number, size = fontSize): string {
  const line = text.slice(0, 1000).replace(/\s+/g, ' ');
  if (textWidth(line, size) <= width && line.length === text.length) return line;
  let kept = '';
  for (const letter of line) {
    if (textWidth(`${kept}${letter}…`, size) > width) break;
    kept += letter;
  }
  return kept === line ? line : `${kept.trimEnd()}…`;
}

const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });
const scientific = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 3 });

/** A number beside an axis: four digits at most, `12.5K` and `3M` from ten thousand on. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return scientific.format(value).replace('-', '−');
  return (size >= 1e4 ? compact : plain).format(value).replace('-', '−');
}
