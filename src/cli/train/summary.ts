import { isUsed } from '../../select/column-role.ts';
import type { MetricRecord } from '../../select/run/run-record.ts';
import type { TrainedTable } from '../../select/train-table.ts';
import { firstCells } from '../prediction-lines.ts';

/** What a training ended with. */
export interface TrainRun {
  readonly trained: TrainedTable;
  /** With their intervals. */
  readonly metrics: readonly MetricRecord[];
  readonly target: string;
  readonly warnings: readonly string[];
  readonly out: string | null;
  readonly run: string | null;
}

/** Rows whose predictions are shown. */
const SHOWN_ROWS = 20;

/** The object that `--json` prints. */
export function trainSummary({ trained, metrics, target, warnings, out, run }: TrainRun): object {
  const { choice, evaluation, columns } = trained;
  const { predictions } = evaluation;
  const shown = Math.min(SHOWN_ROWS, trained.rows.test);
  return {
    model: choice.family,
    reason: choice.reason,
    problem: choice.problem,
    problemReason: choice.problemReason,
    target,
    ...(trained.classes && { classes: trained.classes, positiveClass: trained.positiveClass ?? null }),
    options: choice.specification.toJSON().options,
    choice: choice.comparison,
    rows: trained.rows,
    features: trained.features,
    leftOut: columns
      .filter((column) => !isUsed(column))
      .map(({ name, role, reason }) => ({ name, role, reason })),
    preparation: trained.steps,
    metrics: evaluation.metrics,
    intervals: Object.fromEntries(metrics.map(({ name, interval }) => [name, interval])),
    predictions: Array.from(predictions.values.slice(0, shown)),
    truth: firstCells(trained.truth, shown),
    testRows: trained.testRows.slice(0, shown),
    warnings,
    seconds: trained.seconds,
    ...{ out, run },
  };
}
