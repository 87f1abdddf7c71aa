import type { Frame } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import type { FeatureDrift } from './drift/feature-drift.ts';
import type { DomainDrift } from './multivariate/domain-drift.ts';
import type { EstimatedLoss } from './performance/estimated-loss.ts';
import type { EstimatedPerformance } from './performance/estimated-performance.ts';
import type { MeasuredPerformance } from './performance/measured-performance.ts';
import type { QualityReport } from './quality/check-quality.ts';

/** Rows that a model predicted; a window of a prediction log is one, a table with nothing else too. */
export interface MonitoredWindow {
  /** Features as they came: columns may be missing, be more, or hold other kinds. */
  readonly rows: Frame;
  /** Milliseconds since 1970. */
  readonly at?: Float64Array | undefined;
  /** What the model said; predicted again where absent. */
  readonly predictions?: readonly Label[] | undefined;
  /** One list a row in the order of the model's classes; null where the model gave none. */
  readonly probabilities?: readonly (readonly number[] | null)[] | undefined;
  /** The truth of each row; null where it is not known. */
  readonly labels?: readonly (Label | null)[] | undefined;
}

export type Check =
  | 'quality'
  | 'feature-drift'
  | 'prediction-drift'
  | 'multivariate-drift'
  | 'performance'
  | 'estimated-performance'
  | 'stream';

/** Something a person should look at. */
export interface Alarm {
  readonly check: Check;
  /** The column it is about; null for one about the model or the whole table. */
  readonly column: string | null;
  /** What changed, in words that follow the column's name. */
  readonly message: string;
  /** How large it is and what it exceeds: the larger one of threshold and null quantile. null where the fact itself alarms. */
  readonly effect: number | null;
  readonly limit: number | null;
}

/** What `monitorWindow` found. A part is null where it could not be checked; `notes` say why. */
export interface WindowReport {
  readonly rows: number;
  /** ISO 8601, of the first and last row; null where the rows have no times. */
  readonly from: string | null;
  readonly until: string | null;
  readonly quality: QualityReport | null;
  /** Of the columns that the window has in the kind they had in training. */
  readonly features: FeatureDrift | null;
  /** Columns `prediction`, `confidence` (of classes) and, where labels are known, `target`. */
  readonly predictions: FeatureDrift | null;
  readonly multivariate: DomainDrift | null;
  readonly performance: MeasuredPerformance | null;
  /** Of classifiers with probabilities. */
  readonly estimated: EstimatedPerformance | null;
  /** Of regressors, where labelled rows before the window are given. */
  readonly estimatedLoss: EstimatedLoss | null;
  /** Most severe first: columns that are missing, performance, drift. */
  readonly alarms: readonly Alarm[];
  readonly notes: readonly string[];
}
