import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { jobCount } from '../../src/jobs/pool.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import type { SampleRequest } from '../samples.ts';
import type { Subject } from '../subject.ts';

/** The same data and options give the same bits. */
export const determinismChecks = {
  'same-bits-again': {
    holds: 'two fits give the same bits',
    async run(subject) {
      const sample = subject.sample();
      const [first, second] = [await subject.fit(sample), await subject.fit(sample)];
      assert.deepEqual(second.state, first.state, 'the state of a second fit');
      assertSame(await outputsOf(second, sample.x), await outputsOf(first, sample.x), 'a second fit');
    },
  },
  'same-bits-on-any-threads': {
    holds: '1, 2 and 3 threads give the same bits',
    run: (subject) => assertThreadsAgree(subject, {}),
  },
  'same-bits-on-any-threads-large': {
    holds: '1, 2 and 3 threads give the same bits on many rows',
    run: (subject) => assertThreadsAgree(subject, { rows: subject.traits.largeRows, columns: 7 }),
  },
  'random-state': {
    holds: 'any seed and null are accepted as randomState',
    when: ({ options }) => 'randomState' in options.shape,
    async run({ factory, options, fit, sample, specification }) {
      const data = sample();
      for (const randomState of [1, 2 ** 32 - 1, null]) {
        const seeded = factory.from({ ...options, randomState }) as typeof specification;
        assert.equal(seeded.options.randomState, randomState);
        await (seeded.kind === 'clusterer' ? seeded.fit(data.x) : seeded.fit(data.x, data.y));
      }
      assert.equal((await fit(data)).summary.rows, data.x.rows);
    },
  },
} satisfies CheckTable;

async function assertThreadsAgree(subject: Subject, request: SampleRequest): Promise<void> {
  // A fit beside other jobs gets only the threads that they leave, which would make this check blind.
  while (jobCount() > 0) await setTimeout(5);
  const sample = subject.sample(request);
  const first = await subject.fit(sample, { threads: 1 });
  const expected = await outputsOf(first, sample.x, { threads: 1 });
  for (const threads of [2, 3]) {
    const model = await subject.fit(sample, { threads });
    assert.deepEqual(model.state, first.state, `the state of a fit on ${threads} threads and on 1`);
    assertSame(await outputsOf(model, sample.x, { threads }), expected, `${threads} threads against 1`);
  }
}
