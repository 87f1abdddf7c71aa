import type { ColumnProfile } from '../../data/profile/profile-column.ts';
import type { TableProfile } from '../../data/profile/profile-table.ts';
import { sparkBars } from '../../draw/spark-bars.ts';
import { type ColumnRole, isUsed } from '../column-role.ts';
import { type Html, html, trusted } from './html.ts';
import { clip, countText, finite, percentText, valueText } from './number-words.ts';
import { type Cell, nameHtml, table } from './section.ts';

/** What a data section is made of. */
export interface DataFacts {
  readonly profile: TableProfile;
  readonly roles: readonly ColumnRole[];
  readonly target: string | undefined;
  /** Roles that the user gave columns by name, e.g. `weight`. */
  readonly named?: Readonly<Record<string, string>> | undefined;
}

/** Columns that are shown; the others are counted. */
const MOST_COLUMNS = 60;
/** From this share on missing values are pointed out. */
const MUCH_MISSING = 0.2;

const measures = { pearson: 'r', correlationRatio: 'η', cramersV: 'V' } as const;

/** The columns at a glance: what each holds and how it is used. */
export function columnTable(facts: DataFacts): Html {
  const { profile, target, roles, named = {} } = facts;
  const shown = columnsToShow(facts);
  const roleOf = new Map(roles.map((role) => [role.name, role]));
  const associations = new Map((profile.associations ?? []).map((one) => [one.name, one]));
  const rows = shown.map((column) => {
    const association = associations.get(column.name);
    const value = finite(association?.value);
    return [
      nameHtml(column.name),
      typeOf(column),
      useOf(column.name, { target, named, role: roleOf.get(column.name) }),
      missingOf(column),
      countText(column.distinct),
      ...(target === undefined
        ? []
        : [
            value === undefined
              ? ''
              : `${measures[association!.measure]} ${value.toFixed(2).replace('-', '−')}`,
          ]),
      rangeOf(column),
      distributionOf(column),
    ];
  });
  const head = [
    { title: 'Column' },
    { title: 'Type' },
    { title: 'Use' },
    { title: 'Missing', kind: 'number' as const },
    { title: 'Distinct', kind: 'number' as const },
    ...(target === undefined ? [] : [{ title: 'With target', kind: 'number' as const }]),
    { title: 'Min · median · max', kind: 'number' as const },
    { title: 'Distribution' },
  ];
  const rest = profile.columns.length - shown.length;
  return html`${table('Columns', head, rows)}${
    rest > 0 &&
    html`<p class="note">${countText(rest)} more ${rest === 1 ? 'column' : 'columns'}; shown are ${
      profile.associations === undefined ? 'the first ones' : 'those that go most closely with the target'
    }.</p>`
  }${
    target !== undefined &&
    html`<p class="note">With target: r is the correlation of numbers, η the correlation ratio of a number and categories, V Cramér’s V of categories.</p>`
  }`;
}

/** The target first, the others as in the table; of very many those that go most closely with the target. */
function columnsToShow({ profile, target }: DataFacts): readonly ColumnProfile[] {
  const first = profile.columns.filter(({ name }) => name === target);
  const others = profile.columns.filter(({ name }) => name !== target);
  const room = MOST_COLUMNS - first.length;
  if (others.length <= room || profile.associations === undefined)
    return [...first, ...others.slice(0, room)];
  const closest = new Set(profile.associations.slice(0, room).map(({ name }) => name));
  return [...first, ...others.filter(({ name }) => closest.has(name))];
}

function typeOf(column: ColumnProfile): string {
  if (column.missing === column.rows) return 'empty';
  if (column.kind === 'number') return column.isInteger ? 'integer' : 'number';
  return column.kind === 'string' ? 'text' : column.kind;
}

function useOf(
  name: string,
  {
    target,
    named,
    role,
  }: { target: string | undefined; named: Readonly<Record<string, string>>; role: ColumnRole | undefined },
): Cell | Html | string {
  if (name === target) return { content: 'target', tone: 'strong' };
  if (Object.hasOwn(named, name)) return named[name]!;
  if (role === undefined) return { content: 'not used', tone: 'muted' };
  if (!isUsed(role)) return { content: `left out: ${clip(role.reason, 80)}`, tone: 'muted' };
  return isPlain(role) ? role.role : html`${role.role}<small>${clip(role.reason, 80)}</small>`;
}

/** Whether the reason says no more than the type and the number of distinct values beside it. */
function isPlain({ role, reason }: ColumnRole): boolean {
  return (
    role === 'number' || role === 'boolean' || (role === 'category' && /^\d+ categor(?:y|ies)$/.test(reason))
  );
}

function missingOf({ missing, rows }: ColumnProfile): Cell | string {
  if (missing === 0) return '';
  const content = percentText(missing, rows);
  return missing >= MUCH_MISSING * rows ? { content, tone: 'warn' } : content;
}

function rangeOf(column: ColumnProfile): string {
  if (column.kind === 'number') {
    const range = [column.min, column.median, column.max];
    return range.every((value) => finite(value) !== undefined) ? range.map(valueText).join(' · ') : '';
  }
  if (column.kind !== 'date') return '';
  const range = [column.min, column.median, column.max].map(dayText);
  return range.includes('') ? '' : range.join(' · ');
}

/** A date, which is text in a record that was read from a file. */
function dayText(date: Date | string | null): string {
  const time = date === null ? Number.NaN : new Date(date).getTime();
  return Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10);
}

function distributionOf(column: ColumnProfile): Html | string {
  if (column.kind === 'number' || column.kind === 'date') {
    return column.distinct < 2 ? '' : trusted(sparkBars(column.histogram));
  }
  const present = column.rows - column.missing;
  const shown = column.top.slice(0, 3);
  const levels = shown.map(
    ({ level, rows }, i) => html`${i > 0 && ', '}<bdi>${clip(level, 20)}</bdi> ${percentText(rows, present)}`,
  );
  const more = column.distinct - shown.length;
  return html`<span class="levels">${levels}${more > 0 && `, ${countText(more)} more`}</span>`;
}
