import { parseXgboost, type XgboostJson } from './xgboost-json.ts';

export interface XgboostPayload {
  readonly text: string;
  readonly file: string;
}

/** What a worker thread runs for texts that take long. */
export function xgboostTask({ text, file }: XgboostPayload): XgboostJson {
  return parseXgboost(text, file);
}
