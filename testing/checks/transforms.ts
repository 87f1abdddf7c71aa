import assert from 'node:assert/strict';
import { Frame } from '../../src/core/frame.ts';
import { Matrix } from '../../src/core/matrix.ts';
import { sharedArray } from '../../src/core/shared.ts';
import { type Table, toMatrix } from '../../src/core/table.ts';
import type { Definition } from '../../src/define/definition.ts';
import { hasMethod, transformInto } from '../../src/define/run.ts';
import { runInlineAsync } from '../../src/jobs/inline.ts';
import type { CheckTable } from '../check.ts';
import { assertClose, assertSame, outputOf, outputsOf } from '../outputs.ts';
import { asFrame } from '../samples.ts';

const isTransformer = ({ kind }: Definition) => kind === 'transformer';

/** What a transformer gives. */
export const transformChecks = {
  'transformed-names': {
    holds: 'transformed columns have distinct names, the same for any rows, one for each column',
    when: isTransformer,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x: asFrame(x), y });
      const { transform: training } = await outputsOf(model, asFrame(x));
      const { transform: other } = await outputsOf(model, asFrame(x).take([4, 2]));
      assert.ok(training!.names, 'a table with names must give a table with names');
      assert.equal(training!.names.length, training!.columns);
      assert.equal(
        new Set(training!.names).size,
        training!.columns,
        `names repeat: ${training!.names.join(', ')}`,
      );
      assert.deepEqual(other!.names, training!.names, 'the names for other rows');
    },
  },
  'transform-undone': {
    holds: 'inverseTransform gives the original columns with their names',
    when: (definition) => hasMethod(definition, 'inverseTransform'),
    async run(subject) {
      const { definition, options } = subject.specification;
      // With some options a transformer may not be undone.
      if (!hasMethod(definition, 'inverseTransform', options)) return;
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const back = outputOf(await model.inverseTransform!((await model.transform!(x)) as never));
      assert.deepEqual(back.names, x.names, 'the names of the original columns');
      // Two roundings a cell, and cancellation where a mean was taken off.
      assertClose({ transform: back }, { transform: outputOf(x) }, 1e-12, 'there and back');
    },
  },
  'transform-into-place': {
    holds:
      'numbers written straight into a wider table are those of transform, and nothing beside them is touched',
    when: (definition) => definition.kind === 'transformer' && definition.transformInto !== undefined,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const transformed = (await model.transform!(x)) as Table;
      if (transformed instanceof Frame && transformed.entries().some(([, { kind }]) => kind === 'string'))
        return;
      const expected = toMatrix(transformed);
      const [at, stride] = [2, expected.columns + 3];
      const data = sharedArray(Float64Array, x.rows * stride);
      const block = { data, stride, at };
      await runInlineAsync(async (job) =>
        transformInto(model.specification, model.state, x, block, expected.columns, job),
      );
      const wide = Matrix.zeros(x.rows, stride);
      for (let i = 0; i < x.rows; i++) wide.data.set(expected.row(i), i * stride + at);
      const written = outputOf(new Matrix({ rows: x.rows, columns: stride, data }));
      assertSame({ transform: written }, { transform: outputOf(wide) }, 'a block of a wider table');
    },
  },
} satisfies CheckTable;
