import type { FeedbackCounts } from '../../monitor/log/count-feedback.ts';
import { differenceText, short } from '../../monitor/retrain/decide.ts';
import type { Retraining } from '../../monitor/retrain/retrain.ts';
import { count, joinWords, layOut } from '../layout.ts';

const partNames = {
  tested: 'tested before',
  data: 'new in the old table',
  added: 'added',
  feedback: 'feedback',
} as const;

/** A retraining as people read it. */
export function retrainLines(result: Retraining, feedback: FeedbackCounts | null): string[] {
  const { name, champion, challenger, comparison, metric, greaterIsBetter, margin, criterion, parts, rows } =
    result;
  const version = challenger.version === null ? '' : ` ${challenger.version}`;
  const arrivals = (['data', 'added', 'feedback'] as const)
    .filter((origin) => rows.new[origin] > 0)
    .map(
      (origin) =>
        `${rows.new[origin]} ${origin === 'data' ? 'in the old table' : origin === 'added' ? 'added' : 'by feedback'}`,
    );
  const left = rows.duplicates > 0 ? `, ${count(rows.duplicates, 'duplicate')} left out` : '';
  const head = [
    [
      'model',
      `${name}: challenger${version} (${challenger.family}) against champion ${champion.version} (${champion.family})`,
    ],
    ['rows', `${rows.train} to train, ${rows.test} held out; new: ${joinWords(arrivals) || 'none'}${left}`],
    ...(feedback === null ? [] : [['feedback', feedbackText(feedback)]]),
  ];
  const table = [
    ...parts.map((part) => ({ ...part, what: partNames[part.part] })),
    { ...comparison, what: 'all' },
  ];
  const figures = table.map((part) => [
    part.what,
    String(part.rows),
    short(part.champion),
    short(part.challenger),
  ]);
  const { interval } = comparison;
  const range =
    interval === null ? 'no interval' : `95% interval ${short(interval[0])} to ${short(interval[1])}`;
  return [
    ...layOut(head, ['left', 'left']),
    '',
    ...layOut(
      [['held out', 'rows', 'champion', 'challenger'], ...figures],
      ['left', 'right', 'right', 'right'],
    ),
    '',
    `${metric} (${greaterIsBetter ? 'higher' : 'lower'} is better): ${differenceText(comparison.gain)}, ${range}, ` +
      `margin ${margin}${criterion === 'interval' ? ' for all of the interval' : ''}`,
    decisionText(result),
  ];
}

function decisionText({ decision, name, champion, challenger, reason }: Retraining): string {
  switch (decision) {
    case 'promoted':
      return `promoted: ${name}@champion is version ${challenger.version}`;
    case 'kept':
      return `not promoted: ${name}@champion stays version ${champion.version}; ${name}@challenger is version ${challenger.version}`;
    case 'registered':
      return `registered: ${name}@challenger is version ${challenger.version}`;
    case 'overtaken':
      return `not promoted: ${reason}`;
    case 'would-promote':
      return 'would be promoted (a dry run: nothing was registered)';
    case 'would-keep':
      return 'would not be promoted (a dry run: nothing was registered)';
    default:
      return decision satisfies never;
  }
}

/** Ratings and preferences are told, since they are not learned from. */
function feedbackText({ labels, ratings, meanRating, preferences }: FeedbackCounts): string {
  const rated = ratings === 0 ? [] : [`${count(ratings, 'rating')} (mean ${short(meanRating!)})`];
  const preferred = preferences === 0 ? [] : [count(preferences, 'preference')];
  const other = [...rated, ...preferred];
  return `${count(labels, 'corrected label')}${other.length === 0 ? '' : `; ${joinWords(other)}, not learned from`}`;
}
