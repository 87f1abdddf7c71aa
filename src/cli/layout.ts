import { alignRight, displayWidth } from '../metrics/text-table.ts';

/** How a column of a printed table is aligned. */
export type Alignment = 'left' | 'right';

/** Rows of cells as lines, columns two spaces apart and aligned by the cells that a terminal shows (Chinese takes two). */
export function layOut(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
  indent = '',
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [j, cell] of row.entries()) widths[j] = Math.max(widths[j] ?? 0, displayWidth(cell));
  }
  return rows.map((row) => {
    const cells = row.map((cell, j) =>
      alignments[j] === 'right' ? alignRight(cell, widths[j]!) : alignLeft(cell, widths[j]!),
    );
    return (indent + cells.join('  ')).trimEnd();
  });
}

function alignLeft(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** A text of at most `width` terminal cells on one line; what is cut off shows as `…`. */
export function shorten(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ');
  if (displayWidth(line) <= width) return line;
  let kept = '';
  for (const character of line) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** A number for people: six significant digits, whole numbers in full. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e12) return String(value);
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) < 1e12 ? String(rounded) : rounded.toExponential();
}

/** `1 row`, `2 rows`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
