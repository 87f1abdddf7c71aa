import { percent } from '../../monitor/drift/describe-change.ts';
import type { Check, WindowReport } from '../../monitor/window-report.ts';
import { count, layOut, shorten, shortNumber } from '../layout.ts';

const titles: Readonly<Record<Check, string>> = {
  quality: 'quality',
  'feature-drift': 'feature',
  'prediction-drift': 'predictions',
  'multivariate-drift': 'all columns',
  performance: 'performance',
  'estimated-performance': 'estimate',
  stream: 'stream',
};

/** What a window's checks found, for people: what alarms, line by line; what does not, in short. */
export function windowLines(report: WindowReport, title: string): string[] {
  const { alarms } = report;
  const verdict = alarms.length === 0 ? 'fine' : count(alarms.length, 'alarm');
  const rows = alarms.map(({ check, column, message, effect, limit }) => [
    titles[check],
    column ?? '',
    message,
    effect === null ? '' : `${effectText(effect)} > ${effectText(limit!)}`,
  ]);
  return [
    `${title}: ${verdict}`,
    ...layOut(rows, ['left', 'left', 'left', 'left'], '  '),
    ...layOut(factRows(report), ['left', 'left'], '  '),
  ];
}

function factRows(report: WindowReport): string[][] {
  const { quality, features, predictions, multivariate, performance, estimated, estimatedLoss, notes } =
    report;
  const rows: string[][] = [];
  const quiet = (features?.columns ?? []).filter(({ drifted }) => !drifted).map(({ column }) => column);
  if (quiet.length > 0) {
    rows.push(['steady', `${count(quiet.length, 'feature')}: ${shorten(quiet.join(', '), 80)}`]);
  }
  const calm = (predictions?.columns ?? []).filter(({ drifted }) => !drifted).map(({ column }) => column);
  if (calm.length > 0) rows.push(['', `of the predictions: ${calm.join(', ')}`]);
  if (multivariate !== null && !multivariate.drifted) {
    const { effect, nullQuantile, threshold } = multivariate;
    const limit = Math.max(nullQuantile, threshold);
    rows.push(['', `all columns together: area ${effectText(effect)} of at most ${effectText(limit)}`]);
  }
  if (performance !== null) {
    const { metrics, rows: labelled, labelled: share } = performance;
    const shown = metrics
      // A relative error with truths near 0 says nothing.
      .filter(({ name, value }) => Number.isFinite(value) && !(name === 'mape' && value > 10))
      .map(({ name, value, interval, training }) => {
        const range = interval === null ? '' : ` (${short(interval[0])} to ${short(interval[1])})`;
        const then = training === null ? '' : `, in training ${short(training)}`;
        return `${name} ${short(value)}${range}${then}`;
      });
    rows.push(['performance', `on ${count(labelled, 'labelled row')} (${percent(share)}):`]);
    for (const line of shown) rows.push(['', line]);
  }
  if (estimated !== null) {
    const { accuracy, interval, training, expected } = estimated;
    const then = training === null ? '' : `, in training ${short(training.accuracy)}`;
    const range = `${short(interval[0])} to ${short(interval[1])}`;
    rows.push([
      'estimate',
      `accuracy ${short(accuracy)} (${range})${then}, as far as probabilities can tell`,
    ]);
    rows.push(['', `f1 ${short(expected.f1)}, rocAuc ${short(expected.rocAuc)}`]);
  }
  if (estimatedLoss !== null) {
    const { mae, interval, before, rows: from } = estimatedLoss;
    const range = `${short(interval[0])} to ${short(interval[1])}`;
    rows.push([
      'estimate',
      `mae ${short(mae)} (${range}), ${short(before)} on the ${count(from.labelled, 'labelled row')} it is estimated from`,
    ]);
  }
  const asides = (quality?.issues ?? []).filter(({ alarm }) => !alarm);
  for (const [i, { column, message }] of asides.entries()) {
    rows.push([i === 0 ? 'noticed' : '', `${column} ${message}`]);
  }
  if (quality !== null && quality.duplicateRows > 0) {
    rows.push([
      asides.length === 0 ? 'noticed' : '',
      `${count(quality.duplicateRows, 'row')} equal to an earlier one`,
    ]);
  }
  for (const [i, note] of notes.entries()) rows.push([i === 0 ? 'not checked' : '', note]);
  return rows;
}

function effectText(value: number): string {
  return value === Infinity ? '∞' : short(value);
}

function short(value: number): string {
  return shortNumber(Number(value.toPrecision(3)));
}
