import type { Label } from '../../core/labels.ts';
import { scorers } from '../../metrics/registry.ts';
import { clip } from './number-words.ts';

/** The metric's name for people. */
export function metricTitle(name: string): string {
  return scorers.get(name)?.title ?? name;
}

/** The same within a sentence: `accuracy`, but `R²` and `Cohen's kappa`. */
export function metricWords(name: string): string {
  const title = metricTitle(name);
  return /^(?:[A-Z][^a-z]|Cohen|Matthews)/.test(title)
    ? title
    : title.charAt(0).toLowerCase() + title.slice(1);
}

/** The name as short as a chart needs it; figures of the positive class name that class. */
export function metricLabel(name: string, positiveClass: Label | null): string {
  return metricTitle(name)
    .replace('Area under the ROC curve', 'ROC AUC')
    .replace(' (positive class)', positiveClass === null ? '' : ` of ${clip(String(positiveClass), 12)}`);
}

const inUnitsOfTarget = new Set(['rmse', 'mae', 'medianAbsoluteError', 'maxError']);

/** Whether the figure is in the units of the target. */
export function isInUnits(name: string): boolean {
  return inUnitsOfTarget.has(name);
}

const withinOne = new Set([
  ...[
    'r2',
    'explainedVariance',
    'd2AbsoluteError',
    'accuracy',
    'balancedAccuracy',
    'matthewsCorrcoef',
    'cohenKappa',
  ],
  ...[
    'rocAuc',
    'rocAucWeighted',
    'rocAucOvo',
    'rocAucOvoWeighted',
    'averagePrecision',
    'top2Accuracy',
    'd2LogLoss',
    'd2Brier',
  ],
  ...['f1', 'precision', 'recall', 'jaccard'].flatMap((name) =>
    ['', 'Micro', 'Weighted', 'Positive'].map((end) => name + end),
  ),
]);

/** Whether 1 is perfect, so that figures can share an axis. */
export function endsAtOne(name: string): boolean {
  return withinOne.has(name);
}
