import { isUsed } from '../../select/column-role.ts';
import type { ChoiceRecord, LeaderboardEntry } from '../../select/run/run-record.ts';
import { type Io, printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { count, layOut, shorten } from '../layout.ts';
import { metricLines } from '../metric-lines.ts';
import { predictionLines } from '../prediction-lines.ts';
import type { TrainRun } from './summary.ts';

/** Prints a training for people. */
export function printTraining({ trained, metrics, target, out, run }: TrainRun, io: Io): void {
  const { choice, rows, features, columns, steps, evaluation } = trained;
  const options = Object.entries(choice.specification.toJSON().options).map(
    ([name, value]) => `${name} ${jsonText(value)}`,
  );
  const leftOut = columns.filter((column) => !isUsed(column));
  const { comparison } = choice;
  if (comparison !== null) {
    for (const line of leaderboardLines(comparison)) printLine(io.stdout, line);
    printLine(io.stdout);
  }
  const lines = [
    ['problem', `${choice.problem}: ${choice.problemReason}`],
    ['model', choice.reason === 'as told' ? choice.family : `${choice.family}: ${choice.reason}`],
    ['options', options.join(', ') || 'none'],
    ...(comparison === null ? [] : [['spent', spentText(comparison)]]),
    [
      'rows',
      `${rows.train} to train, ${rows.test} to test${rows.dropped > 0 ? `, ${rows.dropped} dropped` : ''}`,
    ],
    ['features', `${features.length}: ${shorten(features.join(', '), 90)}`],
    ...leftOut.map(({ name, reason }, i) => [i === 0 ? 'left out' : '', `${name} ${reason}`]),
    ...steps.map((step, i) => [i === 0 ? 'prepared' : '', step]),
    ['trained', `in ${trained.seconds.toFixed(2)} s`],
    ...(out === null ? [] : [['saved', out]]),
    ...(run === null ? [] : [['run', `${run} (heddle report ${run} shows it)`]]),
  ];
  for (const line of layOut(lines, ['left', 'left'])) printLine(io.stdout, line);
  printLine(io.stdout);
  printLine(
    io.stdout,
    `${target}, on ${count(rows.test, 'test row')}${rows.test > 1 ? ', with 95% intervals' : ''}:`,
  );
  for (const line of metricLines(evaluation.metrics, rows.test > 1 ? metrics : []))
    printLine(io.stdout, line);
  printLine(io.stdout);
  const shown = Math.min(5, rows.test);
  for (const line of predictionLines(evaluation.predictions, {
    rows: shown,
    truth: trained.truth,
    rowNumbers: trained.testRows,
  })) {
    printLine(io.stdout, line);
  }
}

/** The models that were compared, best first. */
export function leaderboardLines({ leaderboard, metric, notes }: ChoiceRecord): string[] {
  const header = ['rank', 'model', metric, 'trials', 'seconds', ''];
  const body = leaderboard.map((entry) => [
    String(entry.rank),
    entry.family,
    scoreText(entry),
    String(entry.trials),
    entry.seconds.toFixed(1),
    shorten(noteOf(entry), 70),
  ]);
  return [
    ...layOut([header, ...body], ['right', 'left', 'left', 'right', 'right', 'left']),
    ...notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`),
  ];
}

/** Why it was chosen is told below. */
function noteOf({ mean, state, note }: LeaderboardEntry): string {
  if (mean === null) return `${state}: ${note}`;
  return note.startsWith('chosen: ') ? 'chosen' : note;
}

function scoreText({ mean, std }: LeaderboardEntry): string {
  return mean === null ? '–' : `${mean.toPrecision(4)} ± ${(std ?? 0).toPrecision(2)}`;
}

function spentText({ spent }: ChoiceRecord): string {
  const cost = spent.cost === null ? '' : `, which cost ${spent.cost.toPrecision(3)}`;
  return `${count(spent.trials, 'trial')}, ${spent.cpuSeconds.toFixed(1)} CPU-seconds in ${spent.seconds.toFixed(1)} s${cost}`;
}
