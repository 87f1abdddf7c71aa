import { type LightgbmText, parseLightgbm } from './lightgbm-text.ts';

export interface LightgbmPayload {
  readonly text: string;
  readonly file: string;
}

/** What a worker thread runs for texts that take long. */
export function lightgbmTask({ text, file }: LightgbmPayload): LightgbmText {
  return parseLightgbm(text, file);
}
