import { DataError } from '../../core/errors.ts';
import { columnCell } from '../../core/frame.ts';
import { compareLabels, type Label } from '../../core/labels.ts';
import type { Table } from '../../core/table.ts';
import { type TableWire, tableFromWire, toMatrix } from '../../core/table.ts';
import { streamFrames } from '../../data/read/duckdb/stream-frames.ts';
import type { CheckpointOptions, State } from '../../define/definition.ts';
import type { TargetSchema } from '../../define/fitted.ts';
import type { InputSchema } from '../../define/schema.ts';
import { unpackSpecification } from '../../define/specification.ts';
import { shareState } from '../../define/tasks.ts';
import type { Job } from '../../jobs/job.ts';
import { applyClassWeight, type ClassWeight } from '../../math/class-weights.ts';
import { accuracyOf, rSquaredOf } from '../../nets/train/held-out-scores.ts';
import type { TrainingRows } from '../../nets/train/open-trainer.ts';
import type { TrainingPass, TrainingSource } from '../../nets/train/training-source.ts';
import { architecture } from './architecture.ts';
import { classifierProblem } from './classifier-problem.ts';
import { fitNeuralNetwork } from './fit-neural-network.ts';
import type { NeuralNetworkOptions } from './neural-network-options.ts';
import { regressionLoss } from './regression-loss.ts';
import { type CodedPart, codePart, type StreamWire } from './row-stream.ts';

export interface StreamPayload {
  readonly specification: unknown;
  readonly stream: StreamWire;
  readonly shuffleRows: number | undefined;
  readonly checkpoint: CheckpointOptions | undefined;
  readonly validation: { readonly x: TableWire; readonly y: CodedPart } | undefined;
}

/** What a fit on a stream gives: what a model is restored from, but for its specification. */
export interface StreamedFit {
  readonly schema: InputSchema;
  readonly target: TargetSchema;
  readonly state: State;
  readonly rows: number;
}

export async function fitStreamTask(payload: StreamPayload, job: Job): Promise<StreamedFit> {
  const specification = await unpackSpecification(payload.specification, job.call);
  const kind = specification.kind as 'classifier' | 'regressor';
  const parts = (pass: TrainingPass) => partsOf(payload.stream, kind, pass, job);
  const survey = await surveyRows(parts({ epoch: 0, seed: 0 }), job);
  const options = specification.options as unknown as NeuralNetworkOptions;
  const fit = kind === 'classifier' ? classifierFit(survey, options) : regressorFit(survey, options);
  const source: TrainingSource & { readonly rows: number } = {
    rows: survey.rows,
    async *batches(pass) {
      for await (const part of parts(pass)) {
        requireColumns(part, survey);
        yield { rows: part.rows, x: part.x, ...fit.targets(part) };
      }
    },
  };
  const { validation, shuffleRows, checkpoint } = payload;
  const held: TrainingRows | undefined = validation && {
    x: toMatrix(tableFromWire(validation.x) as Table),
    // Rows held out count as they are.
    target: fit.targets(validation.y).target,
  };
  const state = await fitNeuralNetwork(job, {
    ...{ model: specification.name, network: fit.network, loss: fit.loss, score: fit.score, options },
    ...{ rows: { source, shuffleRows }, stratify: undefined, validation: held, from: undefined, checkpoint },
  });
  return {
    schema: { columns: survey.columns, names: survey.names },
    target: fit.schema,
    state: shareState({ ...state, ...fit.state }),
    rows: survey.rows,
  };
}

interface Survey {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  /** With the rows of each, sorted. */
  readonly classes: ReadonlyMap<Label, number>;
  readonly targets: number;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** One pass for what must be known beforehand: the classes, or mean and spread of the targets. */
async function surveyRows(parts: AsyncIterable<CodedPart>, job: Job): Promise<Survey> {
  let first: CodedPart | undefined;
  let rows = 0;
  const classes = new Map<Label, number>();
  let [mean, squares] = [new Float64Array(0), new Float64Array(0)];
  for await (const part of parts) {
    job.checkpoint();
    if (first === undefined) {
      first = part;
      mean = new Float64Array(part.targets);
      squares = new Float64Array(part.targets);
    }
    requireColumns(part, first);
    for (const code of part.classes === undefined ? [] : (part.y as Int32Array)) {
      const label = part.classes![code]!;
      classes.set(label, (classes.get(label) ?? 0) + 1);
    }
    // Mean and squared deviations row by row (B. P. Welford, 1962).
    for (let i = 0; i < part.rows; i++) {
      rows++;
      for (let k = 0; k < part.targets && part.classes === undefined; k++) {
        const delta = part.y[i * part.targets + k]! - mean[k]!;
        mean[k]! += delta / rows;
        squares[k]! += delta * (part.y[i * part.targets + k]! - mean[k]!);
      }
    }
  }
  if (first === undefined || rows === 0)
    throw new DataError('data/no-rows', 'The stream has no rows to train on.');
  const { columns, names, targets } = first;
  const deviation = squares.map((sum, k) => {
    const root = Math.sqrt(sum / rows);
    // What rounding leaves of a target of one value is no spread.
    return root > 1e-12 * Math.abs(mean[k]!) ? root : 1;
  });
  const sorted = [...classes].sort(([a], [b]) => compareLabels(a, b));
  return { ...{ rows, columns, names, targets, mean, deviation }, classes: new Map(sorted) };
}

function requireColumns(
  { columns, names = [] }: Pick<CodedPart, 'columns' | 'names'>,
  first: Pick<CodedPart, 'columns' | 'names'>,
): void {
  if (columns === first.columns && names.every((name, j) => name === (first.names?.[j] ?? name))) return;
  throw new DataError(
    'data/column-count',
    `A part of the stream has ${columns} columns (${names.join(', ')}) where the first has ${first.columns} (${(first.names ?? []).join(', ')}).`,
    { columns, expected: first.columns },
  );
}

function classifierFit({ classes, columns }: Survey, all: NeuralNetworkOptions) {
  const options = all as NeuralNetworkOptions & {
    readonly labelSmoothing: number;
    readonly classWeight: ClassWeight | null;
  };
  const labels = [...classes.keys()];
  if (labels.length < 2) {
    throw new DataError(
      'data/one-class',
      `All rows of the stream are of one class (${JSON.stringify(labels[0])}); a classifier needs at least two.`,
    );
  }
  const counts = Float64Array.from(classes.values());
  const y = Int32Array.from(labels.keys());
  const weights = applyClassWeight(options.classWeight, { y, classes: labels, sampleWeight: counts })!;
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const { network, loss, targets } = classifierProblem(options, columns, labels.length);
  return {
    ...{ network, loss, score: accuracyOf, state: {} },
    schema: {
      kind: 'classes',
      classes: labels,
      positiveClass: labels.length === 2 ? labels[1]! : null,
    } as const,
    targets(part: CodedPart) {
      const places = part.classes!.map((label) => codeOf.get(label) ?? -1);
      const codes = Int32Array.from(part.y, (code) => places[code]!);
      const weight =
        options.classWeight === null
          ? undefined
          : Float64Array.from(codes, (code) => weights[code]! / counts[code]!);
      return { target: targets(codes), weight };
    },
  };
}

function regressorFit({ targets, columns, mean, deviation }: Survey, all: NeuralNetworkOptions) {
  const options = all as NeuralNetworkOptions &
    Parameters<typeof regressionLoss>[0] & { readonly standardizeTarget: boolean };
  const scale = options.standardizeTarget
    ? { mean, deviation }
    : { mean: new Float64Array(targets), deviation: new Float64Array(targets).fill(1) };
  return {
    network: architecture('neural-network-regressor', options, columns, [targets]),
    ...{ loss: regressionLoss(options), score: rSquaredOf, state: { target: scale } },
    schema: { kind: 'values', targets, several: targets > 1 } as const,
    targets: (part: CodedPart) => ({
      target: Float64Array.from(
        part.y,
        (value, i) => (value - scale.mean[i % targets]!) / scale.deviation[i % targets]!,
      ),
      weight: undefined,
    }),
  };
}

/** Rows of a frame that is read at a time. */
const FRAME_ROWS = 8192;

async function* partsOf(
  stream: StreamWire,
  kind: 'classifier' | 'regressor',
  pass: TrainingPass,
  job: Job,
): AsyncGenerator<CodedPart> {
  if (stream.kind === 'parts') {
    await job.call('openParts', pass);
    for (;;) {
      const part = (await job.call('nextPart')) as CodedPart | null;
      if (part === null) return;
      yield part;
    }
  }
  const { paths, target, features } = stream;
  const columns = features && [...features, target];
  const quiet = { checkpoint: () => job.checkpoint(), progress: () => {}, warn: () => {} };
  for await (const frame of streamFrames({ paths, columns, rows: FRAME_ROWS }, quiet)) {
    const y = frame.column(target);
    const x = frame.select(features ?? frame.names.filter((name) => name !== target));
    for (let i = 0; i < frame.rows; i++) {
      if (columnCell(y, i) !== null) continue;
      throw new DataError('data/bad-target', `The target '${target}' is missing in a row of '${paths[0]}'.`, {
        column: target,
      });
    }
    yield await codePart({ x, y }, kind);
  }
}
