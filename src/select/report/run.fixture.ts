import { type Cell, columnCell, Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { RandomState } from '../../core/random.ts';
import { heddleVersion } from '../../core/version.ts';
import { profileTable } from '../../data/profile/profile-table.ts';
import { getScorer } from '../../metrics/registry.ts';
import { crossValidate } from '../cross-validate/cross-validate.ts';
import { learningCurve } from '../curves/learning-curve.ts';
import { predictTable } from '../predict-table.ts';
import type {
  ChoiceRecord,
  ImportanceRecord,
  LeaderboardEntry,
  MetricRecord,
  RunRecord,
} from '../run/run-record.ts';
import type { TrainTableOptions } from '../train-options.ts';
import { type TrainedTable, trainTable } from '../train-table.ts';

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

/** The record of a run in which `families` were compared and the best was kept, made from real fits. */
export async function recordOf(
  table: Frame,
  options: TrainTableOptions,
  {
    families,
    metric,
    source,
  }: { readonly families: readonly string[]; readonly metric: string; readonly source: string },
): Promise<RunRecord> {
  const started = performance.now();
  const runs = await Promise.all(families.map((model) => trainTable(table, { ...options, model })));
  const scores = await Promise.all(runs.map((run) => foldScores(run, table, options.target, metric)));
  const { greaterIsBetter } = getScorer(metric);
  const sign = greaterIsBetter ? 1 : -1;
  const order = scores.map((_, i) => i).sort((a, b) => sign * (meanOf(scores[b]!) - meanOf(scores[a]!)));
  const best = runs[order[0]!]!;
  const entries = order.map((i) => entryOf({ family: families[i]!, scores: scores[i]!, run: runs[i]! }));
  const all = [...entries, baselineOf(best, table, options.target, metric)].map((entry, i) => ({
    ...entry,
    rank: i + 1,
  }));
  const choice: ChoiceRecord = {
    ...{ metric, greaterIsBetter, folds: 5, leaderboard: all },
    budget: { seconds: 60, pricePerCpuHour: 0.04 },
    spent: { trials: families.length, seconds: 3.2, cpuSeconds: 5.9, cost: 0.0000656 },
    notes: ['k-neighbors was left out: the table has gaps.'],
  };
  const { kind: problem } = best.evaluation.predictions;
  const x = testTable(best, table);
  const truth = Array.from({ length: best.testRows.length }, (_, i) => columnCell(best.truth, i)) as Cell[];
  const { predictions } = best.evaluation;
  const probabilities = predictions.kind === 'classification' ? predictions.probabilities : undefined;
  const classes = best.classes ?? null;
  return {
    format: 1,
    startedAt: '2026-03-04T09:26:53.000Z',
    seconds: Math.round(performance.now() - started) / 1000,
    versions: { heddle: heddleVersion(), node: process.versions.node },
    data: { source, rows: table.rows, columns: table.names.length, fingerprint: '9f2c'.repeat(16) },
    problem: { kind: problem, reason: best.choice.problemReason },
    target: options.target,
    classes,
    positiveClass: best.positiveClass ?? null,
    features: best.features,
    columns: best.columns,
    preparation: best.steps,
    rows: best.rows,
    model: {
      family: families[order[0]!]!,
      reason: `best ${metric} of ${families.length} candidates in cross-validation`,
      specification: best.model.specification.toJSON(),
    },
    choice,
    metrics: metricsOf(best, truth),
    test: {
      rows: truth.length,
      sampled: truth.length,
      tableRows: Array.from(best.testRows),
      truth,
      predictions: Array.from(predictions.values as ArrayLike<Label>),
      probabilities:
        probabilities === undefined
          ? null
          : Array.from({ length: truth.length }, (_, i) => Array.from(probabilities.row(i))),
      confusion: classes && confusionOf(truth, predictions.values as readonly Label[], classes),
    },
    importances: await importancesOf(best, x, truth),
    learningCurve: await curveOf(best, table, options.target, metric),
    profile: profileTable(table, {
      target: options.target,
      isTargetCategorical: problem === 'classification',
    }),
    warnings: best.warnings,
    repeat: {
      options,
      command: `heddle train ${source} --target ${options.target} --budget 60 --run runs/1`,
    },
  };
}

/** As `run.json` holds it: dates as text, numbers that are not finite as null. */
export function asRead(run: RunRecord): RunRecord {
  return JSON.parse(JSON.stringify(run));
}

export async function regressionRun(): Promise<RunRecord> {
  const families = ['ridge', 'random-forest', 'gradient-boosting'];
  return recordOf(houses(), { target: 'price' }, { families, metric: 'r2', source: 'houses.csv' });
}

export async function binaryRun(): Promise<RunRecord> {
  const families = ['logistic-regression', 'random-forest'];
  return recordOf(
    customers(),
    { target: 'left', positiveClass: 'left', stratify: true },
    { families, metric: 'rocAuc', source: 'customers.csv' },
  );
}

export async function classesRun(): Promise<RunRecord> {
  const families = ['logistic-regression', 'decision-tree'];
  return recordOf(flowers(), { target: 'species' }, { families, metric: 'accuracy', source: 'flowers.csv' });
}

function testTable(run: TrainedTable, table: Frame): Frame {
  return table.select(run.features).take(run.testRows);
}

async function foldScores(
  run: TrainedTable,
  table: Frame,
  target: string,
  metric: string,
): Promise<number[]> {
  const x = table.select(run.features).take(run.trainRows);
  const y = table.select([target]).take(run.trainRows).column(target);
  const { testScores } = await crossValidate(
    run.model.specification,
    x,
    y as never,
    { scoring: metric, cv: 5 } as never,
  );
  return Array.from(Object.values(testScores)[0] as Float64Array);
}

function entryOf({
  family,
  scores,
  run,
}: {
  family: string;
  scores: number[];
  run: TrainedTable;
}): LeaderboardEntry {
  const mean = meanOf(scores);
  const std = Math.sqrt(meanOf(scores.map((score) => (score - mean) ** 2)));
  const facts = { rank: 0, family, isBaseline: false, trials: 1, seconds: run.seconds, note: '' };
  return {
    ...facts,
    specification: run.model.specification.toJSON(),
    mean,
    std,
    foldScores: scores,
    state: 'complete',
  };
}

/** What the mean, or the most frequent class, of the training rows scores on them. */
function baselineOf(run: TrainedTable, table: Frame, target: string, metric: string): LeaderboardEntry {
  const column = table.select([target]).take(run.trainRows).column(target);
  const truth = Array.from(run.trainRows, (_, i) => columnCell(column, i) as Label);
  const scorer = getScorer(metric);
  let mean = 0.5;
  if (scorer.problem === 'regression') {
    const numbers = truth.map(Number);
    mean = scorer.compute(
      Float64Array.from(numbers) as never,
      new Float64Array(numbers.length).fill(meanOf(numbers)) as never,
      {},
    );
  } else if (scorer.needs === 'prediction') {
    const counts = new Map<Label, number>();
    for (const label of truth) counts.set(label, (counts.get(label) ?? 0) + 1);
    mean = Math.max(...counts.values()) / truth.length;
  }
  const facts = { rank: 0, family: 'baseline', isBaseline: true, specification: null, trials: 1, seconds: 0 };
  return {
    ...facts,
    mean,
    std: 0,
    foldScores: [mean],
    state: 'complete',
    note: 'says the same for every row',
  };
}

function metricsOf(run: TrainedTable, truth: readonly Cell[]): MetricRecord[] {
  const { predictions, metrics } = run.evaluation;
  const names =
    predictions.kind === 'regression'
      ? ['r2', 'rmse', 'mae', 'mape']
      : ['accuracy', 'balancedAccuracy', 'f1', 'rocAuc', 'logLoss'];
  return names.map((name) => {
    const scorer = getScorer(name);
    const value = (metrics as never as Record<string, number>)[name]!;
    const random = new RandomState(0);
    const draws = Array.from({ length: 100 }, () => {
      const rows = Array.from(random.randint(0, truth.length, truth.length));
      const t = rows.map((i) => truth[i]!);
      if (predictions.kind === 'regression')
        return scorer.compute(
          t as never,
          Float64Array.from(rows, (i) => predictions.values[i]!) as never,
          {},
        );
      const { classes, probabilities } = predictions;
      const given =
        scorer.problem === 'classification' && scorer.needs === 'prediction'
          ? rows.map((i) => predictions.values[i]!)
          : rows.map((i) => Array.from(probabilities!.row(i)));
      return scorer.compute(t as never, given as never, { classes });
    }).sort((a, b) => a - b);
    return { name, value, greaterIsBetter: scorer.greaterIsBetter, interval: [draws[2]!, draws[97]!] };
  });
}

async function importancesOf(
  run: TrainedTable,
  x: Frame,
  truth: readonly Cell[],
): Promise<ImportanceRecord[]> {
  const scorer = getScorer(run.choice.problem === 'regression' ? 'r2' : 'accuracy');
  const scoreOf = async (table: Frame) => {
    const { values } = await predictTable(run.model, table);
    return scorer.compute(truth as never, values as never, {});
  };
  const whole = await scoreOf(x);
  const found: ImportanceRecord[] = [];
  for (const column of x.names) {
    const losses: number[] = [];
    for (let seed = 0; seed < 3; seed++) {
      const shuffled = x
        .select([column])
        .take(Int32Array.from(new RandomState(seed).permutation(x.rows)))
        .column(column);
      losses.push(
        whole -
          (await scoreOf(
            new Frame(x.entries().map(([name, own]) => [name, name === column ? shuffled : own])),
          )),
      );
    }
    const mean = meanOf(losses);
    found.push({ column, mean, std: Math.sqrt(meanOf(losses.map((loss) => (loss - mean) ** 2))) });
  }
  return found.sort((a, b) => b.mean - a.mean);
}

async function curveOf(
  run: TrainedTable,
  table: Frame,
  target: string,
  metric: string,
): Promise<RunRecord['learningCurve']> {
  const x = table.select(run.features).take(run.trainRows);
  const y = table.select([target]).take(run.trainRows).column(target);
  const curve = await learningCurve(run.model.specification, x, y as never, {
    scoring: metric,
    cv: 3,
    trainSizes: [0.2, 0.5, 1],
    shuffle: true,
  });
  const summarize = (scores: Float64Array) => {
    const mean = meanOf(Array.from(scores));
    return { mean, std: Math.sqrt(meanOf(Array.from(scores, (score) => (score - mean) ** 2))) };
  };
  const rows = (scores: typeof curve.trainScores) => Object.values(scores)[0]!.map(summarize);
  return {
    metric,
    trainSizes: Array.from(curve.trainSizes),
    trainScores: rows(curve.trainScores),
    testScores: rows(curve.testScores),
  };
}

function confusionOf(
  truth: readonly Cell[],
  predictions: readonly Label[],
  classes: readonly Label[],
): number[][] {
  const counts = classes.map(() => classes.map(() => 0));
  for (const [i, label] of truth.entries())
    counts[classes.indexOf(label as Label)]![classes.indexOf(predictions[i]!)]!++;
  return counts;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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
