import type { Frame } from '../../core/frame.ts';
import type { JobOptions, JobWarning } from '../../jobs/job.ts';
import { defaultThreads } from '../../jobs/threads.ts';
import { FoldRunner } from '../cross-validate/fold-runner.ts';
import { encodeRows } from '../cross-validate/labelled-rows.ts';
import { featureColumns } from '../feature-columns.ts';
import { chooseModel, type ModelChoice, settleProblem } from '../model-choice.ts';
import { requireProblem } from '../problem.ts';
import type { ChoiceRecord } from '../run/run-record.ts';
import type { Ranking, Trial } from '../search/trial.ts';
import { fitPlan, type TrainedTable } from '../train-table.ts';
import { planTraining, type TrainingPlan } from '../training-plan.ts';
import { affordableRows } from './affordable-rows.ts';
import { type AutoTrainOptions, type ParsedAutoOptions, parseAutoOptions } from './auto-options.ts';
import { modelWith, proposeCandidates } from './candidates.ts';
import { choiceRows, mostChoiceRows } from './choice-rows.ts';
import { type Comparison, compareCandidates } from './compare-candidates.ts';
import { decidingMetric } from './deciding-metric.ts';
import { divideChoice } from './divide-choice.ts';
import { leaderboard } from './leaderboard.ts';
import { isBetter, pickWinner } from './pick-winner.ts';
import { Spending } from './spending.ts';

/** Training rows below which folds are too small to tell models apart. */
const LEAST_TRAIN_ROWS = 16;

/**
 * Chooses a model for a table and trains it: {@link trainTable} with a model that won a comparison. Candidates are all models of the
 * registry that suit the problem, the rows and the columns, each with the preparation it needs. They are cross-validated on the
 * training rows alone, first with their defaults, then the best of them with tuned options, until the budget is spent; the test rows
 * are touched once, by the winner. The folds respect groups and time. A candidate that fails or is too slow is listed with the
 * reason. Fewer than 16 training rows are too few to compare: then it is `trainTable`'s default model, which `choice.reason` says.
 *
 * With a budget of trials alone, the same seed gives the same choice for any number of threads.
 * @throws DataError and OptionError naming column, row or option; AbortError.
 */
export async function autoTrain(
  table: Frame,
  options: AutoTrainOptions,
  job: JobOptions = {},
): Promise<TrainedTable> {
  const parsed = parseAutoOptions(options);
  const { target } = parsed.train;
  const whole = table.column(target);
  const x = featureColumns(table, parsed.train);
  const { problem, reason } = settleProblem(target, whole, parsed.train.problem);
  requireProblem(target, whole, problem);
  const plan = await planTraining(table, x, problem, parsed.train);
  const spending = new Spending(parsed.budget);
  const found = await choose(plan, reason, parsed, spending, job);
  if (typeof found === 'string') {
    const fallback = await chooseModel(target, whole, parsed.train);
    return fitPlan(plan, { ...fallback, reason: `${found}, so it is the default` }, job);
  }
  for (const message of found.warnings) job.onWarning?.({ code: 'auto/no-gain', message });
  const before = process.cpuUsage();
  job.onProgress?.({ fraction: 1, message: `fitting ${found.choice.family} on all training rows` });
  const trained = await fitPlan(plan, found.choice, { ...job, onProgress: undefined });
  const { user, system } = process.cpuUsage(before);
  const comparison = { ...found.record, spent: spending.spent((user + system) / 1e6) };
  return {
    ...trained,
    choice: { ...trained.choice, comparison },
    warnings: [...found.warnings, ...trained.warnings],
  };
}

interface Choice {
  readonly choice: ModelChoice;
  readonly record: ChoiceRecord;
  readonly warnings: readonly string[];
}

/** @returns why nothing can be compared, where that is so. */
async function choose(
  plan: TrainingPlan,
  problemReason: string,
  { metric, candidates: wanted, folds, budget, train }: ParsedAutoOptions,
  spending: Spending,
  job: JobOptions,
): Promise<Choice | string> {
  const { problem, split, columns, positiveClass } = plan;
  const trainRows = split.train.length;
  const { threads = defaultThreads(), signal } = job;
  const propose = (rows: number) => {
    const facts = { problem, problemReason, trainRows, rows, columns, seed: train.seed };
    return proposeCandidates({ ...facts, isWeighted: train.weight !== undefined }, wanted);
  };
  const offer = await propose(mostChoiceRows(plan));
  const [first] = offer.candidates;
  if (trainRows < LEAST_TRAIN_ROWS) return `${trainRows} training rows are too few to compare models`;
  if (first === undefined) {
    return `no candidate suits (${offer.skipped.map(({ family, note }) => `${family}: ${note}`).join('; ')})`;
  }
  const count = await affordableRows(plan, first, { seconds: budget.seconds, folds, threads, signal });
  const rows = choiceRows(plan, count);
  const proposal = count === mostChoiceRows(plan) ? offer : await propose(count);
  const data = await encodeRows(first.model, rows.x, rows.y as never, {
    ...{ groups: rows.group as never, sampleWeight: rows.sampleWeight, positiveClass },
  });
  const divided = await divideChoice(data, rows, { folds, seed: train.seed, signal });
  if (divided === undefined) return 'the training rows cannot be divided into folds';
  const { splits } = divided;
  const { scorer, reason: metricReason } = decidingMetric(problem, metric, data, splits);
  const ranking: Ranking = { metric: scorer.name, greaterIsBetter: scorer.greaterIsBetter };
  const ignore = (_: JobWarning) => {};
  const runner = new FoldRunner({
    data,
    scoring: [scorer],
    threads,
    onWarning: ignore,
    width: splits.length,
  });
  let best: { readonly family: string; readonly score: number } | undefined;
  const compared = await compareCandidates(proposal, {
    ...{ runner, splits, ranking, spending, seed: train.seed, signal },
    onTrial({ family, model }, { state, score }) {
      const isFirst = best === undefined;
      if (state === 'complete' && model.definition.baseline !== true) {
        const gain = isFirst ? 1 : (score - best!.score) * (ranking.greaterIsBetter ? 1 : -1);
        if (gain > 0) best = { family, score };
      }
      const leader = best && `, best ${ranking.metric} ${best.score.toPrecision(4)} (${best.family})`;
      job.onProgress?.({ fraction: spending.share, message: `trial ${spending.trials}${leader ?? ''}` });
    },
  });
  const winner = pickWinner(
    compared.searches,
    ranking,
    fitsInTime(budget.seconds, splits.length, trainRows / rows.rows),
  );
  if (winner === undefined) {
    const why = compared.searches.find(({ trials }) => trials.length > 0)?.trials[0]?.error;
    return `no candidate gave a score${why === undefined ? '' : ` (${why.replace(/\.$/, '')})`}`;
  }
  const { search, trial } = winner;
  const record: ChoiceRecord = {
    ...{ ...ranking, folds: splits.length, budget, spent: spending.spent() },
    leaderboard: leaderboard(compared, proposal.skipped, winner, ranking),
    notes: [
      `${scorer.title} decides (${metricReason}), as the mean over ${splits.length} folds of the training rows (${divided.splitter.name})`,
      ...(rows.rows < trainRows ? [`compared on a random ${rows.rows} of ${trainRows} training rows`] : []),
      'the best of many trials looks a little better than it is; the test rows say how good it is',
    ],
  };
  return {
    choice: {
      ...{ problem, problemReason, family: search.candidate.family, isDefault: false },
      reason: winner.reason,
      comparison: record,
      specification: modelWith(search.candidate, search.valuesOf(trial)),
    },
    record,
    warnings: warningsOf(compared, trial, ranking, train.target),
  };
}

/** Whether a fit of all rows may be expected to end within the whole time, one fold's taking in proportion to its rows. */
function fitsInTime(seconds: number | undefined, folds: number, growth: number): (trial: Trial) => boolean {
  if (seconds === undefined) return () => true;
  return (trial) => (trial.seconds / folds) * (folds / (folds - 1)) * growth <= seconds;
}

function warningsOf({ baselines }: Comparison, winner: Trial, ranking: Ranking, target: string): string[] {
  const beats = baselines.every(({ best }) => best === undefined || isBetter(winner, best, ranking));
  return beats
    ? []
    : [`No model is clearly better than the naive baseline: the columns may say nothing about '${target}'.`];
}
