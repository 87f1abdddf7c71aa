import type { RunRecord } from '../run/run-record.ts';
import type { Report } from './report.ts';

/**
 * The report of a run as one HTML file without scripts and without requests: verdict, figures with intervals, residuals or
 * confusion matrix and curves, importances, leaderboard, learning curve, data profile, settings to repeat it. It reads in light
 * and dark, on a phone and on paper. The same record gives the same bytes.
 */
export async function renderReport(run: RunRecord): Promise<string> {
  return (await buildReport(run)).html;
}

/** {@link renderReport} with a list of the page's sections. The drawing library is loaded at the first call. */
export async function buildReport(run: RunRecord): Promise<Report> {
  const { composeReport } = await import('./compose-report.ts');
  return composeReport(run);
}
