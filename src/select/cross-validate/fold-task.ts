import { AbortError, type ErrorJson, errorToJson } from '../../core/errors.ts';
import { sharedArray } from '../../core/shared.ts';
import { tableFromWire } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { Method, State } from '../../define/definition.ts';
import { applyModel, fitState } from '../../define/run.ts';
import { type Specification, unpackSpecification } from '../../define/specification.ts';
import { shareState } from '../../define/tasks.ts';
import type { Job } from '../../jobs/job.ts';
import { getScorer } from '../../metrics/registry.ts';
import type { RowsWire } from './labelled-rows.ts';
import { presentClasses } from './present-classes.ts';
import { type ScoredRows, scoreOutputs } from './score-outputs.ts';
import type { ScorerWire } from './scoring.ts';

/** Everything that a worker thread needs to fit one specification on some rows and judge it on others. */
export interface FoldPayload {
  readonly specification: unknown;
  readonly data: RowsWire;
  readonly split: Split;
  readonly scoring: readonly ScorerWire[];
  readonly returnTrainScore: boolean;
  /** Outputs on the test rows that are to be returned. */
  readonly outputs: readonly Method[];
  /** Whether the fitted state is returned. */
  readonly returnState: boolean;
}

export interface FoldResult {
  /** By metric; one that could not be computed is absent here and in `failures`. */
  readonly testScores: Readonly<Record<string, number>>;
  readonly trainScores: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, ErrorJson>>;
  readonly outputs: { readonly [M in Method]?: Float64Array | Int32Array };
  /** Place of each class that the model knows among all classes. */
  readonly classPlaces: Int32Array | undefined;
  readonly state: State | undefined;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  /** Of this thread, times the threads of the job: its helpers wait busily at barriers. */
  readonly cpuSeconds: number;
}

/** Name under which a job calls back for a metric that only the caller's thread can compute. */
export const callerScorer = (name: string) => `$scorer/${name}`;

/** The task of a worker thread: {@link fitAndScore} for a specification that arrives as data. */
export async function foldTask(payload: FoldPayload, job: Job): Promise<FoldResult> {
  return fitAndScore(await unpackSpecification(payload.specification, job.call), payload, job);
}

/**
 * Fits on the training rows and measures on the test rows (and the training rows). Rows are copied out of the shared
 * table here, in the job.
 * @throws what the fit throws. What a metric throws is returned among `failures`.
 */
export async function fitAndScore(
  specification: Specification,
  { data, split, scoring, returnTrainScore, outputs: wanted, returnState }: FoldPayload,
  job: Job,
): Promise<FoldResult> {
  const cpuStart = process.threadCpuUsage();
  const start = performance.now();
  const x = tableFromWire(data.x);
  const { targets } = data;
  const train = takeRows(data, split.train);
  const known = data.classes && presentClasses(train.y as Int32Array, data.classes);
  const state = await fitState(
    specification,
    {
      ...train,
      x: x.take(split.train),
      y: known?.codes ?? train.y,
      targets,
      classes: known?.classes,
      groups: data.groups && split.train.map((row) => data.groups![row]),
    },
    job,
  );
  const fitSeconds = (performance.now() - start) / 1000;
  job.progress(0.8);

  const failures: Record<string, ErrorJson> = {};
  const measure = async (rows: Int32Array, truth: TakenRows) => {
    const table = x.take(rows);
    const outputs: { [M in Method]?: Float64Array | Int32Array } = {};
    const scores: Record<string, number> = {};
    for (const { name, place, method } of scoring) {
      try {
        outputs[method] ??= (await applyModel(specification, state, method, table, job)) as Float64Array;
        const scored: ScoredRows = {
          ...{ targets, method, classes: data.classes, modelClasses: known?.classes },
          ...{ truth: truth.y, sampleWeight: truth.sampleWeight, output: outputs[method] },
          positiveClass: data.positiveClass,
        };
        scores[name] =
          place === 'job'
            ? scoreOutputs(getScorer(name), scored)
            : ((await job.call(callerScorer(name), scored)) as number);
      } catch (error) {
        if (error instanceof AbortError) throw error;
        failures[name] ??= errorToJson(error);
      }
      job.checkpoint();
    }
    return { table, outputs, scores };
  };
  const test = await measure(split.test, takeRows(data, split.test));
  for (const method of wanted) {
    test.outputs[method] ??= (await applyModel(
      specification,
      state,
      method,
      test.table,
      job,
    )) as Float64Array;
  }
  const trainScores = returnTrainScore ? (await measure(split.train, train)).scores : {};
  const cpu = process.threadCpuUsage(cpuStart);
  return {
    testScores: test.scores,
    trainScores,
    failures,
    outputs: Object.fromEntries(wanted.map((method) => [method, test.outputs[method]])),
    classPlaces: known?.places,
    state: returnState ? shareState(state) : undefined,
    fitSeconds,
    scoreSeconds: (performance.now() - start) / 1000 - fitSeconds,
    cpuSeconds: ((cpu.user + cpu.system) / 1e6) * job.threads,
  };
}

interface TakenRows {
  readonly y: Float64Array | Int32Array;
  readonly sampleWeight: Float64Array | undefined;
}

function takeRows({ y, targets, sampleWeight }: RowsWire, rows: Int32Array): TakenRows {
  return {
    y: targets === 1 ? pick(y, rows) : takeWide(y as Float64Array, targets, rows),
    sampleWeight: sampleWeight && (pick(sampleWeight, rows) as Float64Array),
  };
}

function pick(values: Float64Array | Int32Array, rows: Int32Array): Float64Array | Int32Array {
  const taken =
    values instanceof Int32Array
      ? sharedArray(Int32Array, rows.length)
      : sharedArray(Float64Array, rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]];
  return taken;
}

function takeWide(values: Float64Array, width: number, rows: Int32Array): Float64Array {
  const taken = sharedArray(Float64Array, rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    taken.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return taken;
}
