import { basename } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import type { Column, Frame } from '../core/frame.ts';
import type { Association } from '../data/profile/association.ts';
import type { ColumnProfile } from '../data/profile/profile-column.ts';
import { profileTable, type TableProfile } from '../data/profile/profile-table.ts';
import { type ColumnRole, isUsed, roleOf } from '../select/column-role.ts';
import { type InferredProblem, inferProblem } from '../select/problem.ts';
import { type DataReportFacts, renderDataReport } from '../select/report/render-data-report.ts';
import { defineCommand } from './command.ts';
import { onOff, text } from './flags.ts';
import { type Io, printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { count, layOut, shorten, shortNumber } from './layout.ts';
import { requireWritable } from './output-path.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags, readTable } from './read-table.ts';
import { sparkline } from './spark.ts';

export const profile = defineCommand({
  name: 'profile',
  parameters: ['DATA'],
  summary: 'Shows the columns of a table at a glance: types, missing values, distributions, duplicate rows.',
  flags: {
    target: text('COL', 'Show how closely the other columns go with this one'),
    report: text('FILE', 'Write a page (HTML) with the distributions to this file'),
    json: onOff('Print one object for programs'),
    ...readFlags,
  },
  notes: [dataNote],
  examples: [
    'heddle profile houses.csv',
    'heddle profile houses.csv --target price',
    'heddle profile houses.csv --report houses.html',
  ],
  async run([data], flags, io) {
    if (flags.report !== undefined) await requireWritable(flags.report);
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    const table = await readTable(data!, flags, { io, progress, warnings }).finally(() => progress.wipe());
    const problem = flags.target === undefined ? undefined : problemOf(flags.target, table);
    const facts = profileTable(table, {
      target: flags.target,
      isTargetCategorical: problem?.problem === 'classification',
    });
    const roles = table.entries().map(([name, column]) => roleOrFault(name, column));
    const overview = { data: data!, facts, roles, problem };
    if (flags.report !== undefined) {
      await writeFileAtomic(
        flags.report,
        await renderDataReport(pageFacts(overview, table, flags.target, warnings)),
      );
    }
    const page = flags.report === undefined ? {} : { report: flags.report };
    if (flags.json)
      printLine(io.stdout, jsonText({ ...summary(overview, table, flags.target, warnings), ...page }));
    else report(overview, flags.target, io);
    if (flags.report !== undefined && !flags.json) {
      printLine(io.stdout);
      printLine(io.stdout, `Report: ${flags.report}`);
    }
  },
});

interface Overview {
  readonly data: string;
  readonly facts: TableProfile;
  readonly roles: readonly (ColumnRole | { readonly role: 'faulty'; readonly reason: string })[];
  readonly problem: InferredProblem | undefined;
}

/** A target that cannot be predicted is shown like any other column. */
function problemOf(target: string, table: Frame): InferredProblem | undefined {
  const column = table.column(target);
  try {
    return inferProblem(target, column);
  } catch {
    return undefined;
  }
}

/** What `train` would make of the column; a fault that it would refuse is told, not thrown. */
function roleOrFault(name: string, column: Column): Overview['roles'][number] {
  try {
    return roleOf(name, column);
  } catch (error) {
    return { role: 'faulty', reason: (error as Error).message };
  }
}

function summary(
  { data, facts, roles, problem }: Overview,
  table: Frame,
  target: string | undefined,
  warnings: string[],
) {
  return {
    data,
    rows: facts.rows,
    duplicateRows: facts.duplicateRows,
    missing: facts.missing,
    columns: facts.columns.map((column, j) => ({
      ...column,
      role: roles[j]!.role,
      roleReason: roles[j]!.reason,
    })),
    ...(target !== undefined && {
      target,
      problem: problem?.problem ?? null,
      problemReason: problem?.reason ?? null,
      associations: facts.associations,
    }),
    names: table.names,
    warnings,
  };
}

/** What the page shows; a column that training would refuse is told among the warnings. */
function pageFacts(
  { data, facts, roles, problem }: Overview,
  table: Frame,
  target: string | undefined,
  warnings: readonly string[],
): DataReportFacts {
  const faults = roles.flatMap((role) => (role.role === 'faulty' ? [role.reason] : []));
  const column = target === undefined ? undefined : table.column(target);
  const isCoded = problem?.problem === 'classification' && column?.kind === 'number';
  return {
    ...{ source: basename(data), profile: facts, target, problem },
    roles: roles.filter((role) => role.role !== 'faulty'),
    warnings: [...warnings, ...faults],
    classCounts: isCoded ? countValues(column.values) : undefined,
  };
}

function countValues(values: Float64Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (!Number.isNaN(value)) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  return counts;
}

function report({ data, facts, roles, problem }: Overview, target: string | undefined, io: Io): void {
  const duplicates =
    facts.duplicateRows === 0 ? 'no duplicate rows' : count(facts.duplicateRows, 'duplicate row');
  const missing = facts.missing === 0 ? 'nothing missing' : `${count(facts.missing, 'missing cell')}`;
  printLine(
    io.stdout,
    `${data}: ${count(facts.rows, 'row')}, ${count(facts.columns.length, 'column')}, ${missing}, ${duplicates}`,
  );
  printLine(io.stdout);
  const header = ['column', 'type', 'missing', 'distinct', 'min', 'median', 'max', 'distribution'];
  const rows = facts.columns.map((column) => [
    shorten(column.name, 32),
    typeOf(column),
    column.missing === 0 ? '' : share(column.missing, column.rows),
    String(column.distinct),
    ...rangeOf(column),
    distributionOf(column),
  ]);
  const alignments = ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'] as const;
  for (const line of layOut([header, ...rows], alignments)) printLine(io.stdout, line);
  const noted = roles
    .map((role, j) => [facts.columns[j]!.name, role] as const)
    .filter(([name, role]) => name !== target && (role.role === 'faulty' || !isUsed(role as ColumnRole)));
  if (noted.length > 0) {
    printLine(io.stdout);
    printLine(io.stdout, 'train would leave out or refuse:');
    for (const line of layOut(
      noted.map(([name, { reason }]) => [name, reason]),
      ['left', 'left'],
      '  ',
    )) {
      printLine(io.stdout, line);
    }
  }
  if (target !== undefined && facts.associations !== undefined)
    reportTarget(target, problem, facts.associations, io);
}

function reportTarget(
  target: string,
  problem: InferredProblem | undefined,
  associations: NonNullable<TableProfile['associations']>,
  io: Io,
): void {
  printLine(io.stdout);
  printLine(
    io.stdout,
    problem === undefined ? `${target}: not a target` : `${problem.problem}: ${problem.reason}`,
  );
  const rows = associations
    .slice(0, 20)
    .map(({ name, measure, value }) => [name, shownMeasure(value), words[measure]]);
  for (const line of layOut(rows, ['left', 'right', 'left'], '  ')) printLine(io.stdout, line);
  if (associations.length > 20)
    printLine(io.stdout, `  and ${associations.length - 20} more (--json shows all)`);
}

const words: Record<Association['measure'], string> = {
  pearson: 'correlation',
  correlationRatio: 'correlation ratio',
  cramersV: "Cramér's V",
};

function shownMeasure(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3);
}

function typeOf(column: ColumnProfile): string {
  if (column.missing === column.rows) return 'empty';
  if (column.kind === 'number') return column.isInteger ? 'integer' : 'number';
  return column.kind === 'string' ? 'text' : column.kind;
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return percent < 0.1 ? '<0.1%' : `${percent.toFixed(1)}%`;
}

function rangeOf(column: ColumnProfile): [min: string, median: string, max: string] {
  if (column.kind === 'number') {
    const shown = (value: number) => (Number.isNaN(value) ? '' : shortNumber(value));
    return [shown(column.min), shown(column.median), shown(column.max)];
  }
  if (column.kind === 'date') {
    const shown = (date: Date | null) =>
      date
        ?.toISOString()
        .replace(/T00:00:00.000Z$/, '')
        .slice(0, 16) ?? '';
    return [shown(column.min), shown(column.median), shown(column.max)];
  }
  return ['', '', ''];
}

function distributionOf(column: ColumnProfile): string {
  if (column.kind === 'number' || column.kind === 'date')
    return column.distinct < 2 ? '' : sparkline(column.histogram);
  const present = column.rows - column.missing;
  const shown = column.top
    .slice(0, 3)
    .map(({ level, rows }) => `${shorten(level, 16)} ${wholePercent(rows, present)}`);
  const more = column.distinct - shown.length;
  return column.distinct === present && present > 3
    ? `${shorten(column.top[0]!.level, 24)}, …`
    : `${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}

function wholePercent(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  if (percent < 0.5) return '<1%';
  return percent < 100 && percent > 99.5 ? '>99%' : `${Math.round(percent)}%`;
}
