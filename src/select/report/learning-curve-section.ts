import { lineChart } from '../../draw/line-chart.ts';
import type { CurveRecord, RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { metricTitle } from './metric-words.ts';
import { countText, figureText, finite, meanText } from './number-words.ts';
import { columns, emptySection, figure, type Section, table } from './section.ts';

/** Whether more rows would help. */
export async function learningCurveSection({
  learningCurve: curve,
  choice,
  metrics,
}: RunRecord): Promise<Section> {
  const id = 'learning-curve';
  const title = 'Learning curve';
  if (curve === null || curve.trainSizes.length === 0) {
    return emptySection(id, title, 'A learning curve was not asked for in this run.');
  }
  const metric = metricTitle(curve.metric);
  const found = metrics.find(({ name }) => name === curve.metric)?.greaterIsBetter;
  const greaterIsBetter = found ?? (choice?.metric === curve.metric ? choice.greaterIsBetter : true);
  const picture = await figure({
    caption: `${metric} over the number of training rows`,
    note: 'Bands: ± one standard deviation over the folds.',
    draw: (width) =>
      lineChart(
        [
          seriesOf('Training rows', curve, curve.trainScores),
          seriesOf('Validation rows', curve, curve.testScores),
        ],
        {
          ...{ width, title: 'Learning curve', xLabel: 'Training rows', yLabel: metric },
        },
      ),
  });
  return {
    id,
    title,
    state: 'shown',
    body: columns(picture, html`<div><p>${reading(curve, greaterIsBetter)}</p>${pointsTable(curve)}</div>`),
  };
}

function seriesOf(name: string, { trainSizes }: CurveRecord, scores: CurveRecord['testScores']) {
  const number = (value: number | null) => finite(value) ?? Number.NaN;
  return {
    name,
    x: trainSizes,
    y: scores.map(({ mean }) => number(mean)),
    low: scores.map(({ mean, std }) => number(mean) - number(std)),
    high: scores.map(({ mean, std }) => number(mean) + number(std)),
  };
}

/** The last gain against the spread of the folds says whether the curve still moves. */
function reading({ trainSizes, testScores }: CurveRecord, greaterIsBetter: boolean): string {
  const [before, last] = [testScores.at(-2), testScores.at(-1)];
  const [a, b] = [finite(before?.mean), finite(last?.mean)];
  if (a === undefined || b === undefined) return 'Too few points to tell whether more rows would help.';
  const gain = greaterIsBetter ? b - a : a - b;
  const sizes = `from ${countText(trainSizes.at(-2)!)} to ${countText(trainSizes.at(-1)!)} training rows`;
  const change = `The validation score goes from ${figureText(a)} to ${figureText(b)} ${sizes}`;
  const spread = finite(last?.std) ?? 0;
  if (gain > Math.max(spread / 2, 0.005 * Math.abs(a))) return `${change}: more rows are likely to help.`;
  if (gain < -spread) return `${change}: more rows made it worse, which is worth a look.`;
  return `${change}, within what the folds differ by: more rows like these would help little.`;
}

function pointsTable({ trainSizes, trainScores, testScores }: CurveRecord): Html {
  const shown = (score: CurveRecord['testScores'][number] | undefined) => meanText(score?.mean, score?.std);
  const rows = trainSizes.map((size, i) => [countText(size), shown(trainScores[i]), shown(testScores[i])]);
  const head = [
    { title: 'Training rows' },
    { title: 'On training rows', kind: 'number' as const },
    { title: 'On validation rows', kind: 'number' as const },
  ];
  return table('Scores by training rows', head, rows, { hideCaption: true });
}
