/**
 * Whether `featureDrift` finds known shifts in a real table and leaves random halves alone: New York flights without their calendar.
 * The reference is the summary of a random half; a window is 5,000 rows of the other half, with one shift put into one column.
 *
 * node bench/drift-shifts.ts [flights.parquet] [windows per shift, default 40] [random halves, default 200]
 *
 * Each line says in which share of windows the column is found and named, with its 95% interval, and in which share another
 * column is named beside it.
 */
import { type Column, codeStrings, columnCell, type Frame, isMissing } from '../src/core/frame.ts';
import { RandomState } from '../src/core/random.ts';
import { readParquet } from '../src/data/read/read-parquet.ts';
import { featureDrift } from '../src/monitor/drift/feature-drift.ts';
import { summariseReference } from '../src/monitor/drift/summarise-reference.ts';
import { wilsonInterval } from './wilson-interval.ts';

const path = process.argv[2] ?? '../shared/data/flights.parquet';
const windows = Number(process.argv[3] ?? 40);
const halves = Number(process.argv[4] ?? 200);
const WINDOW = 5000;
const CALENDAR = ['year', 'month', 'day', 'hour', 'minute', 'time_hour'];

const random = new RandomState(1);
const whole = await readParquet(path);
const table = whole.drop(CALENDAR.filter((name) => whole.has(name)));
const order = random.permutation(table.rows);
const half = table.rows >> 1;
const reference = summariseReference(table.take(order.slice(0, Math.min(half, 100_000))));
const others = order.slice(half);

type Shift = (column: Column, rows: number) => Column;
const shifts: [name: string, columns: string[], shift: Shift][] = [
  [
    'mean + 0.3 sd',
    ['dep_delay', 'arr_delay', 'air_time', 'distance', 'sched_dep_time'],
    (c) => moved(c, 1, 0.3),
  ],
  [
    'scale × 1.3',
    ['dep_delay', 'arr_delay', 'air_time', 'distance', 'sched_dep_time'],
    (c) => moved(c, 1.3, 0),
  ],
  ['5 points more missing', ['dep_delay', 'distance', 'carrier', 'dest'], gaps],
  ['a level vanishes', ['carrier', 'origin', 'dest'], withoutLevel],
  ['level mix', ['carrier', 'origin', 'dest'], remixed],
];

for (const [name, columns, shift] of shifts) {
  for (const column of columns) {
    let found = 0;
    let besides = 0;
    for (let i = 0; i < windows; i++) {
      const current = sample();
      const changed = current.with(column, shift(current.column(column), current.rows));
      const { drifted } = featureDrift(reference, changed, { randomState: i });
      if (drifted.includes(column)) found++;
      if (drifted.some((other) => other !== column)) besides++;
    }
    line(name, column, found, besides);
  }
}
let alarms = 0;
for (let i = 0; i < halves; i++) if (featureDrift(reference, sample()).drifted.length > 0) alarms++;
const [low, high] = wilsonInterval(alarms, halves);
console.log(
  `no shift: ${halves} windows, ${percent(alarms / halves)} alarm (${percent(low)} to ${percent(high)})`,
);
const rows = random.permutation(table.rows);
const { drifted } = featureDrift(table.take(rows.slice(0, half)), table.take(rows.slice(half)));
console.log(
  `random halves of all ${table.rows} rows: ${drifted.length === 0 ? 'no column' : drifted.join(', ')}`,
);

function sample(): Frame {
  const rows = random.permutation(others);
  return table.take(rows.slice(0, WINDOW));
}

function line(name: string, column: string, found: number, besides: number): void {
  const [low, high] = wilsonInterval(found, windows);
  console.log(
    `${name.padEnd(22)} ${column.padEnd(15)} found ${percent(found / windows).padStart(6)} (${percent(low)} to ${percent(high)})  others ${percent(besides / windows)}`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** x̄ + factor · (x − x̄) + shift · σ. */
function moved(column: Column, factor: number, shift: number): Column {
  const { values } = column as { values: Float64Array };
  const present = values.filter((value, i) => !isMissing(column, i) && Number.isFinite(value));
  const mean = present.reduce((sum, value) => sum + value / present.length, 0);
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2 / present.length, 0));
  return {
    ...column,
    values: values.map((value) => mean + factor * (value - mean) + shift * deviation),
  } as Column;
}

/** 5% of the rows that have a value lose it. */
function gaps(column: Column, rows: number): Column {
  const lost = random.randomSample(rows).map((u) => (u < 0.05 ? 1 : 0));
  if (column.kind === 'string')
    return { ...column, codes: column.codes.map((code, i) => (lost[i] ? -1 : code)) };
  return {
    ...column,
    missing: Uint8Array.from({ length: rows }, (_, i) => (lost[i] || isMissing(column, i) ? 1 : 0)),
  };
}

/** Rows of the third most frequent level take levels of other rows. */
function withoutLevel(column: Column, rows: number): Column {
  const gone = byFrequency(column, rows)[2] ?? byFrequency(column, rows).at(-1)!;
  return codeStrings(rows, (i) => {
    let level = columnCell(column, i) as string | null;
    while (level === gone) level = columnCell(column, random.randint(rows)) as string | null;
    return level ?? undefined;
  });
}

/** Half of the rows of the most frequent level take the second. */
function remixed(column: Column, rows: number): Column {
  const [first, second] = byFrequency(column, rows);
  return codeStrings(rows, (i) => {
    const level = columnCell(column, i) as string | null;
    return level === first && random.randint(2) === 0 ? second : (level ?? undefined);
  });
}

function byFrequency(column: Column, rows: number): string[] {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows; i++) {
    const level = columnCell(column, i) as string | null;
    if (level !== null) counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([level]) => level);
}
