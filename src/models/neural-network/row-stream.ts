import { resolve } from 'node:path';
import { DataError, OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import { columnNames, type TableLike, toMatrix, toSharedTable } from '../../core/table.ts';
import {
  encodeLabels,
  encodeValues,
  type LabelTarget,
  type NumericTarget,
  type NumericTargets,
} from '../../define/targets.ts';
import type { UserFunctions } from '../../jobs/job.ts';
import type { TrainingPass } from '../../nets/train/training-source.ts';

/** Some rows with their target. */
export interface RowPart {
  readonly x: TableLike;
  readonly y: LabelTarget | NumericTarget | NumericTargets;
}

/**
 * Rows that need not fit into memory: CSV or Parquet files, of which DuckDB reads a part at a time on the thread that trains; or parts in
 * whatever way they come, asked for on the thread of the caller while the last ones are trained on.
 */
export type RowStream =
  | {
      /** `.parquet` files, or CSV of whatever name. */
      readonly files: string | readonly string[];
      /** The column to predict. */
      readonly target: string;
      /** The columns to learn from; default: all others. */
      readonly features?: readonly string[] | undefined;
    }
  | {
      /** All rows once, the same ones in every pass, in any parts. */
      readonly parts: (pass: TrainingPass) => AsyncIterable<RowPart> | Iterable<RowPart>;
    };

/** A part as it crosses threads. */
export interface CodedPart {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[] | undefined;
  readonly x: Float64Array;
  /** Class numbers within `classes`, or row-major values. */
  readonly y: Int32Array | Float64Array;
  /** Of this part. */
  readonly classes: readonly Label[] | undefined;
  readonly targets: number;
}

/** @throws DataError for columns of text, and what a target that is none throws */
export async function codePart({ x, y }: RowPart, kind: 'classifier' | 'regressor'): Promise<CodedPart> {
  const table = await toSharedTable(x);
  const { rows, columns, data } = toMatrix(table);
  const common = { rows, columns, x: data, names: columnNames(table) };
  const { values, classes, targets } =
    kind === 'classifier'
      ? await encodeLabels(y as LabelTarget).then(({ codes, ...rest }) => ({
          ...rest,
          values: codes,
          targets: 1,
        }))
      : { ...(await encodeValues(y as NumericTarget)), classes: undefined };
  if (values.length !== rows * targets) {
    throw new DataError(
      'data/length-mismatch',
      `A part of the stream has ${rows} rows of x, but ${values.length / targets} of y.`,
      { rows },
    );
  }
  return { ...common, y: values, classes, targets };
}

/** How a stream is described to another thread. */
export type StreamWire =
  | { readonly kind: 'parts' }
  | {
      readonly kind: 'files';
      readonly paths: readonly string[];
      readonly target: string;
      readonly features: readonly string[] | undefined;
    };

/** A stream for another thread, and the functions that it calls on this one. */
export function packStream(
  stream: RowStream,
  kind: 'classifier' | 'regressor',
): { readonly wire: StreamWire; readonly functions: UserFunctions; close(): Promise<void> } {
  if ('files' in stream) {
    const paths = [stream.files].flat().map((path) => resolve(path));
    if (paths.length === 0)
      throw new OptionError('option/invalid', 'The stream names no files.', { option: 'files' });
    const { target, features } = stream;
    return { wire: { kind: 'files', paths, target, features }, functions: {}, close: async () => {} };
  }
  let open: AsyncIterator<RowPart> | Iterator<RowPart> | undefined;
  const close = async () => {
    const last = open;
    open = undefined;
    await last?.return?.();
  };
  return {
    wire: { kind: 'parts' },
    close,
    functions: {
      async openParts(pass: TrainingPass) {
        await close();
        const parts = stream.parts(pass);
        open = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
      },
      async nextPart(): Promise<CodedPart | null> {
        const next = await open!.next();
        return next.done === true ? null : codePart(next.value, kind);
      },
    },
  };
}
