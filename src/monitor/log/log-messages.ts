import type { ErrorJson } from '../../core/errors.ts';

/** Between a prediction log and the thread that writes its file. Predictions travel as columns: cheaper than objects. */
export interface LogBatch {
  /** Names of columns, as JSON, that the rows of this batch have. */
  readonly lists: readonly string[];
  readonly sources: readonly (readonly [model: string, version: number | null])[];
  readonly ids: readonly string[];
  readonly at: readonly number[];
  /** Place in `sources` and `lists` of each prediction. */
  readonly source: readonly number[];
  readonly list: readonly number[];
  /** Cells as text, in the order of the list. */
  readonly rows: readonly string[];
  /** One cell as text. */
  readonly predictions: readonly string[];
  /** JSON, or null. */
  readonly probabilities: readonly (string | null)[];
  readonly feedback: readonly FeedbackRow[];
}

export interface FeedbackRow {
  readonly key: string;
  readonly predictionId: string;
  readonly at: number;
  readonly kind: 'label' | 'rating' | 'preference';
  /** One cell as text. */
  readonly value: string;
  readonly author: string | null;
  readonly comment: string | null;
}

export type FeedbackOutcome = 'stored' | 'duplicate' | 'replaced' | 'unknown-prediction';

/** What the writing thread is given when it starts. */
export interface LogWriterData {
  readonly path: string;
  readonly maxRows: number | null;
  readonly maxAgeDays: number | null;
}

export type LogReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: ErrorJson }
  | { readonly kind: 'committed'; readonly outcomes: readonly FeedbackOutcome[] }
  | { readonly kind: 'closed' };
