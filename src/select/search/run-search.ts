import type { TableLike } from '../../core/table.ts';
import type { Split } from '../../data/split/splitter.ts';
import type { FittedModel } from '../../define/fitted.ts';
import type { Specification } from '../../define/specification.ts';
import { defaultThreads } from '../../jobs/threads.ts';
import { divideRows } from '../cross-validate/divide-rows.ts';
import type { FittedBy } from '../cross-validate/fitted-by.ts';
import { FoldRunner } from '../cross-validate/fold-runner.ts';
import { encodeRows, type LabelledRows, type Target } from '../cross-validate/labelled-rows.ts';
import { resolveScoring } from '../cross-validate/scoring.ts';
import { fingerprintOf } from '../study/fingerprint.ts';
import { openStudy } from '../study/study-file.ts';
import { costOf } from './budget.ts';
import { rankingOf, type SearchOptions } from './search-options.ts';
import type { Findings, SearchResult } from './search-result.ts';
import { SearchSession } from './search-session.ts';
import type { Trial } from './trial.ts';

/** A way to search. */
export interface SearchMethod {
  /** What decides its proposals, as plain data. */
  readonly settings: unknown;
  /** How many trials there will be at most. */
  readonly trials: number;
  /** How many trials may be under way at once; Infinity when none looks at another. */
  readonly lag: number;
  /** Runs the trials and returns those among which the best is to be taken. */
  run(session: SearchSession, splits: readonly Split[]): Promise<readonly Trial[]>;
}

/** Prepares a method once the data and the folds are known. */
export type MethodFor = (data: LabelledRows, splits: readonly Split[]) => SearchMethod;

/** Runs a search and fits what it found on all rows. */
export async function runSearch<Spec extends Specification, Y extends Target, R extends boolean>(
  specification: Spec,
  x: TableLike,
  y: Y,
  options: SearchOptions<R>,
  methodFor: MethodFor,
): Promise<SearchResult<Spec, R extends false ? undefined : FittedBy<Spec, Y>>> {
  const data = await encodeRows(specification, x, y, options);
  const findings = await searchRows(specification, data, undefined, options, methodFor);
  if (options.refit === false) return { ...findings, model: undefined as never };
  const { model, cpuSeconds } = await refit(findings.bestSpecification, x, y, options);
  const spent = findings.spent.cpuSeconds + cpuSeconds;
  return {
    ...findings,
    spent: { ...findings.spent, cpuSeconds: spent, cost: costOf(spent, options.budget ?? {}) },
    model: model as never,
  };
}

/** A search over coded data, or over the rows `among` them, without a last fit. */
export async function searchRows<Spec extends Specification>(
  specification: Spec,
  data: LabelledRows,
  among: Int32Array | undefined,
  options: SearchOptions,
  methodFor: MethodFor,
): Promise<Findings<Spec>> {
  const { errorScore = Number.NaN, returnTrainScore = false, threads = defaultThreads() } = options;
  const scoring = resolveScoring(specification, options.scoring);
  const ranking = rankingOf(scoring, options.rankBy);
  const splits = await divideRows(data, options, among);
  const method = methodFor(data, splits);
  const { settings } = method;
  const fingerprinted = { data, specification, splits, scoring, errorScore, returnTrainScore };
  using study =
    options.study &&
    (await openStudy(
      options.study,
      await fingerprintOf({ ...fingerprinted, method: { ...(settings as object), rankBy: ranking.metric } }),
    ));
  const width = Math.min(method.lag, method.trials) * splits.length;
  const runner = new FoldRunner({ ...options, threads, data, scoring, errorScore, width });
  const context = { specification, runner, ranking, errorScore };
  const session = new SearchSession(context, options, study, method.trials);
  return session.conclude(specification, await method.run(session, splits));
}

interface Fittable {
  fit(x: TableLike, y: Target, options: object): Promise<FittedModel>;
}

/** CPU time is that of the whole process meanwhile: nothing else of the search is running. */
async function refit(specification: Specification, x: TableLike, y: Target, options: SearchOptions) {
  const { sampleWeight, groups, positiveClass, threads, signal, onWarning } = options;
  const before = process.cpuUsage();
  const model = await (specification as unknown as Fittable).fit(x, y, {
    ...{ sampleWeight, groups, threads, signal, onWarning },
    ...(positiveClass !== undefined && { positiveClass }),
  });
  const { user, system } = process.cpuUsage(before);
  return { model, cpuSeconds: (user + system) / 1e6 };
}
