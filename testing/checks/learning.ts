import assert from 'node:assert/strict';
import type { CheckTable } from '../check.ts';
import { outputsOf } from '../outputs.ts';

/** Whether anything is learned at all. */
export const learningChecks = {
  'regressor-learns': {
    holds: 'a nearly linear target is explained by more than half (R² on the training rows)',
    when: ({ kind }) => kind === 'regressor',
    async run(subject) {
      const { x, y } = subject.sample({ rows: 120 });
      const predicted = (await outputsOf(await subject.fit({ x, y }), x)).predict!.cells as number[];
      const truth = Array.from(y as Float64Array);
      const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
      const squares = (reference: (i: number) => number) =>
        truth.reduce((sum, value, i) => sum + (value - reference(i)) ** 2, 0);
      const r2 = 1 - squares((i) => predicted[i]!) / squares(() => mean);
      assert.ok(r2 > 0.5, `R² is ${r2}`);
    },
  },
  'classifier-learns': {
    holds: 'well separated classes are told apart in more than 85% of the training rows',
    when: ({ kind }) => kind === 'classifier',
    async run(subject) {
      for (const labels of [['no', 'yes'], undefined]) {
        const { x, y } = subject.sample({ rows: 120, ...(labels && { labels }) });
        const predicted = (await outputsOf(await subject.fit({ x, y }), x)).predict!.cells;
        const right = predicted.filter((label, i) => label === y![i]).length / x.rows;
        assert.ok(right > 0.85, `${labels?.length ?? 3} classes: ${right} of the rows are right`);
      }
    },
  },
} satisfies CheckTable;
