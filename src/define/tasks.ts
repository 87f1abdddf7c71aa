import { isTypedArray, type TypedArray } from '../core/shared.ts';
import { sharedBuffer } from '../core/shared-memory.ts';
import { isTable, type TableWire, tableFromWire, tableToWire } from '../core/table.ts';
import type { Job } from '../jobs/job.ts';
import type { State, StateValue } from './definition.ts';
import { applyModel, fitState, type Method, type TrainingData, type ValidationData } from './run.ts';
import { unpackSpecification } from './specification.ts';

/** What the worker threads run: fits and predictions of specifications that arrive as data. */

export interface FitPayload extends Omit<TrainingData, 'x' | 'validation'> {
  readonly specification: unknown;
  readonly x: TableWire;
  readonly validation: (Omit<ValidationData, 'x'> & { readonly x: TableWire }) | undefined;
}

export async function fitTask(payload: FitPayload, job: Job): Promise<State> {
  const specification = await unpackSpecification(payload.specification, job.call);
  const { validation } = payload;
  const data: TrainingData = {
    ...payload,
    x: tableFromWire(payload.x),
    validation: validation && { ...validation, x: tableFromWire(validation.x) },
  };
  return shareState(await fitState(specification, data, job));
}

export interface ApplyPayload {
  readonly specification: unknown;
  readonly state: State;
  readonly method: Method;
  readonly x: TableWire;
}

export type ApplyResult = Float64Array | Int32Array | TableWire;

export async function applyTask(payload: ApplyPayload, job: Job): Promise<ApplyResult> {
  const specification = await unpackSpecification(payload.specification, job.call);
  const { state, method } = payload;
  const result = await applyModel(specification, state, method, tableFromWire(payload.x), job);
  return isTable(result) ? tableToWire(result) : result;
}

/** The state with every typed array on shared memory, so that predictions hand it to threads without a copy. */
export function shareState(state: State): State {
  return shareValue(state as StateValue) as State;
}

function shareValue(value: StateValue): StateValue {
  if (isTypedArray(value)) return value.buffer instanceof SharedArrayBuffer ? value : shareArray(value);
  if (Array.isArray(value)) return value.map(shareValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shareValue(part)]));
  }
  return value;
}

function shareArray(array: TypedArray): TypedArray {
  const copy = sharedBuffer(array.byteLength);
  new Uint8Array(copy).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return new (array.constructor as new (buffer: SharedArrayBuffer) => TypedArray)(copy);
}
