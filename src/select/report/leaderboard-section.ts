import { type DotRow, dotPlot } from '../../draw/dot-plot.ts';
import type { ChoiceRecord, LeaderboardEntry, RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { metricTitle, metricWords } from './metric-words.ts';
import {
  besideText,
  clip,
  counted,
  countText,
  durationText,
  figureText,
  finite,
  meanText,
} from './number-words.ts';
import { type Cell, columns, emptySection, figure, type Section, table } from './section.ts';

const MOST_ENTRIES = 30;
const MOST_DOTS = 12;

/** The candidates that were compared, best first, with the naive baseline among them. */
export async function leaderboardSection({ choice, model }: RunRecord): Promise<Section> {
  const id = 'leaderboard';
  const title = 'Leaderboard';
  if (choice === null) {
    return emptySection(id, title, `Nothing was compared: ${clip(model.family, 60)} was named for this run.`);
  }
  const metric = metricTitle(choice.metric);
  const compared = choice.leaderboard.filter(
    (entry) => !entry.isBaseline && entry.state !== 'skipped',
  ).length;
  const baseline = choice.leaderboard.some(({ isBaseline }) => isBaseline);
  const explanation = html`<p>${counted(compared, 'candidate')}${baseline && ' and the naive baseline'} by ${metricWords(choice.metric)} (${
    choice.greaterIsBetter ? 'higher' : 'lower'
  } is better) in ${countText(choice.folds)}-fold cross-validation on the training rows. The test rows had no part in the choice.</p>`;
  const body = html`${explanation}${columns(await dots(choice, metric), html`<div>${entriesTable(choice, metric)}${spending(choice)}</div>`)}`;
  return { id, title, state: 'shown', body };
}

async function dots(choice: ChoiceRecord, metric: string): Promise<Html | undefined> {
  const all = choice.leaderboard.filter(({ mean }) => finite(mean) !== undefined);
  if (all.length === 0) return undefined;
  const baseline = all.find(({ isBaseline }) => isBaseline);
  const best = all.filter(({ isBaseline }) => !isBaseline).slice(0, MOST_DOTS);
  const near = best.filter((entry) => !isFarBelow(entry, baseline, best[0]));
  const far = best.filter((entry) => !near.includes(entry)).map(({ family }) => clip(family, 40));
  const shown = all.filter((entry) => near.includes(entry) || entry === baseline);
  const rows = shown.map(dotOf);
  return figure({
    caption: `${metric} in cross-validation`,
    note: `Dots: means over the folds; lines: ± one standard deviation; small dots: single folds.${
      far.length > 0 ? ` Far below the baseline, and only in the table: ${far.join(', ')}.` : ''
    }`,
    draw: (width) =>
      dotPlot(rows, {
        width,
        title: `${metric} of the candidates in cross-validation`,
        xLabel: metric,
        reference: finite(baseline?.mean),
      }),
  });
}

/** Whether an entry lies below the baseline by more than half of what the best one lies above it: it would squeeze all others. */
function isFarBelow(
  { mean }: LeaderboardEntry,
  baseline: LeaderboardEntry | undefined,
  best: LeaderboardEntry | undefined,
): boolean {
  const [top, bottom] = [finite(best?.mean), finite(baseline?.mean)];
  if (top === undefined || bottom === undefined || top === bottom) return false;
  // 0 for the baseline, 1 for the best, whichever direction is better.
  return (mean! - bottom) / (top - bottom) < -0.5;
}

function dotOf(entry: LeaderboardEntry): DotRow {
  const value = finite(entry.mean)!;
  const std = finite(entry.std);
  return {
    label: entry.family,
    value,
    ...(std !== undefined && !entry.isBaseline && { low: value - std, high: value + std }),
    parts: entry.isBaseline ? [] : entry.foldScores.flatMap((score) => finite(score) ?? []).slice(0, 20),
    tone: entry.isBaseline ? 'muted' : 'accent',
  };
}

function entriesTable({ leaderboard }: ChoiceRecord, metric: string): Html {
  const bestMean = leaderboard.find(({ isBaseline }) => !isBaseline)?.mean ?? null;
  const rows = leaderboard.slice(0, MOST_ENTRIES).map((entry): (Cell | Html | string)[] => {
    const tone =
      entry.isBaseline || entry.state !== 'complete' ? 'muted' : entry.rank === 1 ? 'strong' : undefined;
    const note = [entry.state === 'complete' ? '' : entry.state, clip(entry.note, 120)]
      .filter((word) => word !== '')
      .join(': ');
    // What stays the same in every fold has no spread to speak of, but the decimals of the others.
    const mean = finite(entry.mean);
    const score =
      entry.isBaseline && mean !== undefined ? besideText(mean, bestMean) : meanText(mean, entry.std);
    return [
      { content: html`${clip(entry.family, 40)}${note !== '' && html`<small>${note}</small>`}`, tone },
      { content: score, tone },
      { content: countText(entry.trials), tone },
      { content: durationText(entry.seconds), tone },
    ];
  });
  const rest = leaderboard.length - rows.length;
  return html`${table(
    'Candidates, best first',
    [
      { title: 'Model' },
      { title: metric, kind: 'number' },
      { title: 'Trials', kind: 'number' },
      { title: 'Time', kind: 'number' },
    ],
    rows,
  )}${rest > 0 && html`<p class="note">${countText(rest)} more below these.</p>`}`;
}

function spending({ spent, budget, notes }: ChoiceRecord): Html {
  const limits = [
    ...(budget.trials === undefined ? [] : [counted(budget.trials, 'trial')]),
    ...(budget.seconds === undefined ? [] : [`${durationText(budget.seconds)}`]),
    ...(budget.cpuSeconds === undefined ? [] : [`${durationText(budget.cpuSeconds)} of CPU`]),
    ...(budget.cost === undefined ? [] : [`a cost of ${figureText(budget.cost)}`]),
  ];
  const cost = finite(spent.cost);
  const used = `${counted(spent.trials, 'trial')} in ${durationText(spent.seconds)} (${durationText(spent.cpuSeconds)} of CPU${
    cost === undefined ? '' : `, cost ${figureText(cost)}`
  })`;
  return html`<p class="note">Spent: ${used}${limits.length > 0 && `; the budget was ${limits.join(' or ')}`}.</p>${
    notes.length > 0 &&
    html`<ul class="remarks">${notes.slice(0, 20).map((note) => html`<li>${clip(note, 300)}</li>`)}</ul>`
  }`;
}
