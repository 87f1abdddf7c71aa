/** How a CSV file is written, as plain data for every thread. Characters are byte values, −1 stands for none. */
export interface Dialect {
  readonly delimiter: number;
  readonly quote: number;
  readonly comment: number;
  readonly decimal: number;
  readonly thousands: number;
  readonly missingValues: readonly string[];
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
}

const CANDIDATES = [',', ';', '\t', '|'];
const LINES = 20;

/**
 * The delimiter among `,` `;` tab `|` that splits the first lines into the most fields, all lines alike where possible.
 * Quoted text does not count. A file of one column gets `,`.
 */
export function detectDelimiter(sample: string, quote: string | null, comment: string | null): string {
  const lines = sampleLines(sample, quote, comment);
  let best = ',';
  let bestScore = 0;
  for (const candidate of CANDIDATES) {
    const counts = lines.map((line) => line.split(candidate).length - 1);
    const first = counts[0] ?? 0;
    if (first === 0) continue;
    const agreeing = counts.filter((count) => count === first).length / counts.length;
    // Agreement of all lines outweighs any number of fields.
    const score = agreeing * 1000 + Math.min(first, 999);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** The first lines with quoted text removed; the last one only when it is complete. */
function sampleLines(sample: string, quote: string | null, comment: string | null): string[] {
  const lines: string[] = [];
  let line = '';
  let inside = false;
  for (const c of sample) {
    if (c === quote) inside = !inside;
    else if (inside) continue;
    else if (c === '\n' || c === '\r') {
      if (line.trim() !== '' && !(comment !== null && line.startsWith(comment))) lines.push(line);
      if (lines.length === LINES) return lines;
      line = '';
    } else line += c;
  }
  return lines.length === 0 ? [line] : lines;
}
