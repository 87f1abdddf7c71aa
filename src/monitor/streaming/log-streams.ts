import { short } from '../drift/describe-change.ts';
import type { LogWindow } from '../log/prediction-log.ts';
import type { TrainedModel } from '../trained-model.ts';
import { predictWindow } from '../window-predictions.ts';
import type { Alarm } from '../window-report.ts';
import { LEAST_CHANGE, type StreamChange, streamChanges } from './stream-changes.ts';

/** A change in a stream of a log, with its time. */
export interface LogChange extends StreamChange {
  /** `error`: of predictions with a label, absolute or 0 / 1; `prediction`: numbers, or how sure the model is. */
  readonly stream: 'error' | 'prediction';
  /** When it was noticed and when it most likely began, in milliseconds since 1970. */
  readonly at: number;
  readonly began: number;
}

/** Where errors or predictions changed over a log, by the streaming detectors ({@link streamChanges}), in order of time. */
export async function logChanges(trained: TrainedModel, log: LogWindow): Promise<LogChange[]> {
  const predicted = await predictWindow(trained, log, [], {}, []);
  if (predicted === undefined) return [];
  const { values, confidence, labelled } = predicted;
  const changes: LogChange[] = [];
  const add = async (stream: LogChange['stream'], numbers: ArrayLike<number>, rows: readonly number[]) => {
    for (const change of await streamChanges(numbers)) {
      changes.push({
        ...change,
        stream,
        at: log.at[rows[change.index]!]!,
        began: log.at[rows[change.since]!]!,
      });
    }
  };
  const all = Array.from(log.at.keys());
  if (values instanceof Float64Array) await add('prediction', values, all);
  else if (confidence?.length === log.at.length) await add('prediction', confidence, all);
  if (labelled !== undefined) {
    const errors =
      labelled.kind === 'regression'
        ? labelled.truth.map((truth, i) => Math.abs(truth - labelled.predictions[i]!))
        : Float64Array.from(labelled.truth, (truth, i) => (truth === labelled.predictions[i] ? 0 : 1));
    const rows = all.filter((i) => log.labels[i] !== null);
    // Labels that could not be read leave a stream whose times are not known.
    if (rows.length === errors.length) await add('error', errors, rows);
  }
  return changes.sort((a, b) => a.at - b.at);
}

/** A change as an alarm of the window it falls into. */
export function streamAlarm(change: LogChange, isNumeric: boolean): Alarm {
  const { stream, before, after, began, detector, effect } = change;
  const what =
    stream === 'error'
      ? isNumeric
        ? 'mean error'
        : 'error rate'
      : isNumeric
        ? 'mean prediction'
        : 'mean confidence';
  const by = detector === 'adwin' ? 'ADWIN' : 'Page–Hinkley';
  return {
    check: 'stream',
    column: null,
    message: `${what} ${short(before)} → ${short(after)}, since ${new Date(began).toISOString().slice(0, 16)}Z, by ${by}`,
    effect,
    limit: LEAST_CHANGE,
  };
}
