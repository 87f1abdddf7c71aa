import { meanAndStd } from '../cross-validate/mean-and-std.ts';
import type { LeaderboardEntry } from '../run/run-record.ts';
import { lossOf, type Ranking, type Trial } from '../search/trial.ts';
import type { CandidateSearch } from './candidate-search.ts';
import { modelWith, type Skipped } from './candidates.ts';
import type { Comparison } from './compare-candidates.ts';
import type { Winner } from './pick-winner.ts';

/** Everyone that was compared, best first, and then those that were not, each with the reason. */
export function leaderboard(
  { searches, baselines }: Comparison,
  skipped: readonly Skipped[],
  winner: Winner,
  ranking: Ranking,
): LeaderboardEntry[] {
  const all = [
    ...searches.map((search) => ({ search, isBaseline: false })),
    ...baselines.map((search) => ({ search, isBaseline: true })),
  ];
  const scored = all
    .filter(({ search }) => search.best !== undefined)
    .sort((a, b) => lossOf(a.search.best!, ranking) - lossOf(b.search.best!, ranking));
  const entries = [
    ...scored.map(({ search, isBaseline }) => scoredEntry(search, isBaseline, winner, ranking)),
    ...all.filter(({ search }) => search.best === undefined).map(({ search }) => failedEntry(search)),
    ...skipped.map(({ family, note }) => ({ ...noScore, family, note, state: 'skipped' as const })),
  ];
  return entries.map((entry, i) => ({ rank: i + 1, ...entry }));
}

type Entry = Omit<LeaderboardEntry, 'rank'>;

const noScore = {
  isBaseline: false,
  specification: null,
  mean: null,
  std: null,
  foldScores: [],
  trials: 0,
  seconds: 0,
} satisfies Partial<Entry>;

function scoredEntry(
  search: CandidateSearch,
  isBaseline: boolean,
  winner: Winner,
  { metric }: Ranking,
): Entry {
  const { candidate, trials } = search;
  const trial = search.best!;
  const foldScores = trial.testScores[metric]!;
  const note = search === winner.search ? `chosen: ${winner.reason}` : '';
  return {
    family: isBaseline ? 'baseline' : candidate.family,
    isBaseline,
    specification: modelWith(candidate, search.valuesOf(trial)).toJSON(),
    ...meanAndStd(foldScores),
    foldScores,
    ...counted(trials),
    state: 'complete',
    note: isBaseline ? candidate.model.definition.summary.replace(/\.$/, '') : note,
  };
}

/** Tried without a score, or never tried. */
function failedEntry({ candidate, trials }: CandidateSearch): Entry {
  const [first] = trials;
  const facts = {
    ...noScore,
    family: candidate.family,
    specification: candidate.model.toJSON(),
    ...counted(trials),
  };
  return first === undefined
    ? { ...facts, state: 'skipped', note: 'the budget was spent before' }
    : { ...facts, state: 'failed', note: first.error ?? 'its score is undefined' };
}

function counted(trials: readonly Trial[]): Pick<Entry, 'trials' | 'seconds'> {
  return { trials: trials.length, seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0) };
}
