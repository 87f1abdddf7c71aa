import type { MetricRecord, RunRecord } from '../run/run-record.ts';
import { metricTitle } from './metric-words.ts';
import { finite } from './number-words.ts';

/** What the page says first. */
export interface Verdict {
  readonly metric: MetricRecord | undefined;
  readonly title: string;
  /** The naive baseline's figure in the same metric. */
  readonly baseline: { readonly value: number; readonly before: string; readonly after: string } | undefined;
  /**
   * `better`: even the pessimistic end of the interval beats the baseline; `worse`: even the optimistic end does not; `unclear`:
   * the baseline lies within, or there is no interval; `unknown`: nothing to compare.
   */
  readonly outcome: 'better' | 'unclear' | 'worse' | 'unknown';
}

export function verdictOf(run: RunRecord): Verdict {
  const metric = headline(run);
  if (metric === undefined || finite(metric.value) === undefined) {
    return {
      metric,
      title: metric === undefined ? '' : metricTitle(metric.name),
      baseline: undefined,
      outcome: 'unknown',
    };
  }
  const baseline = baselineOf(run, metric);
  return { metric, title: metricTitle(metric.name), baseline, outcome: outcomeOf(metric, baseline?.value) };
}

/** The metric that decided; without a choice the customary one of the problem. */
function headline({ metrics, choice, problem }: RunRecord): MetricRecord | undefined {
  const wanted = [choice?.metric, problem.kind === 'regression' ? 'r2' : 'accuracy'];
  for (const name of wanted) {
    const found = metrics.find((metric) => metric.name === name);
    if (found !== undefined) return found;
  }
  return metrics[0];
}

function baselineOf(run: RunRecord, { name }: MetricRecord): Verdict['baseline'] {
  const entry =
    run.choice?.metric === name ? run.choice.leaderboard.find(({ isBaseline }) => isBaseline) : undefined;
  const mean = finite(entry?.mean);
  if (mean !== undefined)
    return { value: mean, before: 'the naive baseline has', after: ' in cross-validation' };
  // R² compares with the mean of the truth by definition.
  if (name === 'r2') return { value: 0, before: 'always predicting the mean would have', after: '' };
  if (name === 'rocAuc') return { value: 0.5, before: 'guessing would have', after: '' };
  if (name === 'accuracy' && run.test.confusion !== null) {
    const sums = run.test.confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
    const total = sums.reduce((sum, count) => sum + count, 0);
    if (total > 0)
      return {
        value: Math.max(...sums) / total,
        before: 'always naming the most frequent class would have',
        after: '',
      };
  }
  return undefined;
}

function outcomeOf(
  { interval, greaterIsBetter }: MetricRecord,
  baseline: number | undefined,
): Verdict['outcome'] {
  if (baseline === undefined) return 'unknown';
  const [low, high] = [finite(interval?.[0]), finite(interval?.[1])];
  if (low === undefined || high === undefined) return 'unclear';
  const [pessimistic, optimistic] = greaterIsBetter ? [low, high] : [high, low];
  const beats = (value: number) => (greaterIsBetter ? value > baseline : value < baseline);
  if (beats(pessimistic)) return 'better';
  return beats(optimistic) || optimistic === baseline ? 'unclear' : 'worse';
}
