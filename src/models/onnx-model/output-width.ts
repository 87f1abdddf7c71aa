import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import type { Table } from '../../core/table.ts';
import { type FeedPort, rowSize } from '../../tensor/onnx/table-feeds.ts';
import type { OnnxState } from './onnx-state.ts';
import { rowsOfTensor, runOnnx } from './run-onnx.ts';

const noJob = { checkpoint() {}, progress() {} };

/** Numbers that an output has for a row: as declared, else as found with one row like those of `x`. */
export async function outputWidth(state: OnnxState, output: FeedPort, x: Table): Promise<number> {
  const declared = rowSize(output);
  if (declared !== undefined) return declared;
  let width = 0;
  await runOnnx(state, x.take([0]) as Table, [output.name], noJob, ([tensor], _, rows) => {
    width = rowsOfTensor(tensor!, output.name, rows).width;
  });
  return width;
}

/** A row of zeros or empty texts that the inputs take. */
export function blankRow({ inputs }: OnnxState, columns: number): Table {
  if (inputs.length === 1 && inputs[0]!.element !== 'string') return Matrix.zeros(1, columns) as Table;
  const isText = (j: number) => inputs[inputs.length === 1 ? 0 : j]!.element === 'string';
  const name = (j: number) => (inputs.length === 1 ? `x${j}` : inputs[j]!.name);
  return Frame.fromRecords([
    Object.fromEntries(Array.from({ length: columns }, (_, j) => [name(j), isText(j) ? 'a' : 0])),
  ]);
}
