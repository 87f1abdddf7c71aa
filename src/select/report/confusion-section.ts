import { heatMap } from '../../draw/heat-map.ts';
import type { RunRecord } from '../run/run-record.ts';
import { classView } from './class-view.ts';
import { type Html, html } from './html.ts';
import { clip, countText, percentText } from './number-words.ts';
import { columns, emptySection, figure, nameHtml, type Section, table } from './section.ts';

/** Classes in the picture and in the table; the rest is summed up. */
const MOST_IN_PICTURE = 10;
const MOST_IN_TABLE = 15;

/** Which classes are taken for which. */
export async function confusionSection(run: RunRecord): Promise<Section> {
  const id = 'confusion';
  const title = 'Confusion';
  const { confusion } = run.test;
  if (confusion === null || run.classes === null || confusion.length === 0) {
    return emptySection(id, title, 'The run kept no confusion matrix.');
  }
  const view = classView(run);
  const { counts, names, others } = gather(confusion, view.names, view.top(MOST_IN_PICTURE));
  const sums = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const shares = counts.map((row, i) => row.map((count) => (sums[i]! > 0 ? count / sums[i]! : 0)));
  const texts = counts.map((row, i) =>
    row.map((count) =>
      count === 0 ? (names.length > 4 ? '' : '0') : `${countText(count)}\n${percentText(count, sums[i]!)}`,
    ),
  );
  const rest = others > 0 ? ` ${countText(others)} classes with fewer test rows are summed up.` : '';
  const picture = await figure({
    caption: 'Confusion matrix',
    note: `Test rows, with their share of the true class; colours follow the share.${rest}`,
    draw: (width) =>
      heatMap(
        { rows: names, columns: names, shares, texts },
        { width, title: 'Confusion matrix', rowLabel: 'Truth', columnLabel: 'Predicted' },
      ),
  });
  return {
    id,
    title,
    state: 'shown',
    body: columns(picture, classTable(confusion, view.names, view.top(MOST_IN_TABLE))),
  };
}

/** The matrix of some classes, with a last row and column for all others. */
function gather(
  confusion: readonly (readonly number[])[],
  names: readonly string[],
  kept: readonly number[],
): { counts: number[][]; names: string[]; others: number } {
  const others = names.length - kept.length;
  const size = kept.length + (others > 0 ? 1 : 0);
  const place = new Map(kept.map((index, at) => [index, at]));
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [i, row] of confusion.entries()) {
    for (const [j, count] of row.entries()) {
      const [a, b] = [place.get(i) ?? size - 1, place.get(j) ?? size - 1];
      counts[a]![b] = counts[a]![b]! + count;
    }
  }
  const shown = kept.map((index) => names[index]!);
  return { counts, names: others > 0 ? [...shown, `${countText(others)} others`] : shown, others };
}

function classTable(
  confusion: readonly (readonly number[])[],
  names: readonly string[],
  kept: readonly number[],
): Html {
  const predicted = names.map((_, j) => confusion.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const rows = kept.map((k) => {
    const hits = confusion[k]![k] ?? 0;
    const actual = confusion[k]!.reduce((sum, count) => sum + count, 0);
    const ratio = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3));
    return [
      nameHtml(names[k]!, 32),
      ratio(hits, predicted[k]!),
      ratio(hits, actual),
      // F1 = 2 tp / (2 tp + fp + fn)
      ratio(2 * hits, predicted[k]! + actual),
      countText(actual),
    ];
  });
  const rest = names.length - kept.length;
  const head = [
    { title: 'Class' },
    ...['Precision', 'Recall', 'F1', 'Test rows'].map((title) => ({ title, kind: 'number' as const })),
  ];
  return html`<div>${table('By class', head, rows)}<p class="note">Precision: how many of the rows named so are so; recall: how many of the class were found.${
    rest > 0 && ` ${clip(countText(rest))} more classes with fewer test rows.`
  }</p></div>`;
}
