/** How a column's values are compared. 'none' compares only what is missing. */
export type DriftStatistic =
  | 'kolmogorovSmirnov'
  | 'wasserstein'
  | 'populationStability'
  | 'jensenShannon'
  | 'chiSquared'
  | 'none';

/** Two windows of one column under one statistic. */
export interface Comparison {
  /** The statistic itself: D, W₁ in the column's unit, PSI, the Jensen–Shannon distance or χ². */
  readonly value: number;
  /** P(at least this value) without drift: by theory for D and χ², else by simulation (at least 1 / 1001). */
  readonly pValue: number;
  /** What is judged, free of units and sample sizes: D, W₁ / σ of the reference, PSI, the distance, or Cohen's w. */
  readonly effect: number;
  /** What the effect exceeds with at most the allowed probability when nothing drifted. */
  readonly nullQuantile: number;
  /** How far the effect may be off because the reference is a summary; 0 with a frame. */
  readonly errorBound: number;
}
