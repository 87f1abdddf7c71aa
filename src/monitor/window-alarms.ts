import { percent, short } from './drift/describe-change.ts';
import type { ColumnDrift, FeatureDrift } from './drift/feature-drift.ts';
import type { Alarm, Check, WindowReport } from './window-report.ts';

/** All that alarms in a window, most severe first. */
export function alarmsOf(report: Omit<WindowReport, 'alarms' | 'notes'>): Alarm[] {
  const { quality, performance, estimated, estimatedLoss, multivariate } = report;
  const alarms: Alarm[] = [];
  for (const { column, message, effect, limit, alarm } of quality?.issues ?? []) {
    if (alarm) alarms.push({ check: 'quality', column, message, effect, limit });
  }
  for (const { name, value, training, judged } of performance?.metrics ?? []) {
    if (judged?.drifted !== true) continue;
    alarms.push({
      check: 'performance',
      column: null,
      message: `${name} ${short(training!)} → ${short(value)} on ${performance!.rows} labelled rows`,
      ...bounds(judged),
    });
  }
  if (estimated?.drifted === true && estimated.training !== null) {
    const { training, accuracy } = estimated;
    alarms.push({
      check: 'estimated-performance',
      column: null,
      message: `estimated accuracy ${percent(training.accuracy)} → ${percent(accuracy)}: the model is less sure of its answers`,
      ...bounds(estimated),
    });
  }
  if (estimatedLoss?.drifted === true) {
    const { before, mae } = estimatedLoss;
    alarms.push({
      check: 'estimated-performance',
      column: null,
      message: `estimated mae ${short(before)} → ${short(mae)}: rows are like those on which the model errs more`,
      ...bounds(estimatedLoss),
    });
  }
  alarms.push(...driftAlarms('prediction-drift', report.predictions));
  alarms.push(...driftAlarms('feature-drift', report.features));
  if (multivariate?.drifted === true) {
    const names = multivariate.columns.slice(0, 5).map(({ column }) => column);
    const by = names.length === 0 ? '' : `, most by ${names.join(', ')}`;
    alarms.push({
      check: 'multivariate-drift',
      column: null,
      message: `rows can be told apart from those of the reference (area ${short(multivariate.effect)}${by})`,
      ...bounds(multivariate),
    });
  }
  return alarms;
}

/** Largest effect, in limits, first. */
function driftAlarms(check: Check, drift: FeatureDrift | null): Alarm[] {
  return (drift?.columns ?? [])
    .filter(({ drifted }) => drifted)
    .map((column) => ({ check, column: column.column, message: column.change, ...largest(column) }))
    .sort((a, b) => b.effect / b.limit - a.effect / a.limit);
}

/** The part of a column's drift that exceeds its limit by the most. */
export function largest({ comparison, missing, unseen, vanished }: ColumnDrift): {
  effect: number;
  limit: number;
} {
  return [comparison, missing, unseen, vanished]
    .filter((part) => part !== null)
    .map(bounds)
    .reduce((most, part) => (part.effect / part.limit > most.effect / most.limit ? part : most));
}

function bounds(judged: {
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
}): { effect: number; limit: number } {
  const { effect, nullQuantile, threshold } = judged;
  return { effect, limit: Math.max(nullQuantile, threshold) };
}
