import type { JobOptions } from '../../jobs/job.ts';
import { FoldRunner } from '../cross-validate/fold-runner.ts';
import { encodeRows } from '../cross-validate/labelled-rows.ts';
import { resolveScoring } from '../cross-validate/scoring.ts';
import { shareRows } from '../cross-validate/share-rows.ts';
import type { TrainingPlan } from '../training-plan.ts';
import type { Candidate } from './candidates.ts';
import { choiceRows, LEAST_ROWS, mostChoiceRows } from './choice-rows.ts';

/** Rows of the fit that is timed, and of those that it predicts. */
const PILOT_ROWS = 2000;
const PILOT_TEST_ROWS = 500;
/** The quickest candidate is to take this share of the time; others take many times as long, and all are to be tuned. */
const SHARE = 1 / 40;

/**
 * How many training rows can be compared in the time: as many as let the quickest candidate, by a fit on 2,000 rows, be
 * cross-validated in a small share of it; at least 5,000, where there are so many.
 */
export async function affordableRows(
  plan: TrainingPlan,
  { prepared }: Candidate,
  { seconds, folds, threads, signal }: PilotOptions,
): Promise<number> {
  const most = mostChoiceRows(plan);
  if (seconds === undefined || most <= LEAST_ROWS) return most;
  const { x, y } = choiceRows(plan, PILOT_ROWS + PILOT_TEST_ROWS);
  const data = await encodeRows(prepared, x, y as never, {});
  const runner = new FoldRunner({
    data,
    scoring: resolveScoring(prepared),
    threads,
    onWarning() {},
    width: 1,
  });
  const order = Array.from({ length: data.rows }, (_, i) => i);
  const split = { train: shareRows(order.slice(0, PILOT_ROWS)), test: shareRows(order.slice(PILOT_ROWS)) };
  const run = () => runner.run({ specification: prepared, split, signal });
  // The first one also loads what it needs.
  await run();
  const { fitSeconds, scoreSeconds } = await run();
  const perRow = (fitSeconds + scoreSeconds) / PILOT_ROWS;
  const rows = Math.floor((seconds * SHARE * threads) / (folds * perRow));
  return Math.max(LEAST_ROWS, Math.min(most, rows));
}

interface PilotOptions extends Pick<JobOptions, 'signal'> {
  /** Undefined: time is no matter, and the result depends on the table alone. */
  readonly seconds: number | undefined;
  readonly folds: number;
  readonly threads: number;
}
