import assert from 'node:assert/strict';
import { AbortError } from '../../src/core/errors.ts';
import { toSharedTable } from '../../src/core/table.ts';
import { fitState } from '../../src/define/run.ts';
import { encodeLabels, encodeValues } from '../../src/define/targets.ts';
import { runInlineAsync } from '../../src/jobs/inline.ts';
import { jobCount } from '../../src/jobs/pool.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import type { Sample } from '../samples.ts';
import type { Subject } from '../subject.ts';

/** A fit is a job: it can be stopped and says how far it is. */
export const jobChecks = {
  'abort-before': {
    holds: 'a signal that has fired stops a fit before it starts, and the next fit works',
    async run(subject) {
      const sample = subject.sample();
      await assert.rejects(subject.fit(sample, { signal: AbortSignal.abort() }), isAbort);
      await assertIdle();
      assert.equal((await subject.fit(sample)).summary.rows, sample.x.rows);
    },
  },
  'abort-during': {
    holds: 'a fit stopped at any moment leaves nothing running, and a fit that ends all the same is whole',
    async run(subject) {
      const sample = subject.sample({ rows: subject.traits.largeRows });
      const start = performance.now();
      const expected = await outputsOf(await subject.fit(sample), sample.x.take([0, 1, 2]));
      const duration = performance.now() - start;
      let stopped = 0;
      for (const share of [0, 0.1, 0.4, 0.8]) {
        const abort = new AbortController();
        const fit = subject.fit(sample, { signal: abort.signal });
        if (share === 0) abort.abort();
        else setTimeout(() => abort.abort(), share * duration);
        try {
          assertSame(
            await outputsOf(await fit, sample.x.take([0, 1, 2])),
            expected,
            'a fit that ended before it stopped',
          );
        } catch (error) {
          if (!isAbort(error)) throw error;
          stopped++;
        }
        await assertIdle();
      }
      assert.ok(stopped > 0, 'a fit whose signal fired at once must throw AbortError');
      assertSame(
        await outputsOf(await subject.fit(sample), sample.x.take([0, 1, 2])),
        expected,
        'the next fit',
      );
    },
  },
  'progress-rises': {
    holds: 'progress lies between 0 and 1 and never falls',
    async run(subject) {
      const seen: number[] = [];
      const sample = subject.sample();
      await fitInline(subject, sample, (fraction) => seen.push(fraction));
      const at = seen.findIndex((fraction, i) => !(fraction >= (seen[i - 1] ?? 0) && fraction <= 1));
      assert.equal(at, -1, `report ${at} is ${seen[at]}, after ${seen[at - 1] ?? 0}`);
      const reported: number[] = [];
      await subject.fit(sample, {
        onProgress: ({ fraction }: { fraction: number }) => reported.push(fraction),
      });
      assert.ok(
        reported.every((fraction) => seen.includes(fraction)),
        `a worker thread reports ${reported.join(', ')} where ${seen.join(', ')} are expected`,
      );
    },
  },
} satisfies CheckTable;

function isAbort(error: unknown): boolean {
  return error instanceof AbortError;
}

/** No job is running or waiting once the promise of the last has settled. */
async function assertIdle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(jobCount(), 0, 'jobs still running or waiting');
}

/** Fits on this thread, where every report of progress is seen rather than one in 50 ms. */
async function fitInline(
  { specification, traits }: Subject,
  { x, y }: Sample,
  report: (fraction: number) => void,
): Promise<void> {
  const table = await toSharedTable(x);
  const coded =
    traits.target === 'classes'
      ? await encodeLabels(y as never)
      : y && (await encodeValues(y as Float64Array));
  const data = {
    x: table,
    y: coded && ('codes' in coded ? coded.codes : coded.values),
    targets: coded === undefined ? 0 : 1,
    classes: coded && 'classes' in coded ? coded.classes : undefined,
  };
  await runInlineAsync((job) => fitState(specification, data, job), {
    onProgress: ({ fraction }) => report(fraction),
    onWarning: () => {},
  });
}
