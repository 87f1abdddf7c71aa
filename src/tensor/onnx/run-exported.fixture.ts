import type { Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { exportOnnx } from './export-onnx.ts';
import { openOnnxSession } from './onnx-session.ts';
import { tableFeeds } from './table-feeds.ts';

/** What ONNX Runtime gives for the rows of `x` from the graph of a fitted model, by output. */
export async function runExported(
  model: FittedModel,
  x: Frame | Matrix,
): Promise<Readonly<Record<string, unknown[]>>> {
  const { bytes, inputs } = await exportOnnx(model);
  const found = await (await openOnnxSession(bytes)).run(tableFeeds(inputs, x));
  return Object.fromEntries(
    Object.entries(found).map(([name, { data }]) => [
      name,
      Array.from(data as ArrayLike<unknown>, (cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
    ]),
  );
}
