/** The metrics that search, command and reports know by name, with what each needs and which direction is better. */
import { OptionError, suggestion } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';
import {
  accuracyScore,
  balancedAccuracyScore,
  cohenKappaScore,
  hammingLoss,
  matthewsCorrcoef,
} from './agreement.ts';
import { averagePrecisionScore, type RocAucOptions, rocAucScore } from './areas.ts';
import { meanGammaDeviance, meanPoissonDeviance } from './deviance.ts';
import { d2AbsoluteErrorScore, explainedVarianceScore, r2Score } from './explained.ts';
import type { Labels } from './labels.ts';
import type { Targets } from './outputs.ts';
import { f1Score, jaccardScore, precisionScore, recallScore } from './precision-recall.ts';
import { brierScoreLoss, d2BrierScore, d2LogLossScore, logLoss } from './probabilistic.ts';
import {
  maxError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogError,
  medianAbsoluteError,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
} from './regression.ts';
import { scoreOfClass } from './score-of-class.ts';
import { topKAccuracyScore } from './top-k.ts';
import type { Numbers, NumberTable } from './validate.ts';

/** What a metric may need besides truth and prediction. */
export interface ScorerContext<L extends Label = Label> {
  /** The classes of the model, in the order of its probability columns. */
  readonly classes?: readonly L[] | undefined;
  /** Default: the second of two classes. */
  readonly positiveClass?: L | undefined;
  readonly sampleWeight?: Numbers | undefined;
}

interface NamedScorer {
  readonly name: string;
  /** For people: tables, legends, `--help`. */
  readonly title: string;
  readonly greaterIsBetter: boolean;
  /** `two`: looks at the positive class and cannot be used with more than two. */
  readonly classes: 'any' | 'two';
}

export interface RegressionScorer extends NamedScorer {
  readonly problem: 'regression';
  readonly needs: 'prediction';
  compute(truth: Targets, prediction: Targets, context?: ScorerContext): number;
}

export interface LabelScorer extends NamedScorer {
  readonly problem: 'classification';
  readonly needs: 'prediction';
  compute(truth: Labels, prediction: Labels, context?: ScorerContext): number;
}

/** `probability`: (rows, classes). */
export interface ProbabilityScorer extends NamedScorer {
  readonly problem: 'classification';
  readonly needs: 'probability';
  compute(truth: Labels, probabilities: NumberTable, context: ScorerContext): number;
}

/** `score`: probabilities (rows, classes), or for two classes one decision value per row that grows with the second. */
export interface ScoreScorer extends NamedScorer {
  readonly problem: 'classification';
  readonly needs: 'score';
  compute(truth: Labels, score: Numbers | NumberTable, context: ScorerContext): number;
}

export type ClassificationScorer = LabelScorer | ProbabilityScorer | ScoreScorer;
export type Scorer = RegressionScorer | ClassificationScorer;

type Better = 'greater' | 'lower';
type Weighted = Pick<ScorerContext, 'sampleWeight'>;

function regression(
  name: string,
  title: string,
  better: Better,
  metric: (truth: Targets, prediction: Targets, options: Weighted) => number,
): RegressionScorer {
  return {
    name,
    title,
    greaterIsBetter: better === 'greater',
    classes: 'any',
    problem: 'regression',
    needs: 'prediction',
    compute: (truth, prediction, { sampleWeight } = {}) => metric(truth, prediction, { sampleWeight }),
  };
}

function labels(
  name: string,
  title: string,
  better: Better,
  compute: (truth: Labels, prediction: Labels, context: ScorerContext) => number,
  classes: 'any' | 'two' = 'any',
): LabelScorer {
  return {
    name,
    title,
    greaterIsBetter: better === 'greater',
    classes,
    problem: 'classification',
    needs: 'prediction',
    compute: (truth, prediction, context = {}) => compute(truth, prediction, context),
  };
}

/** One metric of precision, recall, … under its averages: `f1` (macro), `f1Micro`, `f1Weighted`, `f1Positive`. */
function averagedLabels(name: string, title: string, metric: typeof f1Score): LabelScorer[] {
  const averaged = (average: 'macro' | 'micro' | 'weighted') =>
    labels(
      average === 'macro' ? name : `${name}${average === 'micro' ? 'Micro' : 'Weighted'}`,
      `${title} (${average})`,
      'greater',
      (t, p, { sampleWeight }) => metric(t, p, { average, sampleWeight }),
    );
  const ofPositive = labels(
    `${name}Positive`,
    `${title} (positive class)`,
    'greater',
    (t, p, { classes, positiveClass = classes?.[1], sampleWeight }) =>
      metric(t, p, { positiveClass, sampleWeight }),
    'two',
  );
  return [averaged('macro'), averaged('micro'), averaged('weighted'), ofPositive];
}

function probability(
  name: string,
  title: string,
  better: Better,
  metric: (
    truth: Labels,
    probabilities: NumberTable,
    options: Weighted & { labels: readonly Label[] | undefined },
  ) => number,
): ProbabilityScorer {
  return {
    name,
    title,
    greaterIsBetter: better === 'greater',
    classes: 'any',
    problem: 'classification',
    needs: 'probability',
    compute: (truth, probabilities, { classes, sampleWeight }) =>
      metric(truth, probabilities, { labels: classes, sampleWeight }),
  };
}

function score(
  name: string,
  title: string,
  compute: (truth: Labels, score: Numbers | NumberTable, context: ScorerContext) => number,
  classes: 'any' | 'two' = 'any',
): ScoreScorer {
  return { name, title, greaterIsBetter: true, classes, problem: 'classification', needs: 'score', compute };
}

function rocAuc(
  name: string,
  title: string,
  options: Pick<RocAucOptions<Label, 'macro' | 'weighted'>, 'average' | 'multiClass'>,
): ScoreScorer {
  return score(name, title, (truth, scores, { classes, sampleWeight }) =>
    rocAucScore(truth, scores, { ...options, labels: classes, sampleWeight }),
  );
}

const all: readonly Scorer[] = [
  regression('r2', 'R²', 'greater', r2Score),
  regression('explainedVariance', 'Explained variance', 'greater', explainedVarianceScore),
  regression('d2AbsoluteError', 'D² of the absolute error', 'greater', d2AbsoluteErrorScore),
  regression('rmse', 'Root mean squared error', 'lower', rootMeanSquaredError),
  regression('mse', 'Mean squared error', 'lower', meanSquaredError),
  regression('mae', 'Mean absolute error', 'lower', meanAbsoluteError),
  regression('medianAbsoluteError', 'Median absolute error', 'lower', medianAbsoluteError),
  regression('mape', 'Mean absolute percentage error', 'lower', meanAbsolutePercentageError),
  regression('msle', 'Mean squared log error', 'lower', meanSquaredLogError),
  regression('rmsle', 'Root mean squared log error', 'lower', rootMeanSquaredLogError),
  regression('maxError', 'Largest error', 'lower', maxError),
  regression('poissonDeviance', 'Mean Poisson deviance', 'lower', meanPoissonDeviance),
  regression('gammaDeviance', 'Mean gamma deviance', 'lower', meanGammaDeviance),

  labels('accuracy', 'Accuracy', 'greater', (t, p, { sampleWeight }) =>
    accuracyScore(t, p, { sampleWeight }),
  ),
  labels('balancedAccuracy', 'Balanced accuracy', 'greater', (t, p, { sampleWeight }) =>
    balancedAccuracyScore(t, p, { sampleWeight }),
  ),
  ...averagedLabels('f1', 'F1', f1Score),
  ...averagedLabels('precision', 'Precision', precisionScore),
  ...averagedLabels('recall', 'Recall', recallScore),
  ...averagedLabels('jaccard', 'Jaccard', jaccardScore),
  labels('matthewsCorrcoef', "Matthews' correlation", 'greater', (t, p, { sampleWeight }) =>
    matthewsCorrcoef(t, p, { sampleWeight }),
  ),
  labels('cohenKappa', "Cohen's kappa", 'greater', (t, p, { sampleWeight }) =>
    cohenKappaScore(t, p, { sampleWeight }),
  ),
  labels('hammingLoss', 'Hamming loss', 'lower', (t, p, { sampleWeight }) =>
    hammingLoss(t, p, { sampleWeight }),
  ),

  rocAuc('rocAuc', 'Area under the ROC curve', {}),
  rocAuc('rocAucWeighted', 'Area under the ROC curve (weighted)', { average: 'weighted' }),
  rocAuc('rocAucOvo', 'Area under the ROC curve (pairs of classes)', { multiClass: 'ovo' }),
  rocAuc('rocAucOvoWeighted', 'Area under the ROC curve (pairs of classes, weighted)', {
    multiClass: 'ovo',
    average: 'weighted',
  }),
  score(
    'averagePrecision',
    'Average precision (positive class)',
    (truth, scores, { classes, positiveClass, sampleWeight }) => {
      const positive = positiveClass ?? classes?.[1];
      const column = scoreOfClass(scores, classes, positive);
      return averagePrecisionScore(truth, column, { positiveClass: positive, sampleWeight });
    },
    'two',
  ),
  score('top2Accuracy', 'Top-2 accuracy', (truth, scores, { classes, sampleWeight }) =>
    topKAccuracyScore(truth, scores, { k: 2, labels: classes, sampleWeight }),
  ),
  probability('logLoss', 'Log loss', 'lower', logLoss),
  probability('brier', 'Brier score', 'lower', brierScoreLoss),
  probability('d2LogLoss', 'D² of the log loss', 'greater', d2LogLossScore),
  probability('d2Brier', 'D² of the Brier score', 'greater', d2BrierScore),
];

/** Every scorer by its name. */
export const scorers: ReadonlyMap<string, Scorer> = new Map(all.map((scorer) => [scorer.name, scorer]));

/** @throws OptionError for an unknown name, suggesting the nearest, or one that is for the other kind of problem. */
export function getScorer(name: string): Scorer;
export function getScorer(name: string, problem: 'regression'): RegressionScorer;
export function getScorer(name: string, problem: 'classification'): ClassificationScorer;
export function getScorer(name: string, problem?: 'regression' | 'classification'): Scorer {
  const scorer = scorers.get(name);
  const names = all
    .filter((known) => problem === undefined || known.problem === problem)
    .map((known) => known.name);
  if (scorer === undefined) {
    const message = `There is no metric '${name}'.${suggestion(name, names)} Known: ${names.join(', ')}.`;
    throw new OptionError('option/unknown-metric', message, { metric: name });
  }
  if (problem !== undefined && scorer.problem !== problem) {
    const message = `The metric '${name}' is for ${scorer.problem}, not ${problem}: use one of ${names.join(', ')}.`;
    throw new OptionError('option/wrong-problem', message, { metric: name, problem });
  }
  return scorer;
}
