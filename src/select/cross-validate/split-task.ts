import type { Split, SplitData, Splitter } from '../../data/split/splitter.ts';
import { splitterFrom } from '../../data/split/splitter-from.ts';
import { shareRows } from './share-rows.ts';

/** What a splitter needs of some rows. */
export interface SplitRequest extends SplitData {
  readonly rows: number;
  /** The rows of the whole table that these are; default: all. */
  readonly among: Int32Array | undefined;
}

export interface SplitPayload extends SplitRequest {
  readonly splitter: { readonly name: string; readonly options: object };
}

/** Divisions by row numbers of the whole table, on shared memory. */
export function splitRows(splitter: Splitter<object>, { rows, among, ...data }: SplitRequest): Split[] {
  const place = (part: Int32Array) => shareRows(among === undefined ? part : part.map((i) => among[i]));
  return splitter.split(rows, data).map(({ train, test }) => ({ train: place(train), test: place(test) }));
}

/** {@link splitRows} on a worker thread. */
export function splitTask({ splitter, ...request }: SplitPayload): Split[] {
  return splitRows(splitterFrom(splitter), request);
}
