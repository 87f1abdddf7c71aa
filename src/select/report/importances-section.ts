import { dotPlot } from '../../draw/dot-plot.ts';
import type { ImportanceRecord, RunRecord } from '../run/run-record.ts';
import { type Html, html } from './html.ts';
import { metricWords } from './metric-words.ts';
import { countText, figureTexts } from './number-words.ts';
import { columns, emptySection, figure, nameHtml, type Section, table } from './section.ts';

const MOST_COLUMNS = 20;

/** What the model draws on. */
export async function importancesSection(run: RunRecord): Promise<Section> {
  const id = 'importances';
  const title = 'Feature importances';
  const { importances } = run;
  if (importances.length === 0) return emptySection(id, title, 'Importances were not asked for in this run.');
  const shown = importances.slice(0, MOST_COLUMNS);
  const metric = run.choice === null ? 'the metric' : metricWords(run.choice.metric);
  const rest = importances.length - shown.length;
  const picture = await figure({
    caption: 'Permutation importances on the test rows',
    note: 'Lines: ± one standard deviation over the shuffles.',
    draw: (width) =>
      dotPlot(
        shown.map(({ column, mean, std }) => ({
          label: column,
          value: mean,
          low: mean - std,
          high: mean + std,
        })),
        { width, title: 'Permutation importances', xLabel: `Loss when shuffled`, reference: 0 },
      ),
  });
  return {
    id,
    title,
    state: 'shown',
    body: columns(
      picture,
      html`<div>${explain(metric)}${importanceTable(shown)}${
        rest > 0 && html`<p class="note">${countText(rest)} more with smaller importances.</p>`
      }</div>`,
    ),
  };
}

function explain(metric: string): Html {
  return html`<p>How much ${metric} gets worse when a column’s values are shuffled among the test rows. Columns that say the same share their importance, and near 0 the model does without.</p>`;
}

function importanceTable(shown: readonly ImportanceRecord[]): Html {
  const both = figureTexts(shown.flatMap(({ mean, std }) => [mean, std]));
  const [means, spreads] = [0, 1].map((side) => both.filter((_, i) => i % 2 === side)) as [
    string[],
    string[],
  ];
  return table(
    'Importances',
    [{ title: 'Column' }, { title: 'Mean loss', kind: 'number' }, { title: '± std', kind: 'number' }],
    shown.map(({ column }, i) => [nameHtml(column), means[i]!, spreads[i]!]),
    { hideCaption: true },
  );
}
