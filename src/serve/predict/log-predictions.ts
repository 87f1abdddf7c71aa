import { type Cell, columnCell, type Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import type { QuickPrediction } from '../../define/quick-predictor.ts';
import type { LoggedPrediction, PredictionLog } from '../../monitor/log/prediction-log.ts';
import type { ServedModel } from '../model/served-model.ts';

/** Rows of `x` with what was predicted of them, for a log that keeps them. */
export interface AnsweredRows {
  readonly model: Pick<ServedModel, 'identity' | 'target'>;
  readonly x: Frame;
  readonly predictions: QuickPrediction;
  /** Row of `x` that the first id is of; the other ids follow. */
  readonly from: number;
  readonly ids: readonly string[];
}

/** Gives answered rows to the log, which takes them without waiting, or counts what it has no room for. */
export function logPredictions(log: PredictionLog, answered: AnsweredRows): void {
  log.append(loggedPredictions(answered));
}

export function loggedPredictions({ model, x, predictions, from, ids }: AnsweredRows): LoggedPrediction[] {
  const { name, version } = model.identity;
  const { classes } = model.target;
  const at = Date.now();
  const columns = x.entries();
  return ids.map((id, k) => {
    const i = from + k;
    const row: Record<string, Cell> = {};
    for (const [column, cells] of columns) setCell(row, column, columnCell(cells, i));
    return {
      ...{ id, at, model: name, version, row },
      prediction: predictionOf(predictions, i, classes),
      probabilities: probabilitiesOf(predictions, i, classes),
    };
  });
}

/** A column may be called `__proto__`. */
function setCell(row: Record<string, Cell>, name: string, value: Cell): void {
  if (name === '__proto__') {
    Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
  } else row[name] = value;
}

function predictionOf(predictions: QuickPrediction, row: number, classes: readonly Label[] | null): Label {
  return predictions.kind === 'values' ? predictions.values[row]! : classes![predictions.codes[row]!]!;
}

function probabilitiesOf(
  predictions: QuickPrediction,
  row: number,
  classes: readonly Label[] | null,
): number[] | undefined {
  if (predictions.kind === 'values' || predictions.probabilities === undefined) return undefined;
  const width = classes!.length;
  return Array.from(predictions.probabilities.subarray(row * width, (row + 1) * width));
}
