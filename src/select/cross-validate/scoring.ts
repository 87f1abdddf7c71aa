import { OptionError } from '../../core/errors.ts';
import type { Method } from '../../define/definition.ts';
import { hasMethod } from '../../define/run.ts';
import type { Specification } from '../../define/specification.ts';
import { getScorer, type Scorer, scorers } from '../../metrics/registry.ts';

/** What to measure: metrics by name, or scorers of your own (a `compute` of truth and prediction), one or several. */
export type Scoring = string | Scorer | readonly (string | Scorer)[];

/** A metric as the data that a job gets: by name where heddle knows it, else computed on the caller's thread. */
export interface ScorerWire {
  readonly name: string;
  readonly place: 'job' | 'caller';
  /** The output of the model that it is computed from. */
  readonly method: Method;
}

/**
 * The metrics that are asked for, by default R² for a regressor and accuracy for a classifier.
 * @throws OptionError for an unknown name (with the nearest), one for the other problem, or a repeated one.
 */
export function resolveScoring(
  specification: Specification,
  scoring: Scoring = specification.kind === 'regressor' ? 'r2' : 'accuracy',
): Scorer[] {
  const problem = specification.kind === 'regressor' ? 'regression' : 'classification';
  const wanted = Array.isArray(scoring)
    ? (scoring as readonly (string | Scorer)[])
    : [scoring as string | Scorer];
  const found = wanted.map((one) => {
    if (typeof one === 'string')
      return problem === 'regression' ? getScorer(one, problem) : getScorer(one, problem);
    if (typeof one?.compute !== 'function' || typeof one.name !== 'string') {
      throw new OptionError(
        'option/invalid',
        'scoring takes names of metrics and scorers with a name and a compute function.',
        {
          option: 'scoring',
        },
      );
    }
    return one;
  });
  if (found.length === 0) {
    throw new OptionError('option/invalid', 'scoring is empty: name at least one metric.', {
      option: 'scoring',
    });
  }
  const repeated = found.find(({ name }, i) => found.findIndex((other) => other.name === name) !== i);
  if (repeated !== undefined) {
    throw new OptionError('option/invalid', `scoring holds '${repeated.name}' twice.`, { option: 'scoring' });
  }
  return found;
}

/** @throws OptionError when the model gives no output that a metric could be computed from. */
export function scorersToWire(
  specification: Specification,
  wanted: readonly Scorer[],
  classes: number,
): ScorerWire[] {
  return wanted.map((scorer) => ({
    name: scorer.name,
    place: scorers.get(scorer.name) === scorer ? 'job' : 'caller',
    method: methodFor(specification, scorer, classes),
  }));
}

/**
 * A metric of ranks takes the decision values where there are two classes and the model has them (as scikit-learn does),
 * else probabilities.
 */
function methodFor({ definition, options, name }: Specification, scorer: Scorer, classes: number): Method {
  const has = (method: Method) => hasMethod(definition, method, options);
  if (scorer.needs === 'prediction') return 'predict';
  if (scorer.needs === 'score' && classes === 2 && has('decisionFunction')) return 'decisionFunction';
  if (has('predictProba')) return 'predictProba';
  throw new OptionError(
    'option/unsupported-metric',
    `The metric '${scorer.name}' needs probabilities, which ${name} does not give. Take a metric of predicted classes, e.g. 'accuracy' or 'f1'.`,
    { metric: scorer.name, model: name },
  );
}
