import { OptionError } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import { accuracyOfCounts } from './agreement.ts';
import { countClasses } from './class-counts.ts';
import type { Labels } from './labels.ts';
import { type ClassMetricOptions, scoreCounts } from './precision-recall.ts';
import { pairwiseSum } from './sum.ts';
import { alignRight, displayWidth, formatDecimal } from './text-table.ts';
import { checkOption } from './validate.ts';

/** One line of the report; `support` is the (weighted) number of true rows. */
export interface ReportFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

export interface ReportClass<L extends Label> extends ReportFigures {
  readonly label: L;
  readonly name: string;
}

export interface ClassificationReportOptions<L extends Label = Label>
  extends Pick<ClassMetricOptions<L>, 'labels' | 'sampleWeight' | 'zeroDivision'> {
  /** Names shown instead of the labels, in their order. */
  readonly targetNames?: readonly string[] | undefined;
  /** Decimals in the table. Default 2. */
  readonly digits?: number | undefined;
}

/** Precision, recall, F1 and support of every class and their averages. Prints as an aligned table. */
export class ClassificationReport<L extends Label = Label> {
  readonly classes: readonly ReportClass<L>[];
  /** The share of right rows; `null` when `labels` leaves out a class that is present, then `micro` differs from it. */
  readonly accuracy: number | null;
  readonly micro: ReportFigures;
  readonly macro: ReportFigures;
  readonly weighted: ReportFigures;
  readonly digits: number;

  constructor(parts: Omit<ClassificationReport<L>, 'toString'>) {
    this.classes = parts.classes;
    this.accuracy = parts.accuracy;
    this.micro = parts.micro;
    this.macro = parts.macro;
    this.weighted = parts.weighted;
    this.digits = parts.digits;
  }

  toString(): string {
    const { classes, accuracy, digits } = this;
    const nameWidth = Math.max(
      'weighted avg'.length,
      digits,
      ...classes.map(({ name }) => displayWidth(name)),
    );
    const whole = [...classes, this.macro].every(({ support }) => Number.isInteger(support));
    const cells = (first: string, rest: readonly string[]) =>
      [`${alignRight(first, nameWidth)} `, ...rest.map((text) => alignRight(text, 9))].join(' ');
    const count = (support: number) => (whole ? String(support) : formatDecimal(support, digits));
    const figures = (name: string, { precision, recall, f1, support }: ReportFigures) =>
      cells(name, [...[precision, recall, f1].map((value) => formatDecimal(value, digits)), count(support)]);
    const overall =
      accuracy === null
        ? figures('micro avg', this.micro)
        : cells('accuracy', ['', '', formatDecimal(accuracy, digits), count(this.micro.support)]);
    return [
      cells('', ['precision', 'recall', 'f1-score', 'support']),
      '',
      ...classes.map((row) => figures(row.name, row)),
      '',
      overall,
      figures('macro avg', this.macro),
      figures('weighted avg', this.weighted),
      '',
    ].join('\n');
  }
}

/**
 * The usual report of a classifier: figures per class, accuracy (or the micro average), macro and weighted averages.
 * @throws OptionError when `targetNames` does not name every class; DataError as all classification metrics.
 */
export function classificationReport<L extends Label>(
  truth: Labels<L>,
  prediction: Labels<L>,
  { labels, sampleWeight, zeroDivision, targetNames, digits = 2 }: ClassificationReportOptions<L> = {},
): ClassificationReport<L> {
  checkOption(Number.isInteger(digits) && digits >= 0, 'digits', digits, 'be an integer of at least 0');
  const counts = countClasses(truth, prediction, { labels, sampleWeight });
  const perClass = scoreCounts(counts, 'none', { zeroDivision });
  const names = targetNames ?? perClass.labels.map(String);
  if (names.length !== perClass.labels.length) {
    const message = `targetNames has ${names.length} names for ${perClass.labels.length} classes: name each, in the order of labels.`;
    throw new OptionError('option/invalid', message, { option: 'targetNames' });
  }
  const support = pairwiseSum(perClass.support);
  const averaged = (average: 'micro' | 'macro' | 'weighted'): ReportFigures => {
    const { precision, recall, fscore } = scoreCounts(counts, average, { zeroDivision });
    return { precision, recall, f1: fscore, support };
  };
  const all = counts.present.every((label) => perClass.labels.includes(label));
  return new ClassificationReport({
    classes: perClass.labels.map((label, k) => ({
      label,
      name: names[k],
      precision: perClass.precision[k],
      recall: perClass.recall[k],
      f1: perClass.fscore[k],
      support: perClass.support[k],
    })),
    accuracy: all ? accuracyOfCounts(counts) : null,
    micro: averaged('micro'),
    macro: averaged('macro'),
    weighted: averaged('weighted'),
    digits,
  });
}
