import type { Cell, Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';

/**
 * Predictions of a served model with the rows they were made from, and what users said of them, in one SQLite file. Writes are
 * gathered and committed together off the event loop; the queue is bounded, and what does not fit is counted, not kept.
 */
export interface PredictionLog extends AsyncDisposable {
  readonly path: string;
  /** @returns how many were taken; the rest is counted in `dropped`. Never waits. */
  append(predictions: readonly LoggedPrediction[]): number;
  /**
   * Keeps a user's word on a prediction. The same `key` (or, without one, the same prediction, kind and author) counts once: the later
   * one is a `duplicate` when equal and `replaced` when it differs. When this resolves, a kill of the process does not lose it.
   */
  feedback(entry: Feedback): Promise<'stored' | 'duplicate' | 'replaced' | 'unknown-prediction'>;
  /** Resolves once all that was appended is committed. */
  flush(): Promise<void>;
  /** Entries that the bounded queue had no room for. */
  readonly dropped: number;
  readonly queued: number;
}

export interface LoggedPrediction {
  /** Unique, as the server gave it to its client. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly model: string;
  /** Of a registry; null for a model file. */
  readonly version: number | null;
  readonly row: Readonly<Record<string, Cell>>;
  readonly prediction: Label;
  /** In the order of the model's classes. */
  readonly probabilities?: readonly number[] | undefined;
}

export interface Feedback {
  readonly predictionId: string;
  readonly at: number;
  /** The right answer; a grade of the answer in [0, 1]; or whether it was preferred to that of another prediction. */
  readonly said:
    | { readonly kind: 'label'; readonly value: Label }
    | { readonly kind: 'rating'; readonly value: number }
    | { readonly kind: 'preference'; readonly over: string };
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  /** Makes a repeated request count once. */
  readonly key?: string | undefined;
}

/** Which logged predictions to read. */
export interface LogQuery {
  readonly model?: string | undefined;
  readonly version?: number | undefined;
  /** Milliseconds since 1970; `since` is included, `until` is not. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** The newest ones. */
  readonly last?: number | undefined;
  readonly labelled?: boolean | undefined;
}

/** Logged predictions as a table, oldest first. */
export interface LogWindow {
  readonly rows: Frame;
  readonly ids: readonly string[];
  readonly at: Float64Array;
  readonly predictions: readonly Label[];
  /** One list a row; null where the model gave none. */
  readonly probabilities: readonly (readonly number[] | null)[];
  /** The corrected label of each row; null where nobody gave one. */
  readonly labels: readonly (Label | null)[];
}
