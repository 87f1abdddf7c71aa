import { z } from 'zod';

const count = z.int().nonnegative();
const real = z.number().nullable();
const text = z.string();
const label = z.union([text, z.number(), z.boolean()]);
/** Dates are written as text. */
const cell = z.union([label, z.null()]);
const specification = z.strictObject({ $model: text, options: z.record(text, z.unknown()) });
const names = z.array(text);

const budget = z.strictObject({
  seconds: z.number().optional(),
  trials: z.number().optional(),
  cpuSeconds: z.number().optional(),
  cost: z.number().optional(),
  pricePerCpuHour: z.number().optional(),
});

const choice = z.strictObject({
  metric: text,
  greaterIsBetter: z.boolean(),
  folds: count,
  leaderboard: z.array(
    z.strictObject({
      rank: count,
      family: text,
      isBaseline: z.boolean(),
      specification: specification.nullable(),
      ...{ mean: real, std: real, foldScores: z.array(real), trials: count, seconds: z.number() },
      state: z.enum(['complete', 'pruned', 'failed', 'skipped']),
      note: text,
    }),
  ),
  budget,
  spent: z.strictObject({ trials: count, seconds: z.number(), cpuSeconds: z.number(), cost: real }),
  notes: names,
});

const test = z
  .strictObject({
    ...{ rows: count, sampled: count },
    tableRows: z.array(count).optional(),
    truth: z.array(cell),
    predictions: z.array(label),
    probabilities: z.array(z.array(z.number())).nullable(),
    confusion: z.array(z.array(z.number())).nullable(),
  })
  .refine(
    ({ sampled, truth, predictions, probabilities, tableRows }) =>
      [truth, predictions, probabilities, tableRows].every((rows) => (rows ?? truth).length === sampled),
    { message: 'The lists of test rows differ in length' },
  );

const point = z.strictObject({ mean: real, std: real });

const profiled = { name: text, rows: count, missing: count, distinct: count };
const profile = z.strictObject({
  ...{ rows: count, duplicateRows: count, missing: count },
  columns: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        ...profiled,
        kind: z.literal('number'),
        isInteger: z.boolean(),
        ...{ min: real, lowerQuartile: real, median: real, upperQuartile: real, max: real, mean: real },
        ...{ standardDeviation: real, infinite: count, histogram: z.array(count) },
      }),
      z.strictObject({
        ...profiled,
        kind: z.literal('date'),
        ...{ min: text.nullable(), median: text.nullable(), max: text.nullable(), histogram: z.array(count) },
      }),
      z.strictObject({
        ...profiled,
        kind: z.enum(['string', 'boolean']),
        top: z.array(z.strictObject({ level: text, rows: count })),
      }),
    ]),
  ),
  associations: z
    .array(
      z.strictObject({
        name: text,
        measure: z.enum(['pearson', 'correlationRatio', 'cramersV']),
        value: real,
      }),
    )
    .optional(),
});

const roles = ['number', 'boolean', 'category', 'date', 'empty', 'constant', 'identifier', 'text'] as const;

/** What `run.json` must look like. */
export const runSchema = z
  .strictObject({
    format: z.literal(1),
    startedAt: z.iso.datetime(),
    seconds: z.number(),
    versions: z.strictObject({ heddle: text, node: text }),
    data: z.strictObject({ source: text.nullable(), rows: count, columns: count, fingerprint: text }),
    problem: z.strictObject({ kind: z.enum(['regression', 'classification']), reason: text }),
    target: text,
    classes: z.array(label).nullable(),
    positiveClass: label.nullable(),
    features: names,
    columns: z.array(
      z.strictObject({
        ...{ name: text, role: z.enum(roles), reason: text, missing: count },
        distinct: count.optional(),
      }),
    ),
    preparation: names,
    rows: z.strictObject({ train: count, test: count, dropped: count }),
    model: z.strictObject({ family: text, reason: text, specification }),
    choice: choice.nullable(),
    metrics: z.array(
      z.strictObject({
        ...{ name: text, value: real, greaterIsBetter: z.boolean() },
        interval: z.tuple([z.number(), z.number()]).nullable(),
      }),
    ),
    test,
    importances: z.array(z.strictObject({ column: text, mean: z.number(), std: z.number() })),
    learningCurve: z
      .strictObject({
        metric: text,
        ...{ trainSizes: z.array(count), trainScores: z.array(point), testScores: z.array(point) },
      })
      .refine(
        ({ trainSizes, trainScores, testScores }) =>
          trainScores.length === trainSizes.length && testScores.length === trainSizes.length,
        { message: 'The lists of points differ in length' },
      )
      .nullable(),
    profile,
    warnings: names,
    repeat: z.strictObject({ options: z.looseObject({ target: text }), command: text.nullable() }),
  })
  .refine(({ problem, classes }) => (problem.kind === 'classification') === (classes !== null), {
    message: 'Classes go with a classification',
    path: ['classes'],
  })
  .refine(
    ({ classes, test: { confusion, probabilities } }) =>
      [...(confusion ?? []), ...(probabilities ?? [])].every((row) => row.length === classes?.length) &&
      (confusion ?? classes ?? []).length === (classes?.length ?? 0),
    { message: 'Its classes are not those of the record', path: ['test'] },
  );
