import assert from 'node:assert/strict';
import { columnFromCells, Frame } from '../../src/core/frame.ts';
import { Matrix } from '../../src/core/matrix.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import { asFrame, unnamed } from '../samples.ts';
import { assertRefused } from '../subject.ts';
import { areNumbers } from '../traits.ts';
import { hasOutputs } from './shapes.ts';

/** Columns are matched by name where both sides have names, else by position. */
export const columnNameChecks = {
  'columns-remembered': {
    holds: 'the fitted model knows the columns it saw',
    async run(subject) {
      const { x, y } = subject.sample();
      const { schema } = await subject.fit({ x, y });
      assert.deepEqual([schema.columns, schema.names], [x.names!.length, x.names]);
    },
  },
  'columns-in-any-order': {
    holds: 'named columns may come in another order',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const reversed = asFrame(x).select(x.names!.toReversed());
      const expected = await outputsOf(model, x);
      assertSame(await outputsOf(model, reversed), expected, 'a frame with reversed columns');
      assertSame(await outputsOf(model, reversed.toRecords()), expected, 'objects with reversed keys');
      if (x instanceof Matrix)
        assertSame(await outputsOf(model, reversed.toMatrix()), expected, 'a matrix with reversed columns');
    },
  },
  'columns-extra-dropped': {
    holds: 'further columns are ignored, whatever they hold',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const note = columnFromCells(
        'note',
        Array.from({ length: x.rows }, () => 'further'),
      );
      const wider = new Frame([['note', note], ...asFrame(x).entries()]);
      assertSame(await outputsOf(model, wider), await outputsOf(model, x), 'a frame with a further column');
    },
  },
  'columns-missing-refused': {
    holds: 'a missing column is refused by its name',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const [lacking, ...rest] = x.names!;
      const codes = ['data/missing-column'];
      await assertRefused(`x without '${lacking}'`, () => outputsOf(model, asFrame(x).select(rest)), {
        codes,
        mentions: [`'${lacking}'`],
      });
    },
  },
  'columns-named-later': {
    holds: 'a model fitted without names takes named columns by their position',
    when: (definition, traits) => hasOutputs(definition) && areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x: unnamed(x), y });
      const expected = await outputsOf(model, unnamed(x));
      assertSame(await outputsOf(model, x), expected, 'a matrix with names');
      assertSame(await outputsOf(model, asFrame(x)), expected, 'a frame');
    },
  },
  'columns-miscounted-refused': {
    holds: 'another number of unnamed columns is refused with both numbers',
    when: (definition, traits) => hasOutputs(definition) && areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x: unnamed(x), y });
      const codes = ['data/column-count'];
      for (const columns of [x.names!.length - 1, x.names!.length + 1]) {
        const other = subject.sample({ columns }).x;
        const mentions = [String(x.names!.length), String(columns)];
        await assertRefused(`${columns} columns`, () => outputsOf(model, unnamed(other)), {
          codes,
          mentions,
        });
      }
    },
  },
} satisfies CheckTable;
