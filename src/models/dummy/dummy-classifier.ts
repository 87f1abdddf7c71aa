import { z } from 'zod';
import { OptionError, suggestion } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import { choices, option } from '../../core/options.ts';
import { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import { constantNodes } from '../../tensor/onnx/constant-nodes.ts';

interface DummyClassifierState {
  /** Share of each class among the training rows. */
  readonly classPrior: Float64Array;
  /** The class that is always predicted; −1 where it is drawn. */
  readonly constant: number;
}

export interface DummyClassifierAttributes {
  /** Share of each class among the (weighted) training rows. */
  readonly classPrior: Float64Array;
}

/**
 * Predicts classes without looking at the columns. Strategies of scikit-learn's DummyClassifier, with its draws for the same seed:
 * `prior` the most frequent class with the shares as probabilities, `mostFrequent` the same with probability 1, `stratified`
 * classes drawn by their shares, `uniform` drawn alike, `constant` a class that is given. What is drawn depends on the place of a row.
 * With more than 10,000 classes `stratified` draws in another way than scikit-learn, once a row.
 */
export const dummyClassifier = defineClassifier({
  name: 'dummy-classifier',
  module: import.meta.url,
  summary: 'Predicts the most frequent class, or one drawn by chance.',
  use: 'As the baseline that every other model has to beat.',
  input: 'table',
  missing: 'accepted',
  scaling: 'irrelevant',
  baseline: true,
  fitOperations: (rows) => 2 * rows,
  rowOperations: () => 1,
  options: z.strictObject({
    strategy: option(
      z.enum(['prior', 'mostFrequent', 'stratified', 'uniform', 'constant']).default('prior'),
      'What is predicted.',
      choices('prior', 'mostFrequent'),
    ),
    constant: option(
      z.union([z.string(), z.number(), z.boolean()]).nullable().default(null),
      'With strategy constant: the class.',
    ),
    randomState: option(
      z.int().nonnegative().nullable().default(0),
      'Seed of what is drawn; null for another each time.',
    ),
  }),
  check({ strategy, constant }) {
    if ((strategy === 'constant') === (constant !== null)) return;
    throw new OptionError(
      'option/conflict',
      strategy === 'constant'
        ? "dummy-classifier: strategy 'constant' needs the class: { strategy: 'constant', constant: 'yes' }."
        : `dummy-classifier: constant has no meaning with strategy '${strategy}'. Leave one of them out.`,
      { option: 'constant' },
    );
  },
  fit({ strategy, constant }, { y, classes, sampleWeight }): DummyClassifierState {
    const classPrior = new Float64Array(classes.length);
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const weight = sampleWeight?.[i] ?? 1;
      classPrior[y[i]!]! += weight;
      total += weight;
    }
    for (let c = 0; c < classPrior.length; c++)
      classPrior[c] = total === 0 ? 1 / classes.length : classPrior[c]! / total;
    if (strategy === 'stratified' || strategy === 'uniform') return { classPrior, constant: -1 };
    return {
      classPrior,
      constant:
        constant === null
          ? classPrior.indexOf(classPrior.reduce((a, b) => Math.max(a, b)))
          : placeOf(constant, classes),
    };
  },
  classCount: ({ classPrior }) => classPrior.length,
  predictProba({ classPrior, constant }, { rows }, _job, { strategy, randomState }) {
    const size = classPrior.length;
    const probabilities = sharedArray(Float64Array, rows * size);
    if (strategy === 'prior') for (let i = 0; i < rows; i++) probabilities.set(classPrior, i * size);
    else if (strategy === 'uniform') probabilities.fill(1 / size);
    else {
      const codes = constant < 0 ? drawByPrior(classPrior, rows, randomState) : undefined;
      for (let i = 0; i < rows; i++) probabilities[i * size + (codes?.[i] ?? constant)] = 1;
    }
    return probabilities;
  },
  predict({ classPrior, constant }, { rows }, _job, { strategy, randomState }) {
    const codes = sharedArray(Int32Array, rows);
    if (constant >= 0) codes.fill(constant);
    else if (strategy === 'stratified') codes.set(drawByPrior(classPrior, rows, randomState));
    else codes.set(new RandomState(randomState).randint(0, classPrior.length, rows));
    return codes;
  },
  onnx({ classPrior, constant }, x, graph, { strategy }) {
    if (constant < 0) return { unsupported: `with strategy '${strategy}' classes are drawn by chance` };
    const shares = strategy === 'prior' ? classPrior : classPrior.map((_, c) => (c === constant ? 1 : 0));
    return { probabilities: constantNodes(graph, x, shares) };
  },
  attributes: ({ classPrior }): DummyClassifierAttributes => ({ classPrior }),
});

/** Classes up to which one is drawn as NumPy does. */
const MOST_DRAWS = 10_000;

function placeOf(constant: Label, classes: readonly Label[]): number {
  const found = classes.findIndex((label) => label === constant || String(label) === String(constant));
  if (found >= 0) return found;
  const known = classes.map(String);
  throw new OptionError(
    'option/invalid',
    `dummy-classifier: constant '${constant}' is no class of y.${suggestion(String(constant), known)}`,
    { option: 'constant' },
  );
}

/**
 * A class for each row by successive Bernoulli draws, class j with p_j / (p_j + p_{j+1} + …): the draws that NumPy's legacy `multinomial(1, p)`
 * makes, which inverts the smaller of p and 1 − p. They are as many as classes, so that more than 10,000 classes are drawn by one number a row.
 */
function drawByPrior(prior: Float64Array, rows: number, randomState: number | null): Int32Array {
  const random = new RandomState(randomState);
  if (prior.length > MOST_DRAWS) return drawByInversion(prior, rows, random);
  const codes = new Int32Array(rows).fill(prior.length - 1);
  for (let i = 0; i < rows; i++) {
    let rest = 1;
    for (let j = 0; j < prior.length - 1; j++) {
      const p = prior[j]! / rest;
      rest -= prior[j]!;
      // NumPy draws nothing where p is 0.
      if (p === 0) continue;
      const u = random.randomSample();
      if (p <= 0.5 ? u > 1 - p : u <= p) {
        codes[i] = j;
        break;
      }
    }
  }
  return codes;
}

/** The class within whose share of 0 … 1 a uniform number falls. */
function drawByInversion(prior: Float64Array, rows: number, random: RandomState): Int32Array {
  const upTo = new Float64Array(prior.length);
  let sum = 0;
  for (let c = 0; c < prior.length; c++) {
    sum += prior[c]!;
    upTo[c] = sum;
  }
  return Int32Array.from({ length: rows }, () => {
    const u = random.randomSample() * sum;
    let [low, high] = [0, prior.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! > u) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
