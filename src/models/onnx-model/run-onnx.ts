import { DataError, JobError } from '../../core/errors.ts';
import { Frame } from '../../core/frame.ts';
import { columnCount, type Table } from '../../core/table.ts';
import type { Job } from '../../jobs/job.ts';
import { type OnnxTensor, openOnnxSession } from '../../tensor/onnx/onnx-session.ts';
import { tableFeeds } from '../../tensor/onnx/table-feeds.ts';
import type { OnnxState } from './onnx-state.ts';

/** Cells that go through the graph at a time. */
const CELLS_AT_A_TIME = 1 << 20;
const MOST_ROWS = 4096;

/**
 * Runs the graph over the rows of a table, some at a time, so that memory stays bounded and the job can be stopped. A graph whose
 * first size is fixed gets so many rows, the last ones filled up.
 * @param take What becomes of the outputs of rows `from` and on; the tensors may have more rows than are left.
 * @throws DataError for columns that the inputs cannot take; JobError when the runtime fails.
 */
export async function runOnnx(
  { bytes, digest, inputs, threads }: OnnxState,
  x: Table,
  outputs: readonly string[],
  job: Pick<Job, 'checkpoint' | 'progress'>,
  take: (tensors: readonly OnnxTensor[], from: number, rows: number) => void,
): Promise<void> {
  const ports = inputs.map(({ name, element, shape }) => ({ name, element, shape: shape ?? undefined }));
  const fixed = inputs.map(({ shape }) => shape?.[0]).find((size) => typeof size === 'number');
  const columns = Math.max(1, columnCount(x));
  const step = fixed ?? Math.max(1, Math.min(MOST_ROWS, Math.floor(CELLS_AT_A_TIME / columns)));
  if (step === 0) throw new DataError('data/no-rows', 'The ONNX model takes tables without rows only.');
  const session = await openOnnxSession(bytes, { digest, threads });
  for (let from = 0; from < x.rows; from += step) {
    job.checkpoint();
    job.progress(from / x.rows);
    const rows = Math.min(step, x.rows - from);
    const part = rows === x.rows && fixed === undefined ? x : rowsOf(x, from, rows, fixed ?? rows);
    const results = await session.run(tableFeeds(ports, part), outputs);
    take(
      outputs.map((name) => results[name]!),
      from,
      rows,
    );
  }
}

/** Rows `from` and on, the last one repeated up to `size`. */
function rowsOf(x: Table, from: number, rows: number, size: number): Table {
  const indices = Int32Array.from({ length: size }, (_, i) => from + Math.min(i, rows - 1));
  return x instanceof Frame ? x.take(indices) : (x.take(indices) as Table);
}

/** The numbers of the first `rows` rows of a tensor, with how many there are a row. @throws JobError for another number of rows */
export function rowsOfTensor(
  { element, dims, data }: OnnxTensor,
  name: string,
  rows: number,
): { readonly width: number; at(i: number): number } {
  const [first = 1, ...rest] = dims;
  if (first < rows || element === 'string') {
    throw new JobError(
      'onnx/unexpected-output',
      `Output '${name}' of the ONNX model is ${element} [${dims.join(', ')}] for ${rows} ${rows === 1 ? 'row' : 'rows'}; numbers for each row are needed.`,
      { output: name },
    );
  }
  const values = data as ArrayLike<number | bigint>;
  return { width: rest.reduce((product, size) => product * size, 1), at: (i) => Number(values[i]) };
}

/** The numbers of one output for all rows, row-major, `width` a row. @throws JobError when rows get another number of them */
export async function runForNumbers(
  state: OnnxState,
  x: Table,
  output: string,
  width: number,
  job: Pick<Job, 'checkpoint' | 'progress'>,
): Promise<Float64Array> {
  const values = new Float64Array(x.rows * width);
  await runOnnx(state, x, [output], job, ([tensor], from, rows) => {
    const found = rowsOfTensor(tensor!, output, rows);
    if (found.width !== width) throw otherWidth(output, found.width, width);
    for (let i = 0; i < rows * width; i++) values[from * width + i] = found.at(i);
  });
  return values;
}

export function otherWidth(output: string, found: number, expected: number): JobError {
  return new JobError(
    'onnx/unexpected-output',
    `Output '${output}' of the ONNX model gives ${found} numbers a row where ${expected} are expected.`,
    { output, found, expected },
  );
}
