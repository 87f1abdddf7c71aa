import { type Cell, Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import type { AutoTrainOptions } from '../auto/auto-options.ts';
import { autoTrain } from '../auto/auto-train.ts';
import { runRecord } from '../run/record-run.ts';
import type { RunRecord } from '../run/run-record.ts';

/** Houses whose price follows area, age and place, with gaps, a counter and a column that never changes. */
export function houses(rows = 360): Frame {
  const random = new RandomState(11);
  const cells = Array.from({ length: rows }, (_, i) => {
    const area = Math.round(random.uniform(40, 220));
    const rooms = Math.max(1, Math.round(area / 35 + random.normal(0, 0.7)));
    const place = ['城东', '城西', 'Old town', 'Harbour & quay'][random.randint(4)]!;
    const year = random.randomSample() < 0.15 ? null : random.randint(1950, 2024);
    const sold = new Date(Date.UTC(2023, 0, 1 + random.randint(700)));
    const worth = { 城东: 60, 城西: 0, 'Old town': 110, 'Harbour & quay': 190 }[place]!;
    const price = 80 + 2.6 * area + worth + 0.9 * ((year ?? 1985) - 1950) + 0.004 * area ** 2;
    return {
      id: i + 1,
      面积: area,
      rooms,
      place,
      year,
      sold,
      country: 'X',
      price: Math.round(price * Math.exp(random.normal(0, 0.09))),
    };
  });
  return frameOf(cells);
}

/** Customers who left or stayed, for reasons of which the table knows some. */
export function customers(rows = 420): Frame {
  const random = new RandomState(5);
  const cells = Array.from({ length: rows }, () => {
    const months = Math.round(random.uniform(1, 72));
    const plan = ['basic', 'plus', 'pro'][random.randint(3)]!;
    const calls = Math.floor(-2.2 * Math.log(1 - random.randomSample()));
    const spend = random.randomSample() < 0.05 ? null : Math.round(random.uniform(8, 120) * 100) / 100;
    const isPaperless = random.randomSample() < 0.6;
    const leaning =
      -0.9 - 0.05 * (months - 30) + 0.5 * calls + (plan === 'basic' ? 0.8 : 0) - 0.004 * (spend ?? 60);
    const left = random.randomSample() < 1 / (1 + Math.exp(-leaning)) ? 'left' : 'stayed';
    return { months, plan, calls, spend, isPaperless, left };
  });
  return frameOf(cells);
}

/** Flowers of three kinds. */
export function flowers(rows = 240): Frame {
  const random = new RandomState(3);
  const kinds = ['setosa', 'versicolor', 'virginica'];
  const centres = [
    [5, 3.4, 1.5],
    [5.9, 2.8, 4.3],
    [6.6, 3, 5.3],
  ];
  const cells = Array.from({ length: rows }, () => {
    const kind = random.randint(3);
    const [length, width, petal] = centres[kind]!.map(
      (centre) => Math.round(10 * random.normal(centre, 0.42)) / 10,
    );
    return { length: length!, width: width!, petal: petal!, species: kinds[kind]! };
  });
  return frameOf(cells);
}

function frameOf(rows: readonly Readonly<Record<string, Cell>>[]): Frame {
  const names = Object.keys(rows[0]!);
  return Frame.fromColumns(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

/** The record of a run in which `candidates` were compared and the best was kept, made from real fits. */
export async function recordOf(
  table: Frame,
  options: Omit<AutoTrainOptions, 'budget'>,
  source: string,
): Promise<RunRecord> {
  const all = { ...options, budget: { trials: 4, pricePerCpuHour: 0.04 } };
  const trained = await autoTrain(table, all);
  const command = `heddle train ${source} --target ${options.target} --trials 4 --run runs/1`;
  const record = await runRecord(table, trained, all, {
    source,
    command,
    startedAt: new Date('2026-03-04T09:26:53Z'),
  });
  const { choice } = record;
  // What the clock said would make every page another one.
  const spent = { trials: 4, seconds: 3.2, cpuSeconds: 5.9, cost: 0.0000656 };
  const leaderboard = choice!.leaderboard.map((entry, i) => ({ ...entry, seconds: 0.4 * i }));
  return { ...record, seconds: 4.1, choice: { ...choice!, spent, leaderboard } };
}

/** As `run.json` holds it: dates as text, numbers that are not finite as null. */
export function asRead(run: RunRecord): RunRecord {
  return JSON.parse(JSON.stringify(run));
}

export const regressionRun = once(() =>
  recordOf(houses(), { target: 'price', candidates: ['ridge', 'gradient-boosting'] }, 'houses.csv'),
);

export const binaryRun = once(() => {
  const options = { target: 'left', positiveClass: 'left', stratify: true };
  return recordOf(
    customers(),
    { ...options, candidates: ['logistic-regression', 'random-forest'] },
    'customers.csv',
  );
});

export const classesRun = once(() =>
  recordOf(
    flowers(),
    { target: 'species', candidates: ['logistic-regression', 'decision-tree'] },
    'flowers.csv',
  ),
);

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const names = new Set(['kind', 'measure', 'state', 'metric', 'role', 'format', 'fingerprint', 'startedAt']);

/** The record with markup in every text that does not come from a fixed list, keys of the options too. */
export function hostileRun(run: RunRecord): RunRecord {
  const poison = (text: string) =>
    `${text}"'><script>alert(1)</script><img src=x onerror=alert(2)>\u0000{{}}\${}`;
  const poisoned = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return names.has(key) || (key === 'name' && isMetricName(value)) ? value : poison(value);
    if (Array.isArray(value)) return value.map((item) => poisoned(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const isOptions = key === 'options' || key === 'specification';
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [isOptions ? poison(name) : name, poisoned(item, name)]),
    );
  };
  const made = poisoned(asRead(run), '') as RunRecord;
  const dates = made.profile.columns.map((column, j) =>
    column.kind === 'date' ? { ...asRead(run).profile.columns[j]!, name: column.name } : column,
  );
  return { ...made, profile: { ...made.profile, columns: dates } } as RunRecord;
}

function isMetricName(name: string): boolean {
  return /^(?:r2|rmse|mae|mape|accuracy|balancedAccuracy|f1|rocAuc|logLoss)$/.test(name);
}

/** A record with that many columns and classes, made up. */
export function wideRun(size: number): RunRecord {
  const random = new RandomState(1);
  const classes = Array.from({ length: size }, (_, i) => `class ${i}`);
  const rows = 2 * size;
  const place = Array.from({ length: rows }, (_, i) => Math.floor(size * (i / rows) ** 2));
  const confusion = classes.map(() => new Array<number>(size).fill(0));
  for (const k of place) confusion[k]![(k + random.randint(2)) % size]!++;
  const columns = Array.from({ length: size }, (_, i) => `column ${i} 第${i}列`);
  const profile = {
    rows,
    missing: 0,
    distinct: 50,
    kind: 'number',
    isInteger: false,
    infinite: 0,
    min: 0,
    lowerQuartile: 1,
    median: 2,
    upperQuartile: 3,
    max: 4,
    mean: 2,
    standardDeviation: 1,
    histogram: [1, 2, 3],
  } as const;
  return {
    ...{
      format: 1,
      startedAt: '2026-03-04T09:26:53.000Z',
      seconds: 100,
      versions: { heddle: '0.1.0', node: '24.0.0' },
    },
    data: { source: 'wide.parquet', rows, columns: size + 1, fingerprint: 'ab'.repeat(32) },
    problem: { kind: 'classification', reason: "'y' holds text" },
    ...{ target: 'y', classes, positiveClass: null, features: columns, preparation: [] },
    columns: columns.map((name) => ({ name, role: 'number', reason: 'numbers', missing: 0 })),
    rows: { train: rows, test: rows, dropped: 0 },
    model: {
      family: 'random-forest',
      reason: 'named',
      specification: { $model: 'random-forest-classifier', options: {} },
    },
    choice: null,
    metrics: [{ name: 'accuracy', value: 0.5, greaterIsBetter: true, interval: [0.48, 0.52] }],
    test: {
      ...{
        rows,
        sampled: rows,
        truth: place.map((k) => classes[k]!),
        predictions: place.map((k) => classes[k]!),
      },
      probabilities: place.map((k) => classes.map((_, j) => (j === k ? 0.6 : 0.4 / size))),
      confusion,
    },
    importances: columns.map((column, i) => ({ column, mean: 1 / (i + 1), std: 0.01 })),
    learningCurve: null,
    profile: {
      ...{ rows, duplicateRows: 0, missing: 0 },
      columns: [
        ...columns.map((name) => ({ name, ...profile })),
        {
          name: 'y',
          kind: 'string',
          rows,
          missing: 0,
          distinct: size,
          top: [{ level: 'class 0', rows: 30 }],
        },
      ],
      associations: columns.map((name) => ({
        name,
        measure: 'correlationRatio',
        value: random.randomSample(),
      })),
    },
    warnings: [],
    repeat: { options: { target: 'y' }, command: null },
  };
}
