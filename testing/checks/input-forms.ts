import assert from 'node:assert/strict';
import { codeStrings, Frame } from '../../src/core/frame.ts';
import { Matrix } from '../../src/core/matrix.ts';
import type { TableLike } from '../../src/core/table.ts';
import { copyData } from '../../src/define/copy-data.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import { asFrame, type Sample, type Target, unnamed } from '../samples.ts';
import { areNumbers, takesMatrix } from '../traits.ts';

/** The forms in which `x` and `y` may come. */
export const inputFormChecks = {
  'input-forms-agree': {
    holds: 'rows of numbers, matrices in float64 and float32, frames and objects give the same model',
    async run(subject) {
      const { x, y } = float32Exact(subject.sample());
      const forms: Record<string, TableLike> = { frame: asFrame(x), objects: asFrame(x).toRecords() };
      if (x instanceof Matrix) {
        forms.rows = x.toRows();
        forms['typed rows'] = x.toRows().map((row) => Float64Array.from(row));
        forms.matrix = new Matrix({ rows: x.rows, columns: x.columns, data: Float64Array.from(x.data) });
        forms['float32 matrix'] = new Matrix({
          rows: x.rows,
          columns: x.columns,
          data: Float32Array.from(x.data),
        });
      }
      const expected = await outputsOf(await subject.fit({ x, y }), x);
      for (const [form, value] of Object.entries(forms))
        assertSame(
          await outputsOf(await subject.fit({ x: value, y }), value),
          expected,
          `fit and use on ${form}`,
        );
    },
  },
  'y-forms-agree': {
    holds: 'a target as array, typed array or column gives the same model',
    when: (_, { target }) => target !== 'none',
    async run(subject) {
      const { x, y } = subject.sample();
      const expected = await outputsOf(await subject.fit({ x, y }), x);
      for (const [form, value] of Object.entries(targetForms(y!)))
        assertSame(await outputsOf(await subject.fit({ x, y: value }), x), expected, `y as ${form}`);
      if (!(y instanceof Float64Array)) return;
      const whole = y.map(Math.round);
      const [numbers, integers] = [
        await subject.fit({ x, y: whole }),
        await subject.fit({ x, y: Int32Array.from(whole) }),
      ];
      assertSame(await outputsOf(integers, x), await outputsOf(numbers, x), 'y as integers');
    },
  },
  'booleans-are-numbers': {
    holds: 'a column of booleans counts as zeros and ones',
    when: (definition, { columns }) => takesMatrix(definition) && columns === 'numbers',
    async run(subject) {
      const { x, y } = subject.sample();
      const name = x.names![1]!;
      const flags = Uint8Array.from({ length: x.rows }, (_, i) => ((x as Matrix).at(i, 1) > 0 ? 1 : 0));
      const numbers = asFrame(x).with(name, { kind: 'number', values: Float64Array.from(flags) });
      const booleans = asFrame(x).with(name, { kind: 'boolean', values: flags });
      const expected = await outputsOf(await subject.fit({ x: numbers, y }), numbers);
      assertSame(await outputsOf(await subject.fit({ x: booleans, y }), booleans), expected, 'booleans');
    },
  },
  'input-not-changed': {
    holds: 'neither fit nor predict writes to x, y or the weights',
    async run(subject) {
      const { x, y } = subject.sample();
      const shared = y instanceof Float64Array ? sharedCopy(y) : y;
      const weights = sharedCopy(Float64Array.from({ length: x.rows }, (_, i) => 1 + (i % 3)));
      const weighted = subject.definition.weighted !== false;
      const before = copyData([bytesOf(x), shared, weights]);
      const model = await subject.fit({ x, y: shared }, weighted ? { sampleWeight: weights } : {});
      await outputsOf(model, x);
      assert.deepEqual([bytesOf(x), shared, weights], before);
    },
  },
  'input-may-be-frozen': {
    holds: 'frozen rows and targets are accepted',
    when: (_, traits) => areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const rows = Object.freeze((x as Matrix).toRows().map((row) => Object.freeze(row)));
      const expected = await outputsOf(await subject.fit({ x: unnamed(x), y }), unnamed(x));
      const model = await subject.fit({
        x: rows,
        y: y && Object.freeze(Array.from(y as readonly unknown[])),
      });
      assertSame(await outputsOf(model, rows), expected, 'frozen input');
    },
  },
} satisfies CheckTable;

/** The sample with numbers that float32 holds exactly. */
function float32Exact({ x, y }: Sample): Sample {
  if (x instanceof Frame) return { x, y };
  const { rows, columns, names } = x;
  return { x: new Matrix({ rows, columns, names, data: Float64Array.from(x.data, Math.fround) }), y };
}

function targetForms(y: Target): Record<string, unknown> {
  if (y instanceof Float64Array) {
    return { array: Array.from(y), 'shared array': sharedCopy(y), column: { kind: 'number', values: y } };
  }
  const column = codeStrings(y.length, (i) => String(y[i]));
  return { 'frozen array': Object.freeze([...y]), column };
}

function sharedCopy(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** All storage of a table, for comparison. */
function bytesOf(x: Matrix | Frame): unknown {
  return x instanceof Matrix ? x.data : x.entries();
}
