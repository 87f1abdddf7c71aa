import type { TableProfile } from '../../data/profile/profile-table.ts';
import { barChart } from '../../draw/bar-chart.ts';
import { histogram } from '../../draw/histogram.ts';
import { isUsed } from '../column-role.ts';
import { columnTable, type DataFacts } from './column-table.ts';
import { type Html, html } from './html.ts';
import { clip, counted, countText, finite, percentText } from './number-words.ts';
import { columns, figure, nameHtml, type Section } from './section.ts';

export interface DataSectionFacts extends DataFacts {
  /** Rows of each class, for a target whose profile is of numbers; with what they are counted over. */
  readonly classCounts?:
    | { readonly bars: readonly { readonly label: string; readonly value: number }[]; readonly over: string }
    | undefined;
  readonly warnings: readonly string[];
}

const MOST_CLASSES = 12;
const MOST_WARNINGS = 20;
/** An association with the target from here on is rarely honest. */
const SUSPICIOUS = 0.99;

/** What the table holds: its size, what is odd about it, the target and all columns. */
export async function dataSection(facts: DataSectionFacts): Promise<Section> {
  const { profile } = facts;
  const target = await targetFigure(facts);
  const body = html`${columns(html`<div>${overview(profile)}${remarks(facts)}</div>`, target)}${columnTable(facts)}`;
  return { id: 'data', title: 'Data', state: 'shown', body };
}

function overview(profile: TableProfile): Html {
  const cells = profile.rows * profile.columns.length;
  const facts: readonly (readonly [string, string])[] = [
    ['Rows', countText(profile.rows)],
    ['Columns', countText(profile.columns.length)],
    [
      'Missing cells',
      profile.missing === 0
        ? 'none'
        : `${countText(profile.missing)} (${percentText(profile.missing, cells)})`,
    ],
    [
      'Duplicate rows',
      profile.duplicateRows === 0
        ? 'none'
        : `${countText(profile.duplicateRows)} (${percentText(profile.duplicateRows, profile.rows)})`,
    ],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function remarks(facts: DataSectionFacts): Html | false {
  const found = remarksOn(facts);
  if (found.length === 0) return false;
  const shown = found.slice(0, MOST_WARNINGS);
  const rest = found.length - shown.length;
  return html`<h3>Worth a look</h3><ul class="remarks">${shown.map((one) => html`<li>${one}</li>`)}${
    rest > 0 && html`<li>and ${countText(rest)} more</li>`
  }</ul>`;
}

function remarksOn({ profile, roles, target, warnings }: DataSectionFacts): (string | Html)[] {
  const close = (profile.associations ?? []).filter((one) => Math.abs(finite(one.value) ?? 0) >= SUSPICIOUS);
  const leaking = close.filter(({ name }) => roles.some((role) => role.name === name && isUsed(role)));
  const sparse = profile.columns.filter(
    ({ name, missing, rows }) => name !== target && missing >= rows / 2 && missing < rows,
  );
  const infinite = profile.columns.filter((column) => column.kind === 'number' && column.infinite > 0);
  const leftOut = roles.filter((role) => !isUsed(role) && role.name !== target);
  return [
    ...warnings.map((warning) => clip(warning, 400)),
    ...leaking.map(
      ({ name }) =>
        html`${nameHtml(name)} tells the target almost exactly: is it known when predictions are made?`,
    ),
    ...sparse
      .slice(0, 5)
      .map(
        ({ name, missing, rows }) =>
          html`${nameHtml(name)} is missing in ${percentText(missing, rows)} of the rows.`,
      ),
    ...(sparse.length > 5
      ? [`${counted(sparse.length - 5, 'more column')} are missing in half of the rows or more.`]
      : []),
    ...infinite.slice(0, 5).map(({ name }) => html`${nameHtml(name)} holds infinite values.`),
    ...(profile.duplicateRows > 0
      ? [
          `${counted(profile.duplicateRows, 'row')} ${profile.duplicateRows === 1 ? 'equals' : 'equal'} an earlier one; copies on both sides of a split flatter the model.`,
        ]
      : []),
    ...leftOut
      .slice(0, 5)
      .map(({ name, reason }) => html`${nameHtml(name)} is left out: it ${clip(reason, 120)}.`),
    ...(leftOut.length > 5 ? [`${counted(leftOut.length - 5, 'more column')} left out.`] : []),
  ];
}

async function targetFigure({ profile, target, classCounts }: DataSectionFacts): Promise<Html | undefined> {
  const column = profile.columns.find(({ name }) => name === target);
  if (column === undefined || target === undefined) return undefined;
  const caption = `Target: ${clip(target, 60)}`;
  const title = `Distribution of the target ${clip(target, 60)}`;
  if (classCounts !== undefined || column.kind === 'string' || column.kind === 'boolean') {
    const isOfProfile = column.kind === 'string' || column.kind === 'boolean';
    const all = isOfProfile
      ? column.top.map(({ level, rows }) => ({ label: level, value: rows }))
      : classCounts!.bars;
    const total = isOfProfile ? column.rows - column.missing : all.reduce((sum, { value }) => sum + value, 0);
    const distinct = isOfProfile ? column.distinct : all.length;
    const bars = all
      .slice(0, MOST_CLASSES)
      .map((bar) => ({ ...bar, text: `${countText(bar.value)} (${percentText(bar.value, total)})` }));
    const rest = total - bars.reduce((sum, { value }) => sum + value, 0);
    if (rest > 0)
      bars.push({
        label: `${countText(distinct - bars.length)} others`,
        value: rest,
        text: `${countText(rest)} (${percentText(rest, total)})`,
        tone: 'muted',
      } as never);
    return figure({
      caption,
      note: isOfProfile ? undefined : classCounts!.over,
      draw: (width) => barChart(bars, { title, width, xLabel: 'Rows' }),
    });
  }
  const range = column.kind === 'date' || column.kind === 'number' ? column : undefined;
  const [min, max] = [placeOf(range?.min), placeOf(range?.max)];
  if (range === undefined || min === undefined || max === undefined) return undefined;
  const bins = { min, max, counts: range.histogram };
  return figure({
    caption,
    draw: (width) =>
      histogram(bins, { title, width, xLabel: clip(target, 40), isDate: range.kind === 'date' }),
  });
}

/** A number, or a date's milliseconds; a date is text in a record that was read from a file. */
function placeOf(value: number | Date | string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  return finite(typeof value === 'number' ? value : new Date(value).getTime());
}
