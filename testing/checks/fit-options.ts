import type { CheckTable } from '../check.ts';
import { assertFinite, assertSame, outputsOf } from '../outputs.ts';
import { asFrame, makeSample } from '../samples.ts';
import { assertRefused } from '../subject.ts';
import { hasOutputs } from './shapes.ts';

/** What `fit` may be told, and data that do not fit together. */
export const fitOptionChecks = {
  'x-empty-refused': {
    holds: 'a table without rows or without columns is refused in a fit',
    async run(subject) {
      const { x, y } = subject.sample();
      const noRows = { x: x.take([]), y: y?.slice(0, 0) };
      await assertRefused('no rows', () => subject.fit(noRows), { codes: ['data/no-rows'] });
      await assertRefused('an empty array', () => subject.fit({ x: [], y: [] }), { codes: ['data/no-rows'] });
      const noColumns = Array.from({ length: x.rows }, () => []);
      await assertRefused('no columns', () => subject.fit({ x: noColumns, y }), {
        codes: ['data/no-columns'],
      });
      await assertRefused('a number as x', () => subject.fit({ x: 5, y }), { codes: ['data/not-a-table'] });
    },
  },
  'y-miscounted-refused': {
    holds: 'a target of another length is refused with both lengths',
    when: (_, { target }) => target !== 'none',
    async run(subject) {
      const { x, y } = subject.sample();
      await assertRefused('y without its last row', () => subject.fit({ x, y: y!.slice(0, -1) }), {
        codes: ['data/length-mismatch'],
        mentions: [String(x.rows), String(x.rows - 1)],
      });
    },
  },
  'y-unfit-refused': {
    holds: 'a target that is missing or of another type is refused with its row',
    when: ({ kind }) => kind === 'regressor' || kind === 'classifier',
    async run(subject) {
      const { x, y } = subject.sample();
      const numeric = subject.definition.kind === 'regressor';
      const bad = numeric
        ? [Number.NaN, Number.POSITIVE_INFINITY, null, 'much']
        : [null, undefined, Number.NaN, 1];
      for (const value of bad) {
        const target = Array.from(y as readonly unknown[]).with(6, value);
        await assertRefused(`${String(value)} in y`, () => subject.fit({ x, y: target }), {
          codes: ['data/bad-target', 'data/not-a-number'],
          mentions: ['Row 6'],
        });
      }
    },
  },
  'fit-options-unknown-refused': {
    holds: 'a misspelt option of fit is refused with the nearest suggested',
    async run(subject) {
      const sample = subject.sample();
      const attempt = () => subject.fit(sample, { sampleWeights: [1] });
      await assertRefused('sampleWeights', attempt, {
        codes: ['option/unknown'],
        mentions: ["'sampleWeight'"],
      });
      await assertRefused('threads: 0', () => subject.fit(sample, { threads: 0 }), {
        codes: ['option/invalid'],
        mentions: ['threads'],
      });
    },
  },
  'validation-rows': {
    holds: 'rows held out for validation are accepted, and refused when their columns do not fit',
    when: ({ kind }) => kind === 'regressor' || kind === 'classifier',
    async run(subject) {
      const sample = subject.sample();
      const validation = makeSample(subject.traits, { seed: 1, rows: 20 });
      const model = await subject.fit(sample, { validation });
      assertFinite(await outputsOf(model, sample.x), 'with validation rows');
      const [lacking, ...rest] = sample.x.names!;
      const narrow = { ...validation, x: asFrame(validation.x).select(rest) };
      await assertRefused('validation without a column', () => subject.fit(sample, { validation: narrow }), {
        codes: ['data/missing-column'],
        mentions: [`'${lacking}'`],
      });
    },
  },
  'continues-from-a-model': {
    holds:
      'a fit continues from an earlier model, in whatever order the columns come, and refuses one of other data',
    when: (definition) => definition.continues === true,
    async run(subject) {
      const sample = subject.sample();
      const { x, y } = sample;
      const from = await subject.fit(sample);
      const again = await subject.fit(sample, { from });
      const reversed = asFrame(x).select(x.names!.toReversed());
      const reordered = await subject.fit({ x: reversed, y }, { from });
      if (hasOutputs(subject.definition)) {
        const expected = await outputsOf(again, x);
        assertFinite(expected, 'continued');
        assertSame(await outputsOf(reordered, x), expected, 'continued on reversed columns');
      }
      const codes = ['data/other-shape', 'data/column-count', 'data/missing-column', 'data/other-classes'];
      const wider = subject.sample({ columns: 5 });
      await assertRefused('a model of 3 columns for 5', () => subject.fit(wider, { from }), { codes });
      if (subject.definition.kind !== 'classifier') return;
      const others = subject.sample({ labels: ['猫', 'dog', 'cow'] });
      await assertRefused('a model of other classes', () => subject.fit(others, { from }), { codes });
    },
  },
  'continuing-refused': {
    holds: 'an earlier model is refused by a model that cannot continue',
    when: (definition) => definition.continues !== true,
    async run(subject) {
      const sample = subject.sample();
      const from = await subject.fit(sample);
      const codes = ['option/unsupported'];
      await assertRefused('from', () => subject.fit(sample, { from }), {
        codes,
        mentions: ['cannot continue'],
      });
    },
  },
} satisfies CheckTable;
