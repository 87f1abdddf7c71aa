import { DataError } from '../core/errors.ts';
import type { StringColumn } from '../core/frame.ts';

/** A column of text is taken for one of numbers with faults when at least this share of its cells are numbers. */
const NUMBER_SHARE = 0.75;
/** Up to this many levels, a text that recurs (`3+` among 0, 1, 2) is a category. */
const FEW_LEVELS = 20;

/**
 * Refuses a column of numbers in which single cells hold text: read as text, it would silently become as many categories as it
 * has numbers. Whole columns of digits that were kept as text (identifiers, integers beyond 2^53) pass, and so do few
 * levels that recur.
 * @throws DataError naming the column, the first such cell and what may be done.
 */
export function refuseTextAmongNumbers(name: string, { codes, levels }: StringColumn): void {
  refuseOtherMarks(name, { codes, levels });
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  let present = 0;
  let numbers = 0;
  let used = 0;
  let rarest = Number.POSITIVE_INFINITY;
  const texts = new Set<number>();
  for (const [code, level] of levels.entries()) {
    const rows = counts[code]!;
    if (rows === 0) continue;
    used++;
    present += rows;
    if (isNumber(level)) numbers += rows;
    else {
      texts.add(code);
      rarest = Math.min(rarest, rows);
    }
  }
  if (texts.size === 0 || numbers < NUMBER_SHARE * present) return;
  if (used <= FEW_LEVELS && rarest > 1) return;
  const row = codes.findIndex((code) => texts.has(code));
  const cell = levels[codes[row]!]!;
  const others = texts.size === 1 ? '' : ` and ${texts.size - 1} other texts`;
  throw new DataError(
    'data/text-among-numbers',
    `Column '${name}' holds numbers, but data row ${row + 1} holds ${JSON.stringify(cell)}${others}. Correct the cell; ` +
      'or read such texts as missing, take the column as categories, or leave it out.',
    { column: name, row, cell },
  );
}

/** `1,234` and `1,234,567`; `1,5` and `1.234,56`. A single `1,234` is more often a thousand. */
const thousands = /^\s*[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*$/;
const decimalComma = /^\s*[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+\s*$/;

/** Refuses numbers that the reader took for text because their marks are others than it was told. */
function refuseOtherMarks(name: string, { codes, levels }: Pick<StringColumn, 'codes' | 'levels'>): void {
  const used = new Set(codes);
  const present = levels.filter((_, code) => used.has(code));
  const withThousands = present.filter((level) => thousands.test(level)).length;
  const withComma = present.filter((level) => decimalComma.test(level)).length;
  const numbers = present.filter(isNumber).length;
  const isForeign =
    withComma > 0 && Math.max(withComma, withThousands) + numbers >= NUMBER_SHARE * present.length;
  const isGrouped = withThousands > 0 && withThousands + numbers >= NUMBER_SHARE * present.length;
  if (!isForeign && !isGrouped) return;
  const pattern = isGrouped ? thousands : decimalComma;
  const row = codes.findIndex((code) => code >= 0 && pattern.test(levels[code]!));
  const cell = levels[codes[row]!]!;
  throw new DataError(
    isGrouped ? 'data/thousands-mark' : 'data/decimal-mark',
    `Column '${name}' holds numbers with ${isGrouped ? 'a mark between thousands' : 'a decimal comma'} (data row ${row + 1}: ` +
      `${JSON.stringify(cell)}). Read the table with ${isGrouped ? "thousands: ','" : "decimal: ','"}, or leave the column out.`,
    { column: name, row, cell },
  );
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
