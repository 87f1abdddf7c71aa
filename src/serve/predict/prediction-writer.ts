import type { QuickPrediction } from '../../define/quick-predictor.ts';
import type { ServedModel } from '../model/served-model.ts';

/** Writes predictions as JSON and CSV: the parts that never change are text already. */
export interface PredictionWriter {
  /** `{"id":…,"prediction":…,"probabilities":{…},"model":{…}}`, or `"interval":[lower,upper]` where the model gives one. */
  one(id: string, predictions: QuickPrediction, row: number): string;
  /** The same for every id, without the model, as it stands in a list or a line. */
  item(id: string, predictions: QuickPrediction, row: number): string;
  /** `{"predictions":[…],"model":{…}}`: what goes before and after the items. */
  readonly open: string;
  readonly close: string;
}

export function predictionWriter({
  identity,
  target,
}: Pick<ServedModel, 'identity' | 'target'>): PredictionWriter {
  const { name, version } = identity;
  const model = JSON.stringify({ name, version });
  const classes = target.classes ?? [];
  const labels = classes.map((label) => JSON.stringify(label));
  const keys = classes.map((label, k) => `${k === 0 ? '' : ','}${JSON.stringify(String(label))}:`);
  const item = (id: string, predictions: QuickPrediction, row: number): string => {
    // Ids are letters and digits.
    const head = `{"id":"${id}","prediction":`;
    if (predictions.kind === 'values') {
      const { values, bounds } = predictions;
      const value = head + jsonNumber(values[row]!);
      if (bounds === undefined) return value;
      return `${value},"interval":[${jsonNumber(bounds[2 * row]!)},${jsonNumber(bounds[2 * row + 1]!)}]`;
    }
    const { codes, probabilities } = predictions;
    let text = head + labels[codes[row]!]!;
    if (probabilities === undefined) return text;
    text += ',"probabilities":{';
    for (let k = 0, at = row * keys.length; k < keys.length; k++, at++) {
      text += keys[k]! + jsonNumber(probabilities[at]!);
    }
    return `${text}}`;
  };
  return {
    one: (id, predictions, row) => `${item(id, predictions, row)},"model":${model}}`,
    item: (id, predictions, row) => `${item(id, predictions, row)}}`,
    open: '{"predictions":[',
    close: `],"model":${model}}`,
  };
}

function jsonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}
