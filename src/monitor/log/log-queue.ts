import type { Cell } from '../../core/frame.ts';
import { cellsToText } from './cell-text.ts';
import type { FeedbackRow, LogBatch } from './log-messages.ts';
import type { LoggedPrediction } from './prediction-log.ts';

/** A prediction that waits to be written, encoded: its row may change meanwhile. */
export interface QueuedPrediction {
  readonly id: string;
  readonly at: number;
  readonly model: string;
  readonly version: number | null;
  /** Names of the columns as JSON. */
  readonly list: string;
  readonly row: string;
  readonly prediction: string;
  readonly probabilities: string | null;
  readonly bytes: number;
}

export function queuedPrediction(given: LoggedPrediction): QueuedPrediction {
  const names = Object.keys(given.row);
  const cells: (Cell | undefined)[] = new Array(names.length);
  for (let j = 0; j < names.length; j++) cells[j] = given.row[names[j]];
  const row = cellsToText(cells);
  const probabilities = given.probabilities === undefined ? null : JSON.stringify(given.probabilities);
  return {
    id: given.id,
    at: given.at,
    model: given.model,
    version: given.version,
    list: listText(names),
    row,
    prediction: cellsToText([given.prediction]),
    probabilities,
    bytes: row.length + (probabilities?.length ?? 0),
  };
}

/** Rows follow each other with the same columns: their names are encoded once. */
let lastNames: readonly string[] = [];
let lastText = '[]';
function listText(names: readonly string[]): string {
  const isSame = names.length === lastNames.length && names.every((name, j) => name === lastNames[j]);
  if (!isSame) {
    lastNames = names;
    lastText = JSON.stringify(names);
  }
  return lastText;
}

/** Queued predictions as columns, names and models once each. */
export function toBatch(
  predictions: readonly QueuedPrediction[],
  feedback: readonly FeedbackRow[],
): LogBatch {
  const lists = new Map<string, number>();
  const sources = new Map<string, number>();
  const pairs: [string, number | null][] = [];
  const placeOfList = (text: string): number => {
    const place = lists.get(text) ?? lists.size;
    lists.set(text, place);
    return place;
  };
  const placeOfSource = (model: string, version: number | null): number => {
    const key = `${version} ${model}`;
    const known = sources.get(key);
    if (known !== undefined) return known;
    sources.set(key, pairs.length);
    return pairs.push([model, version]) - 1;
  };
  return {
    ids: predictions.map(({ id }) => id),
    at: predictions.map(({ at }) => at),
    source: predictions.map(({ model, version }) => placeOfSource(model, version)),
    list: predictions.map(({ list }) => placeOfList(list)),
    rows: predictions.map(({ row }) => row),
    predictions: predictions.map(({ prediction }) => prediction),
    probabilities: predictions.map(({ probabilities }) => probabilities),
    lists: [...lists.keys()],
    sources: pairs,
    feedback,
  };
}
