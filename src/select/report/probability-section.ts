import { calibrationPlot } from '../../draw/calibration-plot.ts';
import { seriesColors } from '../../draw/theme.ts';
import { unitCurves } from '../../draw/unit-curves.ts';
import { averagePrecisionScore, rocAucScore } from '../../metrics/areas.ts';
import { calibrationCurve } from '../../metrics/calibration-curve.ts';
import { precisionRecallCurve, rocCurve } from '../../metrics/curves.ts';
import type { RunRecord } from '../run/run-record.ts';
import { type ClassView, classView, oneAgainstRest } from './class-view.ts';
import { type Html, html } from './html.ts';
import { clip, countText, figureText } from './number-words.ts';
import { columns, emptySection, figure, type Section } from './section.ts';
import { sampleNote } from './test-sample.ts';
import { thresholdTable } from './threshold-table.ts';

const BINS = 10;

/** One class against the rest. */
interface ClassScores {
  readonly name: string;
  readonly truth: Float64Array;
  readonly probability: Float64Array;
  readonly share: number;
}

/** What the probabilities are worth: ranking (ROC, precision and recall), calibration, and for two classes the threshold. */
export async function probabilitySection(run: RunRecord): Promise<Section> {
  const id = 'probabilities';
  const title = 'Probabilities';
  if (run.test.probabilities === null || run.classes === null) {
    return emptySection(
      id,
      title,
      `No curves: ${clip(run.model.family, 60)} gives classes without probabilities.`,
    );
  }
  const view = classView(run);
  const scores = scoresOf(run, view);
  if (scores.length === 0) return emptySection(id, title, 'No curves: the test rows hold a single class.');
  const body = html`${explanation(run, view, scores)}${columns(await rocFigure(scores), await precisionRecallFigure(scores))}${columns(
    await calibrationFigure(scores),
    view.positive === undefined ? undefined : thresholdTable(scores[0]!),
  )}`;
  return { id, title, state: 'shown', body };
}

/** The positive class of two; of several, those with most test rows. Classes that no or every test row has give no curve. */
function scoresOf(run: RunRecord, view: ClassView): ClassScores[] {
  const indexes = view.positive === undefined ? view.top(seriesColors) : [view.positive];
  return indexes.flatMap((index) => {
    const { truth, probability, positives } = oneAgainstRest(run, index);
    if (positives === 0 || positives === truth.length) return [];
    return [{ name: clip(view.names[index]!, 24), truth, probability, share: positives / truth.length }];
  });
}

function explanation(run: RunRecord, view: ClassView, scores: readonly ClassScores[]): Html {
  const rest = view.names.length - scores.length;
  const about =
    view.positive !== undefined
      ? html`The positive class is <strong>${clip(view.names[view.positive]!, 60)}</strong>.`
      : html`Each class against the rest.${rest > 0 && ` ${countText(rest)} more ${rest === 1 ? 'class has' : 'classes have'} fewer test rows.`}`;
  const note = sampleNote(run);
  return html`<p>${about}${note !== undefined && ` ${note}`}</p>`;
}

const positiveClass = 1;

async function rocFigure(scores: readonly ClassScores[]): Promise<Html> {
  const curves = scores.map(({ name, truth, probability }) => {
    const { fpr, tpr } = rocCurve(truth, probability, { positiveClass });
    return { name: `${name} (${figureText(rocAucScore(truth, probability))})`, x: fpr, y: tpr };
  });
  return figure({
    caption: 'ROC curve',
    note: 'In brackets: the area under the curve. The dashed line is chance.',
    draw: (width) =>
      unitCurves(curves, {
        ...{ width, reference: 'diagonal' },
        title: 'ROC curve',
        xLabel: 'False positive rate',
        yLabel: 'True positive rate',
      }),
  });
}

async function precisionRecallFigure(scores: readonly ClassScores[]): Promise<Html> {
  const curves = scores.map(({ name, truth, probability }) => {
    const { precision, recall } = precisionRecallCurve(truth, probability, {
      positiveClass,
      dropIntermediate: true,
    });
    const area = averagePrecisionScore(truth, probability, { positiveClass });
    return { name: `${name} (${figureText(area)})`, x: recall, y: precision, shape: 'step' as const };
  });
  const [first] = scores;
  const chance = scores.length === 1 ? ' The dashed line is the share of the class: what chance gives.' : '';
  return figure({
    caption: 'Precision and recall',
    note: `In brackets: the average precision.${chance}`,
    draw: (width) =>
      unitCurves(curves, {
        ...{ width, title: 'Precision over recall', xLabel: 'Recall', yLabel: 'Precision' },
        reference: scores.length === 1 ? first!.share : undefined,
      }),
  });
}

async function calibrationFigure(scores: readonly ClassScores[]): Promise<Html> {
  const series = scores.map(({ name, truth, probability }) => {
    const { probTrue, probPred, counts } = calibrationCurve(truth, probability, {
      positiveClass,
      nBins: BINS,
    });
    return { name, predicted: probPred, observed: probTrue, counts };
  });
  return figure({
    caption: 'Calibration',
    note: `Rows with like probabilities, in ${BINS} bins: on the dashed line a probability means what it says. Bars: rows in each bin${
      scores.length > 1 ? ` of ${scores[0]!.name}` : ''
    }.`,
    draw: (width) => calibrationPlot(series, { width, title: 'Calibration curve' }),
  });
}
