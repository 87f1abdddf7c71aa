import { DataError, OptionError } from '../core/errors.ts';
import { andThen, type Eventually } from '../core/eventually.ts';
import type { Label } from '../core/labels.ts';
import type { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import { columnCount, type Table, toMatrix } from '../core/table.ts';
import type { Job } from '../jobs/job.ts';
import type {
  CheckpointOptions,
  ClassifierDefinition,
  CodesAndProba,
  ColumnBlock,
  Definition,
  Method,
  State,
} from './definition.ts';
import { guardPropagated, prepareInput, prepareTrainingInput } from './input.ts';
import { blameClasses, requireScoreMemory, rowsOfPart } from './many-classes.ts';
import type { Specification } from './specification.ts';

/**
 * Fitting and applying a specification in the thread that calls: what the job's task does for the outermost model, and
 * what a model made of models (a pipeline, a search) does for its parts.
 */

/** Data of a fit, already coded: `y` holds codes when there are `classes`, else row-major values. */
export interface TrainingData {
  readonly x: Table;
  readonly y: Float64Array | Int32Array | undefined;
  readonly targets: number;
  readonly classes: readonly Label[] | undefined;
  readonly sampleWeight?: Float64Array | undefined;
  readonly groups?: Int32Array | undefined;
  readonly validation?: ValidationData | undefined;
  readonly from?: State | undefined;
  readonly checkpoint?: CheckpointOptions | undefined;
}

export interface ValidationData {
  readonly x: Table;
  readonly y: Float64Array | Int32Array;
  readonly sampleWeight?: Float64Array | undefined;
  readonly groups?: Int32Array | undefined;
}

export type { Method };

/** @throws DataError when the data do not suit the definition, OptionError for a fit option it cannot honour. */
export async function fitState(specification: Specification, data: TrainingData, job: Job): Promise<State> {
  const { definition } = specification;
  // The options were parsed by the definition's own schema.
  const options = specification.options as never;
  requireFitOptions(definition, data);
  const x = prepareTrainingInput<never>(definition, data.x);
  const validation = data.validation && {
    ...data.validation,
    x: prepareInput<never>(definition, data.validation.x),
  };
  const { sampleWeight, groups, from, classes, targets, checkpoint } = data;
  const common = { x, rows: data.x.rows, sampleWeight, groups, from, checkpoint };
  return guardPropagated(definition, x, () => fitKind());

  function fitKind(): State | Promise<State> {
    switch (definition.kind) {
      case 'regressor':
        return definition.fit(
          options,
          { ...common, y: data.y as Float64Array, targets, validation: validation as never },
          job,
        );
      case 'classifier':
        return fitClassifier(definition);
      case 'transformer':
        return definition.fit(options, { ...common, y: data.y, classes, targets }, job);
      case 'clusterer':
        return definition.fit(options, common, job);
      default:
        return definition satisfies never;
    }
  }

  async function fitClassifier(classifier: ClassifierDefinition): Promise<State> {
    const own = { y: data.y as Int32Array, classes: classes!, validation: validation as never };
    try {
      return await classifier.fit(options, { ...common, ...own }, job);
    } catch (error) {
      throw blameClasses(error, definition.name, data.x.rows, classes!.length);
    }
  }
}

function requireFitOptions(
  definition: Definition,
  { x, sampleWeight, from, checkpoint, classes, targets }: TrainingData,
): void {
  if (x.rows === 0)
    throw new DataError('data/no-rows', `${definition.name} cannot be fitted on a table without rows.`);
  if (columnCount(x) === 0) {
    throw new DataError('data/no-columns', `${definition.name} cannot be fitted on a table without columns.`);
  }
  if (sampleWeight !== undefined && definition.weighted === false) {
    throw new OptionError('option/unsupported', `${definition.name} does not support sampleWeight.`, {
      option: 'sampleWeight',
    });
  }
  if (from !== undefined && definition.continues !== true) {
    throw new OptionError('option/unsupported', `${definition.name} cannot continue from an earlier model.`, {
      option: 'from',
    });
  }
  if (checkpoint !== undefined && definition.checkpoints !== true) {
    throw new OptionError('option/unsupported', `${definition.name} keeps no checkpoints of its fit.`, {
      option: 'checkpoint',
    });
  }
  if (definition.kind === 'regressor' && targets > 1 && definition.severalTargets !== true) {
    throw new DataError(
      'data/several-targets',
      `${definition.name} predicts one target at a time, but y has ${targets} columns. Fit one model for each.`,
      { targets },
    );
  }
  if (definition.kind === 'classifier' && classes!.length < 2) {
    throw new DataError(
      'data/one-class',
      `All rows of the target y are of one class (${JSON.stringify(classes![0])}); a classifier needs at least two.`,
    );
  }
}

/** Result of a method: numbers (row-major), class codes, or a table. */
export type Applied = Float64Array | Int32Array | Table;

/** Applies a method; the result is a promise only where the definition's own function returns one. */
export function applyModel(
  specification: Specification,
  state: State,
  method: Method,
  x: Table,
  job: Job,
): Applied | Promise<Applied> {
  const { definition } = specification;
  const options = specification.options as never;
  if (method === 'inverseTransform') {
    if (definition.kind !== 'transformer' || definition.inverseTransform === undefined)
      throw noMethod(definition, method);
    return definition.inverseTransform(state, toMatrix(x), job, options);
  }
  const input = prepareInput<never>(definition, x);
  if (method === 'transform') {
    if (definition.kind !== 'transformer') throw noMethod(definition, method);
    return definition.transform(state, input, job, options);
  }
  if (method === 'predict') {
    if (definition.kind === 'classifier') return predictCodes(definition, state, input, job, options);
    if (definition.kind === 'transformer' || definition.predict === undefined)
      throw noMethod(definition, method);
    return definition.predict(state, input, job, options);
  }
  if (method === 'predictInterval') {
    if (definition.kind !== 'regressor' || definition.predictInterval === undefined)
      throw noMethod(definition, method);
    return definition.predictInterval(state, input, job, options);
  }
  if (definition.kind !== 'classifier') throw noMethod(definition, method);
  const compute = definition[method];
  if (compute === undefined) throw noMethod(definition, method);
  requireScoreMemory(
    definition.name,
    x.rows,
    definition.classCount?.(state) ?? 1,
    'Give fewer rows at a time.',
  );
  return compute.call(definition, state, input, job, options);
}

/** Codes and probabilities of a classifier, the same bits as by {@link applyModel}, without computing twice what both need. */
export function applyBoth(
  specification: Specification<'classifier', ClassifierDefinition>,
  state: State,
  x: Table,
  job: Job,
): Eventually<CodesAndProba> {
  const { definition } = specification;
  const options = specification.options as never;
  if (definition.predictBoth !== undefined)
    return definition.predictBoth(state, prepareInput<never>(definition, x), job, options);
  const hasProba = hasMethod(definition, 'predictProba', specification.options);
  const proba = () => applyModel(specification, state, 'predictProba', x, job) as Eventually<Float64Array>;
  if (hasProba && definition.predict === undefined && definition.decisionFunction === undefined) {
    return andThen(proba(), (probabilities) => ({
      codes: scoresToCodes(probabilities, x.rows),
      probabilities,
    }));
  }
  return andThen(applyModel(specification, state, 'predict', x, job) as Eventually<Int32Array>, (codes) =>
    hasProba
      ? andThen(proba(), (probabilities) => ({ codes, probabilities }))
      : { codes, probabilities: undefined },
  );
}

/**
 * {@link applyModel} of `transform` for columns of a wider table of zeros.
 * @param columns How many columns there is room for.
 * @throws DataError when the result has another number of columns or is not all numbers.
 */
export function transformInto(
  specification: Specification,
  state: State,
  x: Table,
  block: ColumnBlock,
  columns: number,
  job: Job,
): void | Promise<void> {
  const { definition } = specification;
  if (definition.kind === 'transformer' && definition.transformInto !== undefined) {
    const input = prepareInput<never>(definition, x);
    return definition.transformInto(state, input, block, job, specification.options as never);
  }
  const copy = (result: Applied) => copyInto(toMatrix(result as Table), block, columns, definition.name);
  const result = applyModel(specification, state, 'transform', x, job);
  return result instanceof Promise ? result.then(copy) : copy(result);
}

function copyInto(result: Matrix, { data, stride, at }: ColumnBlock, columns: number, model: string): void {
  if (result.columns !== columns) {
    throw new DataError(
      'data/column-count',
      `${model} gave ${result.columns} columns where it gave ${columns} for the first training row; ` +
        'a transformer must always give the same columns.',
      { columns: result.columns, expected: columns },
    );
  }
  for (let i = 0; i < result.rows; i++) data.set(result.row(i), i * stride + at);
}

/**
 * Whether models of a definition have a method; with `options`, those of one specification, which may lack more (a
 * pipeline has what its last step has).
 */
export function hasMethod(
  definition: Definition,
  method: Method,
  options?: Readonly<Record<string, unknown>>,
): boolean {
  if (options !== undefined && definition.offers?.(options as never, method) === false) return false;
  switch (method) {
    case 'predict':
      return (
        definition.kind !== 'transformer' &&
        (definition.kind !== 'clusterer' || definition.predict !== undefined)
      );
    case 'predictInterval':
      return definition.kind === 'regressor' && definition.predictInterval !== undefined;
    case 'predictProba':
    case 'decisionFunction':
      return definition.kind === 'classifier' && definition[method] !== undefined;
    case 'transform':
      return definition.kind === 'transformer';
    case 'inverseTransform':
      return definition.kind === 'transformer' && definition.inverseTransform !== undefined;
    default:
      return method satisfies never;
  }
}

function noMethod(definition: Definition, method: Method): OptionError {
  return new OptionError('model/no-method', `${definition.name} has no ${method}.`, {
    model: definition.name,
    method,
  });
}

function predictCodes(
  definition: ClassifierDefinition,
  state: State,
  x: Table,
  job: Job,
  options: never,
): Eventually<Int32Array> {
  if (definition.predict !== undefined) return definition.predict(state, x as never, job, options);
  const score = (definition.decisionFunction ?? definition.predictProba)!;
  const codesOf = (part: Table) =>
    andThen(score.call(definition, state, part as never, job, options), (scores) =>
      scoresToCodes(scores, part.rows),
    );
  const most = rowsOfPart(definition.classCount?.(state) ?? 1);
  return x.rows <= most ? codesOf(x) : codesInParts(x, most, codesOf, job);
}

async function codesInParts(
  x: Table,
  rows: number,
  codesOf: (part: Table) => Eventually<Int32Array>,
  job: Job,
): Promise<Int32Array> {
  const codes = sharedArray(Int32Array, x.rows);
  for (let from = 0; from < x.rows; from += rows) {
    const part = Int32Array.from({ length: Math.min(rows, x.rows - from) }, (_, i) => from + i);
    codes.set(await codesOf(x.take(part) as Table), from);
    job.checkpoint();
    job.progress((from + part.length) / x.rows);
  }
  return codes;
}

/** Codes from row-major scores: one a row is the sign, several are the largest, the first among equals. */
export function scoresToCodes(scores: Float64Array, rows: number): Int32Array {
  const codes = sharedArray(Int32Array, rows);
  const width = rows === 0 ? 1 : scores.length / rows;
  for (let i = 0; i < rows; i++) {
    if (width === 1) {
      codes[i] = scores[i]! > 0 ? 1 : 0;
      continue;
    }
    let best = 0;
    for (let k = 1; k < width; k++) if (scores[i * width + k]! > scores[i * width + best]!) best = k;
    codes[i] = best;
  }
  return codes;
}
