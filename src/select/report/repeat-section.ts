import type { RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { clip, counted, countText, durationText, timeText } from './number-words.ts';
import { nameHtml, type Section } from './section.ts';

/** Longer JSON is folded away. */
const OPEN_LINES = 24;
const MOST_LETTERS = 20_000;

/** All that is needed to do the same again. */
export function repeatSection(run: RunRecord): Section {
  const { repeat, data, versions, rows, problem, preparation } = run;
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Started', timeText(run.startedAt)],
    ['Took', durationText(run.seconds)],
    ['heddle', versions.heddle],
    ['Node', versions.node],
    ['Data', data.source === null ? 'a table in memory' : clip(data.source, 200)],
    ['Table', `${counted(data.rows, 'row')}, ${counted(data.columns, 'column')}`],
    ['Fingerprint', html`<code>${data.fingerprint.slice(0, 200)}</code>`],
    ['Problem', `${problem.kind}: ${clip(problem.reason, 200)}`],
    ['Split', html`${splitText(run)}`],
    [
      'Rows',
      `${countText(rows.train)} to train, ${countText(rows.test)} to test${rows.dropped > 0 ? `, ${countText(rows.dropped)} dropped` : ''}`,
    ],
    [
      'Preparation',
      preparation.length === 0
        ? 'none'
        : html`<ul>${preparation.slice(0, 30).map((step) => html`<li>${clip(step, 300)}</li>`)}</ul>`,
    ],
  ];
  const command =
    repeat.command === null
      ? false
      : html`<h3>Command</h3><pre><code>${repeat.command.slice(0, MOST_LETTERS)}</code></pre>`;
  const body = html`<dl class="facts wide-facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${command}${json(
    `Options of ${run.choice === null ? 'trainTable' : 'autoTrain'}`,
    repeat.options,
  )}${json('Model', run.model.specification)}`;
  return { id: 'repeat', title: 'Settings to repeat it', state: 'shown', body };
}

function splitText({ repeat: { options } }: RunRecord): Html {
  const { testSize = 0.2, seed = 42, group, time, stratify } = options;
  const kind = [
    ...(time === undefined ? [] : [html`later rows by ${nameHtml(time)} are the test rows`]),
    ...(group === undefined ? [] : [html`groups of ${nameHtml(group)} stay together`]),
    ...(time === undefined && group === undefined ? [html`at random`] : []),
    ...(stratify === true ? [html`keeping the shares of the classes`] : []),
  ];
  return html`${kind.map((one, i) => html`${i > 0 && ', '}${one}`)}; test size ${testSize}, seed ${seed}`;
}

function json(title: string, value: unknown): Html {
  const text = JSON.stringify(value, null, 2);
  const shown = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}\n…` : text;
  const block = html`<summary>${title}</summary><pre><code>${shown}</code></pre>`;
  return shown.split('\n').length <= OPEN_LINES
    ? html`<details open>${block}</details>`
    : html`<details>${block}</details>`;
}
