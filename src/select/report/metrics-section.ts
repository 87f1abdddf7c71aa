import { dotPlot } from '../../draw/dot-plot.ts';
import type { RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { endsAtOne, isInUnits, metricLabel, metricTitle } from './metric-words.ts';
import { clip, counted, figureText, finite, intervalText, percentText } from './number-words.ts';
import { columns, emptySection, figure, type Section, table } from './section.ts';
import { numberSample, sampleNote } from './test-sample.ts';

const MOST_METRICS = 30;

/** The figures on the test rows with their intervals. */
export async function metricsSection(run: RunRecord): Promise<Section> {
  const id = 'metrics';
  const title = 'Metrics';
  const known = run.metrics.filter(({ value }) => finite(value) !== undefined);
  if (known.length === 0) return emptySection(id, title, 'The run has no figures on its test rows.');
  const rows = run.metrics
    .slice(0, MOST_METRICS)
    .map(({ name, value, interval, greaterIsBetter }) => [
      html`${metricTitle(name)}${isInUnits(name) && html`<small>in units of ${clip(run.target, 40)}</small>`}`,
      figureText(value),
      interval === null ? '–' : intervalText(interval, value),
      greaterIsBetter ? 'higher' : 'lower',
    ]);
  const figures = table(
    `On ${counted(run.test.rows, 'test row')}`,
    [
      { title: 'Metric' },
      { title: 'Value', kind: 'number' },
      { title: '95% interval', kind: 'number' },
      { title: 'Better' },
    ],
    rows,
  );
  const note = html`<p class="note">Intervals: bootstrap over the test rows. They say how much the figures would move with other test rows, not with other training rows.</p>`;
  const beside = run.problem.kind === 'regression' ? errorTable(run) : await dots(run);
  return { id, title, state: 'shown', body: columns(html`<div>${figures}${note}</div>`, beside) };
}

async function dots(run: RunRecord): Promise<Html | undefined> {
  const rows = run.metrics
    .filter(({ name, value }) => endsAtOne(name) && finite(value) !== undefined)
    .slice(0, 16)
    .map(({ name, value, interval }) => {
      const [low, high] = [finite(interval?.[0]), finite(interval?.[1])];
      const ends = low === undefined || high === undefined ? {} : { low, high };
      return { label: metricLabel(name, run.positiveClass), value: value!, ...ends };
    });
  if (rows.length < 2) return undefined;
  const least = Math.min(...rows.map(({ value, low }) => low ?? value));
  return figure({
    caption: 'Figures for which 1 is perfect',
    draw: (width) =>
      dotPlot(rows, {
        width,
        title: 'Metrics with 95% intervals',
        xLabel: '95% interval',
        // To a tenth below the least, so that figures near 1 can be told apart.
        domain: [Math.min(0.9, Math.floor(10 * least) / 10), 1],
      }),
  });
}

/** How far off predictions are: the error that a share of the rows stays within. */
function errorTable(run: RunRecord): Html | undefined {
  const { truth, residuals } = numberSample(run);
  if (residuals.length < 10) return undefined;
  const sizes = residuals.map(Math.abs).sort((a, b) => a - b);
  const relative = residuals
    .map((residual, i) => Math.abs(residual / truth[i]!))
    .filter((share) => Number.isFinite(share))
    .sort((a, b) => a - b);
  const at = (sorted: readonly number[], share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  const rows = [0.5, 0.8, 0.9, 0.95, 1].map((share) => [
    share === 1 ? 'all' : percentText(share),
    `± ${figureText(at(sizes, share))}`,
    relative.length < sizes.length / 2 ? '–' : `± ${percentText(at(relative, share))}`,
  ]);
  const mean = residuals.reduce((sum, residual) => sum + residual, 0) / residuals.length;
  const side = mean > 0 ? 'below' : 'above';
  const head = [
    { title: 'Share of rows' },
    { title: 'Error within', kind: 'number' as const },
    { title: 'of the truth', kind: 'number' as const },
  ];
  return html`<div>${table('How far off the predictions are', head, rows)}<p class="note">On average predictions lie ${figureText(Math.abs(mean))} ${side} the truth. ${sampleNote(run)}</p></div>`;
}
