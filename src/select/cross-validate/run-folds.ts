import type { JobOptions } from '../../jobs/job.ts';
import type { FoldOutcome, FoldRequest, FoldRunner } from './fold-runner.ts';
import { runTogether } from './run-together.ts';

/** Runs folds as fast as the runner has room for them, and reports progress over all of them. */
export function runFolds(
  runner: FoldRunner,
  requests: readonly Omit<FoldRequest, 'signal' | 'onProgress'>[],
  { signal, onProgress }: Pick<JobOptions, 'signal' | 'onProgress'>,
): Promise<FoldOutcome[]> {
  const done = new Float64Array(requests.length);
  return runTogether(
    requests.map((request, i) => async (common: AbortSignal) => {
      const report = (fraction: number) => {
        done[i] = Math.max(done[i], fraction);
        onProgress?.({
          fraction: done.reduce((sum, part) => sum + part, 0) / done.length,
          message: `fit ${done.filter((part) => part === 1).length} of ${done.length}`,
        });
      };
      const outcome = await runner.run({ ...request, signal: common, onProgress: onProgress && report });
      report(1);
      return outcome;
    }),
    signal,
  );
}
