import { DataError } from '../core/errors.ts';
import { type Column, columnLength, isMissing, type NumberColumn, type StringColumn } from '../core/frame.ts';
import { parseDate } from '../prepare/date-parts/parse-date.ts';
import { refuseTextAmongNumbers } from './number-text.ts';

/** How a column is taken: the first four are used as features, the others are left out. */
export type Role = 'number' | 'boolean' | 'category' | 'date' | 'empty' | 'constant' | 'identifier' | 'text';

export interface ColumnRole {
  readonly name: string;
  readonly role: Role;
  /** Why, in words that follow the name. */
  readonly reason: string;
  readonly missing: number;
  /** Distinct present values; known for categories only. */
  readonly distinct?: number;
  /** Whether its categories are numbers. */
  readonly isCoded?: boolean;
}

/** Whether a column of that role is a feature. */
export function isUsed({ role }: ColumnRole): boolean {
  return role === 'number' || role === 'boolean' || role === 'category' || role === 'date';
}

/** What the user decided about a column. */
export interface RoleWishes {
  /** The column was asked for by name, so it is not left out as an identifier or as text. */
  readonly isNamed?: boolean;
  /** Numbers are codes of categories. */
  readonly isCategorical?: boolean;
}

const DATE_REASON = 'dates, taken apart into year, month, day, weekday and days elapsed';
/** A text that almost every row has for itself says nothing about other rows. */
const DISTINCT_SHARE = 0.9;
/** Below this number of rows, whole numbers in equal steps are as likely a small example's feature as a row counter. */
const LEAST_COUNTER_ROWS = 50;
/** Free text: many different texts of several words. */
const TEXT_WORDS = 4;
const TEXT_DISTINCT_SHARE = 0.5;

/**
 * The role of a column as a feature, by its own values and name:
 *
 * - no present value → empty; the same value in every row → constant;
 * - text: dates with the year first → date; different in 90% of the rows → identifier; many texts of four words or more → text; else category;
 * - whole numbers, all different and none missing, → identifier when the name says so (`id`, `PID`, `编号`, …) or, from 50
 *   rows on, when they go up in equal steps through the file;
 * - dates, booleans and all other numbers as they are.
 *
 * @throws DataError for an infinity and for single texts among numbers, naming column and row.
 */
export function roleOf(name: string, column: Column, wishes: RoleWishes = {}): ColumnRole {
  const rows = columnLength(column);
  const { missing, isConstant } = survey(name, column);
  const facts = { name, missing };
  if (missing === rows) return { ...facts, role: 'empty', reason: 'has no value in any row' };
  if (isConstant && missing === 0)
    return { ...facts, role: 'constant', reason: 'has the same value in every row' };
  switch (column.kind) {
    case 'boolean':
      return { ...facts, role: 'boolean', reason: 'true and false' };
    case 'date':
      return {
        ...facts,
        role: 'date',
        reason: DATE_REASON,
      };
    case 'string':
      return { ...facts, ...stringRole(name, column, rows - missing, wishes) };
    case 'number': {
      if (wishes.isCategorical) {
        const distinct = new Set(column.values).size;
        return {
          ...facts,
          distinct,
          isCoded: true,
          role: 'category',
          reason: `${distinct} codes, taken as categories`,
        };
      }
      const reason = wishes.isNamed || missing > 0 ? undefined : identifierReason(name, column);
      return reason === undefined
        ? { ...facts, role: 'number', reason: 'numbers' }
        : { ...facts, role: 'identifier', reason };
    }
    default:
      return column satisfies never;
  }
}

function survey(name: string, column: Column): { missing: number; isConstant: boolean } {
  let missing = 0;
  let first: number | undefined;
  let isConstant = true;
  for (let i = 0, n = columnLength(column); i < n; i++) {
    const value = column.kind === 'string' ? column.codes[i]! : column.values[i]!;
    if (isMissing(column, i) || Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw new DataError(
        'data/infinite-value',
        `Column '${name}' is ${value} in data row ${i + 1}. Correct the cell, drop the row, or leave the column out.`,
        { column: name, row: i },
      );
    }
    first ??= value;
    if (value !== first) isConstant = false;
  }
  return { missing, isConstant };
}

function stringRole(
  name: string,
  column: StringColumn,
  present: number,
  { isNamed, isCategorical }: RoleWishes,
): Pick<ColumnRole, 'role' | 'reason' | 'distinct'> {
  if (!isCategorical) refuseTextAmongNumbers(name, column);
  if (
    column.levels.length > 1 &&
    !isCategorical &&
    column.levels.every((level) => !Number.isNaN(parseDate(level)))
  ) {
    return { role: 'date', reason: DATE_REASON };
  }
  const used = new Uint8Array(column.levels.length);
  for (const code of column.codes) if (code >= 0) used[code] = 1;
  const levels = column.levels.filter((_, code) => used[code] === 1);
  const distinct = levels.length;
  if (!isNamed && !isCategorical) {
    if (distinct >= DISTINCT_SHARE * present && distinct > 2) {
      const share = distinct === present ? 'in every row' : `in ${distinct} of ${present} rows`;
      return { role: 'identifier', reason: `has a different text ${share}`, distinct };
    }
    if (distinct > TEXT_DISTINCT_SHARE * present && meanWords(levels) >= TEXT_WORDS) {
      return { role: 'text', reason: `is free text (${distinct} different ones)`, distinct };
    }
  }
  return { role: 'category', reason: `${distinct} ${distinct === 1 ? 'category' : 'categories'}`, distinct };
}

const words = new Intl.Segmenter('en', { granularity: 'word' });

/** Words per text, over a sample; text without spaces (Chinese) is segmented too. */
function meanWords(levels: readonly string[]): number {
  const sample = levels.slice(0, 200);
  const counts = sample.map(
    (level) => [...words.segment(level.slice(0, 500))].filter((s) => s.isWordLike).length,
  );
  return counts.reduce((sum, n) => sum + n, 0) / sample.length;
}

const identifierWords = new Set([
  ...[
    'id',
    'ids',
    'pid',
    'uid',
    'uuid',
    'guid',
    'oid',
    'rowid',
    'idx',
    'index',
    'key',
    'identifier',
    'number',
    'no',
    'nr',
  ],
  ...['num', 'rownames', 'rownumber', 'row', 'order', 'sku', 'ssn', 'isbn'],
]);
const chineseIdentifier =
  /(?:编号|編號|序号|序號|学号|學號|工号|单号|號碼|号码|证号|标识|流水号|番号|主键|索引)$/;

/** Whether the name ends in a word for identifiers: `customer_id`, `customerId`, `PID`, `No.`, `学号`. */
function isIdentifierName(name: string): boolean {
  if (chineseIdentifier.test(name.trim())) return true;
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter((part) => part !== '');
  return identifierWords.has(parts.at(-1) ?? '') || parts[0] === 'id';
}

function identifierReason(name: string, { values }: NumberColumn): string | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const step = values[1]! - values[0]!;
  let isCounter = step !== 0;
  for (let i = 0; i < n; i++) {
    if (!Number.isInteger(values[i])) return undefined;
    if (i > 0 && values[i]! - values[i - 1]! !== step) isCounter = false;
  }
  const isNamedSo = isIdentifierName(name);
  if (isCounter && (isNamedSo || n >= LEAST_COUNTER_ROWS))
    return `counts the rows (${values[0]}, ${values[1]}, …)`;
  if (isNamedSo && new Set(values).size === n) return 'is called like an identifier and differs in every row';
  return undefined;
}
