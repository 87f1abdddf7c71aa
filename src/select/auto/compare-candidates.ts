import { runInOrder } from '../search/run-in-order.ts';
import { lossOf, rankTrials } from '../search/trial.ts';
import { CandidateSearch, type ChoiceContext } from './candidate-search.ts';
import type { Candidate, Proposal } from './candidates.ts';

/** Candidates whose options are tuned, the best by their defaults. */
const TUNED = 4;
/** Trials that each of them gets before the worse half goes. */
const ROUND_TRIALS = 8;

export interface Comparison {
  readonly searches: readonly CandidateSearch[];
  readonly baselines: readonly CandidateSearch[];
}

/**
 * Compares candidates by the same folds: each with its defaults, then the four best with tuned options, in rounds of eight trials, after
 * which the worse half goes (successive halving over models); the last two go on until the budget ends. With a budget of trials the
 * result depends on the seed alone, not on threads.
 */
export async function compareCandidates(
  { candidates, baselines }: Pick<Proposal, 'candidates' | 'baselines'>,
  context: ChoiceContext,
): Promise<Comparison> {
  const naive = baselines.map((baseline) => new CandidateSearch(baseline, context));
  for (const search of naive) {
    for (const values of strategies(search.candidate)) await search.tryValues(values, true);
  }
  const searches = candidates.map((candidate) => new CandidateSearch(candidate, context));
  await tryDefaults(searches, context);
  await tuneBest(searches, context);
  return { searches, baselines: naive };
}

/** The values of a baseline's choices, such as the mean and the median. */
function strategies({ spaces }: Candidate): Record<string, string | number | boolean | null>[] {
  const [entry] = Object.entries(spaces);
  if (entry === undefined || entry[1].kind !== 'choices') return [{}];
  const [path, { values }] = entry;
  return values.map((value) => ({ [path]: value }));
}

/** The first one may take its time, so that there is a result whatever the budget. */
async function tryDefaults(
  searches: readonly CandidateSearch[],
  { spending, signal, runner }: ChoiceContext,
): Promise<void> {
  await runInOrder<void>({
    ...{ from: 0, to: searches.length, lag: Number.POSITIVE_INFINITY, width: runner.threads, signal },
    start: (number) =>
      number > 0 && spending.isSpent ? undefined : searches[number]!.tryValues({}, number === 0),
  });
}

async function tuneBest(
  searches: readonly CandidateSearch[],
  { ranking, spending }: ChoiceContext,
): Promise<void> {
  const best = (search: CandidateSearch) => lossOf(rankTrials(search.trials, ranking)[0]!, ranking);
  const ranked = (among: readonly CandidateSearch[]) => among.toSorted((a, b) => best(a) - best(b));
  let active = ranked(searches.filter(({ isTunable }) => isTunable)).slice(0, TUNED);
  while (active.length > 0 && !spending.isSpent) {
    for (const search of active) {
      const count = Math.min(ROUND_TRIALS, spending.trialsLeft);
      if (count > 0) await search.tune(count);
    }
    active = ranked(active).slice(0, Math.max(2, Math.ceil(active.length / 2)));
  }
}
