import { HeddleError } from '../../src/core/errors.ts';
import { Matrix } from '../../src/core/matrix.ts';
import type { RowLike } from '../../src/define/fitted.ts';
import type { CheckTable } from '../check.ts';
import { assertClose, type Output, type Outputs, outputOf, outputsOf, takeOutput } from '../outputs.ts';
import { asFrame } from '../samples.ts';
import type { AnyFitted } from '../subject.ts';
import { hasOutputs } from './shapes.ts';

/**
 * Kernels sum in another order for the rows at the end of a block, so that the same row may differ by a few units in the last
 * place from batch to batch.
 */
const ROUNDING = 1e-11;

/** What is said of a row depends on that row only. */
export const rowChecks = {
  'rows-in-any-batch': {
    holds: 'a row gets the same output alone, among few and among all',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const whole = await outputsOf(model, x);
      for (const indices of [[3], [0, 17, 5, 5, 30], [...Array(x.rows).keys()].slice(1)])
        assertClose(
          await outputsOf(model, x.take(indices)),
          take(whole, indices),
          ROUNDING,
          `${indices.length} rows`,
        );
    },
  },
  'rows-in-any-order': {
    holds: 'rows in another order get the same outputs',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const reversed = [...Array(x.rows).keys()].reverse();
      const expected = take(await outputsOf(model, x), reversed);
      assertClose(await outputsOf(model, x.take(reversed)), expected, ROUNDING, 'reversed rows');
    },
  },
  'rows-many': {
    holds: 'many rows on worker threads get the outputs of few on the thread of the caller',
    when: hasOutputs,
    async run(subject) {
      const sample = subject.sample();
      const model = await subject.fit(sample);
      const { x } = subject.sample({ rows: subject.traits.largeRows, seed: 1 });
      const indices = [0, 1, 2, 4095, 4096, 8191, x.rows - 2, x.rows - 1].filter((i) => i >= 0 && i < x.rows);
      const expected = take(await outputsOf(model, x), indices);
      assertClose(await outputsOf(model, x.take(indices)), expected, ROUNDING, `rows of ${x.rows}`);
    },
  },
  'row-at-once': {
    holds:
      'predictRow and transformRow agree with predict and transform for an array, a typed array and an object',
    when: hasOutputs,
    async run(subject) {
      for (const labels of [
        ['no', 'yes'],
        ['a', 'b', 'c'],
      ]) {
        const { x, y } = subject.sample({ labels });
        const model = await subject.fit({ x, y });
        const method = model.kind === 'transformer' ? 'transform' : 'predict';
        const expected = { [method]: (await outputsOf(model, x))[method]! };
        const records = asFrame(x).toRecords();
        const forms: Record<string, (i: number) => RowLike> = { object: (i) => records[i]! };
        if (x instanceof Matrix) {
          forms.array = (i) => Array.from(x.row(i));
          forms['typed array'] = (i) => x.row(i);
        }
        for (const [form, row] of Object.entries(forms)) {
          try {
            const found = rowByRow(model, x.rows, row, expected[method]!);
            assertClose({ [method]: found }, expected, ROUNDING, `${method}Row of an ${form}`);
          } catch (error) {
            // A model whose predict is asynchronous says so.
            if (!(error instanceof HeddleError) || error.code !== 'model/no-row-prediction') throw error;
          }
        }
      }
    },
  },
} satisfies CheckTable;

function rowByRow(model: AnyFitted, rows: number, row: (i: number) => RowLike, like: Output): Output {
  const each = <R>(apply: (row: RowLike) => R) => Array.from({ length: rows }, (_, i) => apply(row(i)));
  if (model.kind !== 'transformer') return outputOf(each((one) => model.predictRow!(one)));
  const cells = each((one) => Array.from(model.transformRow!(one))).flat();
  return { ...like, cells };
}

function take(outputs: Outputs, indices: readonly number[]): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([method, output]) => [method, takeOutput(output, indices)]),
  );
}
