import assert from 'node:assert/strict';
import type { Definition } from '../../src/define/definition.ts';
import { hasMethod } from '../../src/define/run.ts';
import type { CheckTable } from '../check.ts';
import { assertClose, outputOf, outputsOf } from '../outputs.ts';
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
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const back = outputOf(await model.inverseTransform!((await model.transform!(x)) as never));
      assert.deepEqual(back.names, x.names, 'the names of the original columns');
      // Two roundings a cell, and cancellation where a mean was taken off.
      assertClose({ transform: back }, { transform: outputOf(x) }, 1e-12, 'there and back');
    },
  },
} satisfies CheckTable;
