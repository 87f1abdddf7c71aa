import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { boost } from '../../math/trees/boost.ts';
import type { HeldOutMetric } from '../../math/trees/held-out.ts';
import { rankingLoss } from '../../math/trees/ranking-loss.ts';
import { ndcgScore } from '../../metrics/ranking.ts';
import { stateOf, trainingTable } from '../tree-training-table.ts';
import { boostedValues } from './boosted-values.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { boostingOptions, boostingSettings, boostingWorkers } from './boosting-options.ts';

const MODEL = 'gradient-boosting-ranker';
/** Relevances have whole numbers up to this, whose gain 2^r − 1 does not drown all others. */
const MOST_RELEVANT = 30;

const options = boostingOptions.omit({ validationFraction: true, evalMetric: true }).extend({
  truncationLevel: option(
    z.int().positive().default(30),
    'Pairs of rows count of which one is among so many first of its query: a little more than the places that matter.',
  ),
  sigmoid: option(z.number().positive().default(1), 'Steepness of the logistic function of two scores.'),
  normalize: option(
    z.boolean().default(true),
    'Whether queries weigh alike, however many rows they have and however far their scores lie apart.',
  ),
  labelGain: option(
    z.array(z.number().nonnegative()).min(2).nullable().default(null),
    'What a row of relevance 0, 1, … gains; null for 2^r − 1.',
  ),
  evalAt: option(
    z.int().positive().default(10),
    'Rows of a query that count in the NDCG of the validation set, for early stopping.',
  ),
});

/**
 * Boosted trees that rank the rows of a query by LambdaRank: `fit(x, relevance, { groups })`, groups being the query of each row and relevances
 * whole numbers from 0. Predictions are scores, comparable within a query. Options are those of the other boosted trees; early stopping
 * maximises the NDCG of a validation set, which has groups as well. The counterpart of LightGBM's LGBMRanker.
 * Source: C. Burges, "From RankNet to LambdaRank to LambdaMART: an overview" (2010).
 */
export const gradientBoostingRanker = defineRegressor({
  name: MODEL,
  module: import.meta.url,
  summary: 'Boosted trees that put the rows of each query into order.',
  use: 'Search results, recommendations: where the order within a query matters, not the value.',
  ...boostedValues,
  learnsFrom: 'queries',
  continues: true,
  options,
  async fit(settings, data, job): Promise<BoostingState> {
    const { y, sampleWeight, groups, validation } = data;
    const from = data.from as BoostingState | undefined;
    const labelGain =
      settings.labelGain ?? Array.from({ length: MOST_RELEVANT + 1 }, (_, relevance) => 2 ** relevance - 1);
    requireRelevances(y, labelGain.length, 'y');
    if (validation !== undefined) requireRelevances(validation.y, labelGain.length, 'validation.y');
    const queries = queriesOf(groups, sampleWeight, 'groups');
    const table = trainingTable(data, { ...settings, maxCategories: settings.maxBins }, MODEL);
    const { truncationLevel, sigmoid, normalize } = settings;
    const found = await boost(boostingWorkers(job, settings.nEstimators), {
      ...{ x: table.x, y, sampleWeight, validation: table.validation, from, outputs: 1 },
      ...boostingSettings({ ...settings, validationFraction: 0, evalMetric: 'loss' }, table),
      loss: rankingLoss({ queries, labelGain, truncationLevel, sigmoid, normalize }),
      ...(validation !== undefined && {
        metric: ndcgOf(
          queriesOf(validation.groups, validation.sampleWeight, 'validation.groups'),
          labelGain,
          settings.evalAt,
        ),
      }),
    });
    return { ...found, ...stateOf(table), link: 'identity' };
  },
});

/** @throws DataError naming the first relevance that is no whole number with a gain. */
function requireRelevances(y: Float64Array, known: number, name: string): void {
  const row = y.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < known));
  if (row < 0) return;
  throw new DataError(
    'data/bad-relevance',
    `${name} is ${y[row]} in row ${row}; relevances are whole numbers from 0 to ${known - 1}${known === MOST_RELEVANT + 1 ? '' : ', of which labelGain tells the gains'}.`,
    { row },
  );
}

/** The query of each row of weight above 0, as codes without gaps. @throws OptionError without groups. */
function queriesOf(
  groups: Int32Array | undefined,
  sampleWeight: Float64Array | undefined,
  option: string,
): Int32Array {
  if (groups === undefined) {
    throw new OptionError(
      'option/missing',
      `${MODEL} ranks the rows of queries: give ${option}, the query of each row.`,
      { option },
    );
  }
  const codes = new Map<number, number>();
  const kept = sampleWeight === undefined ? groups : groups.filter((_, i) => sampleWeight[i]! > 0);
  return kept.map((group) => {
    const code = codes.get(group) ?? codes.size;
    codes.set(group, code);
    return code;
  });
}

/** The mean NDCG of queries, negated. */
function ndcgOf(queries: Int32Array, labelGain: readonly number[], k: number): HeldOutMetric {
  return ({ rows, scores, y }) => {
    const gains = Array.from(y, (relevance) => labelGain[relevance]!);
    return -ndcgScore(gains, scores.subarray(0, rows), { groups: Array.from(queries), k, ignoreTies: true });
  };
}
