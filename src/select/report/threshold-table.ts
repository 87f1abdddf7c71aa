import { type Html, html } from './html.ts';
import { percentText } from './number-words.ts';
import { table } from './section.ts';

const thresholds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** What a decision threshold on the probability of the positive class would do to the rows. `truth`: 1 for that class. */
export function thresholdTable({
  name,
  truth,
  probability,
}: {
  readonly name: string;
  readonly truth: Float64Array;
  readonly probability: Float64Array;
}): Html {
  const positives = truth.reduce((sum, value) => sum + value, 0);
  const rows = thresholds.map((threshold) => {
    let flagged = 0;
    let hits = 0;
    for (let i = 0; i < truth.length; i++) {
      if (probability[i]! < threshold) continue;
      flagged++;
      hits += truth[i]!;
    }
    const ratio = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3));
    const cells = [
      threshold.toFixed(1),
      percentText(flagged, truth.length),
      ratio(hits, flagged),
      ratio(hits, positives),
      ratio(2 * hits, flagged + positives),
      ratio(flagged - hits, truth.length - positives),
    ];
    return threshold === 0.5 ? cells.map((content) => ({ content, tone: 'strong' as const })) : cells;
  });
  const numbers = ['Named', 'Precision', 'Recall', 'F1', 'False alarms'];
  const head = [{ title: 'Threshold' }, ...numbers.map((title) => ({ title, kind: 'number' as const }))];
  return html`<div>${table(`Thresholds for ${name}`, head, rows)}<p class="note">Named: the share of all rows called ${name}. False alarms: the share of the other rows among them. Choose a threshold on rows other than these.</p></div>`;
}
