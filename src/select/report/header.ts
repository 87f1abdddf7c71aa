import type { RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { isInUnits, metricTitle } from './metric-words.ts';
import {
  besideText,
  clip,
  counted,
  countText,
  durationText,
  figureText,
  finite,
  intervalText,
} from './number-words.ts';
import { nameHtml } from './section.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const outcomes: Readonly<Record<Verdict['outcome'], readonly [tone: string, words: string] | undefined>> = {
  better: ['good', 'Better than the naive baseline'],
  unclear: ['fair', 'Not clearly better than the naive baseline'],
  worse: ['poor', 'No better than the naive baseline'],
  unknown: undefined,
};

/** The top of the page: what was predicted, by which model, how well, and beside what. */
export function header(run: RunRecord): Html {
  const verdict = verdictOf(run);
  const outcome = outcomes[verdict.outcome];
  return html`<header>
<p class="brand">heddle report</p>
<h1>Predicting ${nameHtml(run.target, 80)}</h1>
${outcome && html`<p class="pill ${outcome[0]}">${outcome[1]}</p>`}
<p class="verdict">${sentence(run, verdict)}</p>
<dl class="tiles">${tiles(run, verdict)}</dl>
</header>`;
}

function sentence(run: RunRecord, { metric, title, baseline }: Verdict): Html {
  const model = html`<strong>${clip(run.model.family, 60)}</strong>`;
  const rows = counted(run.rows.test, 'test row');
  if (metric === undefined || finite(metric.value) === undefined) {
    return html`The ${run.problem.kind} model is a ${model}; there are no figures on its ${rows}.`;
  }
  const interval = metric.interval && html` (${intervalText(metric.interval, metric.value)})`;
  const comparison =
    baseline &&
    html`; ${baseline.before} <strong>${besideText(baseline.value, metric.value)}</strong>${baseline.after}`;
  return html`${title} <strong>${figureText(metric.value)}</strong>${interval} on ${rows} that ${model} never saw${comparison}.`;
}

function tiles(run: RunRecord, verdict: Verdict): Html[] {
  const second = run.metrics.find(
    ({ name, value }) =>
      name !== verdict.metric?.name &&
      finite(value) !== undefined &&
      (run.problem.kind === 'classification' || isInUnits(name)),
  );
  const metricTile = ({ name, value, interval }: RunRecord['metrics'][number]) =>
    tile(
      metricTitle(name),
      figureText(value),
      interval === null ? undefined : `95%: ${intervalText(interval, value)}`,
    );
  const used = run.features.length;
  const { choice } = run;
  const cost = finite(choice?.spent.cost);
  return [
    ...(verdict.metric === undefined ? [] : [metricTile(verdict.metric)]),
    ...(second === undefined ? [] : [metricTile(second)]),
    tile('Model', clip(run.model.family, 30), clip(run.model.reason, 90)),
    tile(
      'Rows',
      countText(run.rows.train + run.rows.test),
      `${countText(run.rows.train)} to train, ${countText(run.rows.test)} to test`,
    ),
    tile('Columns used', countText(used), `of ${countText(run.data.columns)}`),
    tile('Time', durationText(run.seconds), cost === undefined ? undefined : `cost ${figureText(cost)}`),
  ];
}

function tile(name: string, value: string, detail?: string): Html {
  return html`<div><dt>${name}</dt><dd><b>${value}</b>${detail !== undefined && detail !== '' && html`<small>${detail}</small>`}</dd></div>`;
}
