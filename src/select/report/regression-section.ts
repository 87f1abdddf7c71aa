import { binValues } from '../../draw/bin-values.ts';
import { histogram } from '../../draw/histogram.ts';
import { scatter } from '../../draw/scatter.ts';
import type { RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { clip, countText, figureText, valueText } from './number-words.ts';
import { columns, emptySection, figure, type Section, table } from './section.ts';
import { type NumberSample, numberSample, sampleNote } from './test-sample.ts';

const WORST_ROWS = 10;

/** Predictions beside the truth, and what is left between them. */
export async function regressionSection(run: RunRecord): Promise<Section> {
  const id = 'residuals';
  const title = 'Predictions and residuals';
  const sample = numberSample(run);
  if (sample.rows.length === 0)
    return emptySection(id, title, 'The run kept no predictions of its test rows.');
  const { truth, predicted, residuals } = sample;
  const target = clip(run.target, 40);
  const note = sampleNote(run);
  const pictures = [
    await figure({
      caption: 'Truth over prediction',
      note: note ?? 'On the dashed line the prediction is right.',
      draw: (width) =>
        scatter(
          { x: predicted, y: truth },
          {
            ...{ width, reference: 'diagonal' },
            title: 'Truth over prediction',
            xLabel: `Predicted ${target}`,
            yLabel: `True ${target}`,
          },
        ),
    }),
    await figure({
      caption: 'Residuals over prediction',
      note: 'Residual: truth − prediction. A slope or a funnel is what the model has missed.',
      draw: (width) =>
        scatter(
          { x: predicted, y: residuals },
          {
            ...{ width, reference: 'zero' },
            title: 'Residuals over prediction',
            xLabel: `Predicted ${target}`,
            yLabel: 'Residual',
          },
        ),
    }),
    await figure({
      caption: 'Distribution of the residuals',
      draw: (width) =>
        histogram(binValues(residuals), {
          width,
          title: 'Distribution of the residuals',
          xLabel: 'Residual',
          mark: 0,
          height: 300,
        }),
    }),
  ];
  const body = html`${columns(pictures[0], pictures[1])}${columns(pictures[2], worstRows(sample, run.test.tableRows))}`;
  return { id, title, state: 'shown', body };
}

function worstRows(
  { rows, truth, predicted, residuals }: NumberSample,
  tableRows: readonly number[] | undefined,
): Html {
  const order = Array.from(residuals.keys()).sort(
    (a, b) => Math.abs(residuals[b]!) - Math.abs(residuals[a]!),
  );
  const worst = order
    .slice(0, WORST_ROWS)
    .map((k) => [
      countText((tableRows?.[rows[k]!] ?? rows[k]!) + 1),
      valueText(truth[k]),
      valueText(predicted[k]),
      figureText(residuals[k]),
    ]);
  return html`<div>${table(
    'Largest residuals',
    [
      { title: tableRows === undefined ? 'Test row' : 'Data row' },
      { title: 'Truth', kind: 'number' },
      { title: 'Prediction', kind: 'number' },
      { title: 'Residual', kind: 'number' },
    ],
    worst,
  )}<p class="note">${
    tableRows === undefined
      ? 'Test rows are counted in the order of the split.'
      : 'Data rows are counted from 1, without the header.'
  }</p></div>`;
}
