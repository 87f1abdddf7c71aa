import type { Definition } from '../../src/define/definition.ts';
import type { CheckTable } from '../check.ts';
import { assertClose, assertFinite, assertSame, outputsOf } from '../outputs.ts';
import { type Sample, takeRows } from '../samples.ts';
import { assertRefused, type Subject, unlessRefused } from '../subject.ts';

const weighted = ({ weighted }: Definition) => weighted !== false;

/** What sample weights mean. */
export const weightChecks = {
  'weights-repeat-rows': {
    holds: 'a whole weight counts as that many equal rows',
    when: weighted,
    async run(subject) {
      const sample = subject.sample();
      const weights = Float64Array.from({ length: sample.x.rows }, (_, i) => 1 + ((i * 7) % 4));
      const repeated = Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(i));
      await assertAlike(subject, sample, weights, takeRows(sample, repeated), 'repeated rows');
    },
  },
  'weights-of-zero': {
    holds: 'a row of weight 0 counts as left out',
    when: weighted,
    async run(subject) {
      const sample = subject.sample();
      const rows = [...Array(sample.x.rows).keys()];
      const kept = rows.filter((i) => i < 9 || i % 4 !== 0);
      // The rows left out are labelled wrongly, so that they would be noticed.
      const y =
        sample.y &&
        takeRows(
          sample,
          rows.map((i) => (kept.includes(i) ? i : (i + 1) % rows.length)),
        ).y;
      const weights = rows.map((i) => (kept.includes(i) ? 1 : 0));
      await assertAlike(subject, { x: sample.x, y }, weights, takeRows(sample, kept), 'rows left out');
    },
  },
  'weights-of-one': {
    holds: 'weights of 1 count as none',
    when: weighted,
    async run(subject) {
      const sample = subject.sample();
      await assertAlike(subject, sample, new Array(sample.x.rows).fill(1), sample, 'no weights');
    },
  },
  'weights-in-any-unit': {
    holds: 'weights multiplied by a constant give the same model',
    when: weighted,
    async run(subject) {
      const sample = subject.sample();
      const weights = Array.from({ length: sample.x.rows }, (_, i) => 1 + (i % 3));
      const plain = await subject.fit(sample, { sampleWeight: weights });
      const scaled = await subject.fit(sample, { sampleWeight: weights.map((weight) => 7 * weight) });
      const expected = await outputsOf(plain, sample.x);
      assertClose(await outputsOf(scaled, sample.x), expected, subject.traits.tolerance, 'weights times 7');
    },
  },
  'weights-forms-agree': {
    holds: 'weights as an array and as a typed array give the same bits',
    when: weighted,
    async run(subject) {
      const sample = subject.sample();
      const sampleWeight = Array.from({ length: sample.x.rows }, (_, i) => 0.5 + (i % 3));
      const expected = await outputsOf(await subject.fit(sample, { sampleWeight }), sample.x);
      const typed = await subject.fit(sample, { sampleWeight: Float64Array.from(sampleWeight) });
      assertSame(await outputsOf(typed, sample.x), expected, 'typed weights');
    },
  },
  'weights-leave-one-class': {
    holds: 'weights that leave one class give finite outputs or are refused',
    when: (definition) => weighted(definition) && definition.kind === 'classifier',
    async run(subject) {
      const { x, y } = subject.sample({ labels: ['no', 'yes'] });
      const sampleWeight = Array.from(y as readonly string[], (label) => (label === 'no' ? 1 : 0));
      const model = await unlessRefused(() => subject.fit({ x, y }, { sampleWeight }));
      if (model !== undefined) assertFinite(await outputsOf(model, x), 'with one class left');
    },
  },
  'weights-unfit-refused': {
    holds:
      'weights that are negative, not finite, all zero or too few are refused with the row or the lengths',
    when: weighted,
    async run(subject) {
      const sample = subject.sample();
      const ones = new Array<number>(sample.x.rows).fill(1);
      for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await assertRefused(
          `a weight of ${value}`,
          () => subject.fit(sample, { sampleWeight: ones.with(4, value) }),
          {
            codes: ['data/bad-weight'],
            mentions: ['row 4', String(value)],
          },
        );
      }
      await assertRefused('zero weights', () => subject.fit(sample, { sampleWeight: ones.map(() => 0) }), {
        codes: ['data/bad-weight'],
      });
      await assertRefused('a weight too few', () => subject.fit(sample, { sampleWeight: ones.slice(1) }), {
        codes: ['data/length-mismatch'],
        mentions: [String(ones.length - 1), String(ones.length)],
      });
    },
  },
  'weights-unsupported-refused': {
    holds: 'sampleWeight is refused by a model that does not honour it',
    when: (definition) => !weighted(definition),
    async run(subject) {
      const sample = subject.sample();
      const sampleWeight = new Array<number>(sample.x.rows).fill(1);
      await assertRefused('sampleWeight', () => subject.fit(sample, { sampleWeight }), {
        codes: ['option/unsupported'],
        mentions: ['sampleWeight'],
      });
    },
  },
} satisfies CheckTable;

async function assertAlike(
  subject: Subject,
  sample: Sample,
  sampleWeight: readonly number[] | Float64Array,
  plain: Sample,
  what: string,
): Promise<void> {
  const actual = await outputsOf(await subject.fit(sample, { sampleWeight }), sample.x);
  const expected = await outputsOf(await subject.fit(plain), sample.x);
  assertClose(actual, expected, subject.traits.tolerance, `weights against ${what}`);
}
