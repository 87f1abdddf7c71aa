import { Matrix } from '../../src/core/matrix.ts';
import type { CheckTable } from '../check.ts';
import { assertFinite, outputsOf } from '../outputs.ts';
import { type Sample, takeRows } from '../samples.ts';
import { assertRefused, type Subject } from '../subject.ts';
import { areNumbers } from '../traits.ts';

/** Data without variation or of uneven size, which must not give NaN. */
export const degenerateDataChecks = {
  'constant-column': {
    holds: 'a column of one value gives finite outputs',
    when: (_, traits) => areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const constant = mapCells(x as Matrix, (value, column) => (column === 1 ? 1 : value));
      await assertFits(subject, { x: constant, y }, 'a constant column');
      await assertFits(subject, { x: mapCells(x as Matrix, () => 1), y }, 'nothing but constant columns');
    },
  },
  'equal-columns': {
    holds: 'two equal columns give finite outputs',
    when: (_, traits) => areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const equal = mapCells(x as Matrix, (_, column, row) =>
        (x as Matrix).at(row, column === 1 ? 0 : column),
      );
      await assertFits(subject, { x: equal, y }, 'equal columns');
    },
  },
  'uneven-scales': {
    holds: 'columns in very different units give finite outputs',
    when: (_, { columns }) => columns === 'numbers' || columns === 'positive',
    async run(subject) {
      const { x, y } = subject.sample();
      const uneven = mapCells(x as Matrix, (value, column) => value * 10 ** (6 * (column - 1)));
      await assertFits(subject, { x: uneven, y }, 'columns of 1e-6, 1 and 1e6');
    },
  },
  'repeated-rows': {
    holds: 'rows that are all repeated give finite outputs',
    async run(subject) {
      const sample = subject.sample({ rows: 6 });
      await assertFits(
        subject,
        takeRows(
          sample,
          [...Array(48).keys()].map((i) => i % 6),
        ),
        'repeated rows',
      );
    },
  },
  'constant-target': {
    holds: 'a target of one value gives finite predictions',
    when: ({ kind }) => kind === 'regressor',
    async run(subject) {
      const { x } = subject.sample();
      await assertFits(subject, { x, y: new Float64Array(x.rows).fill(3) }, 'a constant target');
    },
  },
  'one-class-refused': {
    holds: 'a target of one class is refused with its label',
    when: ({ kind }) => kind === 'classifier',
    async run(subject) {
      const { x } = subject.sample();
      const y = Array.from({ length: x.rows }, () => '猫');
      await assertRefused('one class', () => subject.fit({ x, y }), {
        codes: ['data/one-class'],
        mentions: ['猫'],
      });
    },
  },
  'rare-class': {
    holds: 'a class of one row gives finite outputs',
    when: ({ kind }) => kind === 'classifier',
    run: (subject) =>
      assertFits(subject, subject.sample({ labels: ['a', 'b', 'c'], shares: [30, 17, 1] }), 'a rare class'),
  },
} satisfies CheckTable;

async function assertFits(subject: Subject, { x, y }: Sample, what: string): Promise<void> {
  assertFinite(await outputsOf(await subject.fit({ x, y }), x), what);
}

function mapCells(x: Matrix, map: (value: number, column: number, row: number) => number): Matrix {
  const { rows, columns, names } = x;
  const data = Float64Array.from(x.data, (value, at) => map(value, at % columns, Math.floor(at / columns)));
  return new Matrix({ rows, columns, names, data });
}
