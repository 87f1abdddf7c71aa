import { OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import { columnCount, type Table } from '../../core/table.ts';
import type { CodesAndProba, ColumnBlock, Method, State } from '../../define/definition.ts';
import {
  type Applied,
  applyBoth,
  applyModel,
  fitState,
  hasMethod,
  type TrainingData,
  transformInto,
  type ValidationData,
} from '../../define/run.ts';
import type { Specification } from '../../define/specification.ts';
import type { Job } from '../../jobs/job.ts';
import { namesOf } from '../number-view.ts';
import { namesOut } from '../output-names.ts';
import { partJob } from '../part-job.ts';
import { lastStep, type PipelineOptions } from './steps.ts';

export interface PipelineState {
  /** One a step. */
  readonly steps: readonly State[];
  /** The columns that the last step sees; for a transformer those it makes. */
  readonly featureNamesOut: readonly string[];
  /** About how many floating-point operations a row costs. */
  readonly rowOperations: number;
}

/**
 * Fits each step on what the steps before make of the training rows. With `from`, its transformers are kept as they are and
 * the last step continues.
 */
export async function fitSteps(
  options: PipelineOptions,
  data: TrainingData,
  job: Job,
): Promise<PipelineState> {
  const { steps } = options;
  const earlier = (data.from as PipelineState | undefined)?.steps;
  const states: State[] = [];
  let x = data.x;
  let validation = data.validation;
  let operations = 0;
  for (const [i, [name, step]] of steps.entries()) {
    const stepJob = partJob(job, i, steps.length, name);
    const isLast = i === steps.length - 1;
    // What predicts must heed the weights or refuse them; transformers without use for them do without.
    const isIndifferent = step.kind === 'transformer' && step.definition.weighted === false;
    const sampleWeight = isIndifferent ? undefined : data.sampleWeight;
    const stepData = isLast
      ? { ...data, x, validation, sampleWeight, from: earlier?.[i] }
      : { ...data, x, sampleWeight, validation: undefined, from: undefined, checkpoint: undefined };
    const kept = isLast ? undefined : earlier?.[i];
    const state = kept ?? (await fitState(step, stepData, stepJob));
    states.push(state);
    operations += rowOperations(step, state, columnCount(x));
    if (isLast) break;
    x = await transformed(step, state, x, job);
    validation = validation && (await transformedValidation(step, state, validation, job));
    job.progress((i + 1) / steps.length, name);
  }
  const [, last] = lastStep(options);
  const featureNamesOut =
    last.kind === 'transformer' ? await namesOut(last, states.at(-1)!, x, job) : namesOf(x as never);
  return { steps: states, featureNamesOut, rowOperations: operations };
}

function rowOperations({ definition }: Specification, state: State, columns: number): number {
  return definition.rowOperations?.(state as never, columns) ?? 10 * columns;
}

async function transformed(step: Specification, state: State, x: Table, job: Job): Promise<Table> {
  return (await applyModel(step, state, 'transform', x, job)) as Table;
}

async function transformedValidation(
  step: Specification,
  state: State,
  validation: ValidationData,
  job: Job,
): Promise<ValidationData> {
  return { ...validation, x: await transformed(step, state, validation.x, job) };
}

/** Applies `method` of the last step to what the steps before make of `x`. @throws OptionError when it has no such method */
export function applySteps(
  options: PipelineOptions,
  state: PipelineState,
  method: Method,
  x: Table,
  job: Job,
): Eventually<Applied> {
  const [name, last] = lastStep(options);
  if (!hasMethod(last.definition, method, last.options)) {
    throw new OptionError(
      'model/no-method',
      `The pipeline has no ${method}, because its last step '${name}' (${last.name}) has none.`,
      { model: last.name, method },
    );
  }
  return andThen(inputOfLast(options, state, x, job), (input) =>
    applyModel(last, state.steps.at(-1)!, method, input, job),
  );
}

/** Codes and probabilities of the last step, a classifier, from one pass through the steps before it. */
export function applyBothSteps(
  options: PipelineOptions,
  state: PipelineState,
  x: Table,
  job: Job,
): Eventually<CodesAndProba> {
  const [, last] = lastStep(options);
  return andThen(inputOfLast(options, state, x, job), (input) =>
    applyBoth(last as never, state.steps.at(-1)!, input, job),
  );
}

/** Writes what the last step, a transformer, gives into a wider table. */
export function writeSteps(
  options: PipelineOptions,
  state: PipelineState,
  x: Table,
  block: ColumnBlock,
  job: Job,
): Eventually<void> {
  const [, last] = lastStep(options);
  return andThen(inputOfLast(options, state, x, job), (input) =>
    transformInto(last, state.steps.at(-1)!, input, block, state.featureNamesOut.length, job),
  );
}

function inputOfLast(
  { steps }: PipelineOptions,
  state: PipelineState,
  x: Table,
  job: Job,
): Eventually<Table> {
  let input: Eventually<Table> = x;
  for (const [i, [, step]] of steps.slice(0, -1).entries()) {
    input = andThen(
      input,
      (table) => applyModel(step, state.steps[i]!, 'transform', table, job) as Eventually<Table>,
    );
  }
  return input;
}

/** Undoes the steps from the last to the first. @throws OptionError naming a step that cannot be undone */
export function undoSteps(
  { steps }: PipelineOptions,
  state: PipelineState,
  x: Table,
  job: Job,
): Eventually<Table> {
  const lacking = steps.find(([, step]) => !hasMethod(step.definition, 'inverseTransform', step.options));
  if (lacking !== undefined) {
    throw new OptionError(
      'model/no-method',
      `The pipeline has no inverseTransform, because its step '${lacking[0]}' (${lacking[1].name}) has none.`,
      { model: lacking[1].name, method: 'inverseTransform' },
    );
  }
  let table: Eventually<Table> = x;
  for (let i = steps.length - 1; i >= 0; i--) {
    const undo = (input: Table) =>
      applyModel(steps[i]![1], state.steps[i]!, 'inverseTransform', input, job) as Eventually<Table>;
    table = andThen(table, undo);
  }
  return table;
}

/** Whether a pipeline has a method: what its last step has; to be undone, all its steps must be. */
export function offersMethod(options: PipelineOptions, method: Method): boolean {
  const asked = method === 'inverseTransform' ? options.steps : [lastStep(options)];
  return asked.every(([, step]) => hasMethod(step.definition, method, step.options));
}
