/** The footer of a Parquet file: parquet.apache.org/docs/file-format/metadata, field numbers as in its `parquet.thrift`. */
import type { ByteReader, CsvFile } from '../csv/bytes.ts';
import { type Column, columnOf } from './columns.ts';
import {
  listOf,
  Malformed,
  numberOf,
  type Struct,
  structOf,
  structsOf,
  ThriftReader,
  textOf,
} from './thrift.ts';

export interface ParquetFile {
  readonly file: CsvFile;
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly groups: readonly RowGroup[];
}

export interface RowGroup {
  readonly rows: number;
  /** By column; nothing for one that is nested. */
  readonly chunks: readonly (Chunk | undefined)[];
}

/** Where a column's values of one row group are. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly codec: number;
  /** Bytes of all pages when decompressed, with their headers. */
  readonly bytes: number;
}

const MAGIC = 'PAR1';
const FIRST_BYTES = 65536;
const TAIL = 8;
const MOST_COLUMNS = 1_000_000;

/**
 * The footer; nothing for a file that is not Parquet, or encrypted, or in several files.
 * @throws Malformed for a damaged footer.
 */
export function readMetadata(file: CsvFile, reader: ByteReader): ParquetFile | undefined {
  if (file.size < MAGIC.length + TAIL) return undefined;
  let tail = bytesAt(reader, file, Math.max(0, file.size - FIRST_BYTES), file.size);
  if (Buffer.from(tail.subarray(-4)).toString('latin1') !== MAGIC) return undefined;
  if (Buffer.from(bytesAt(reader, file, 0, 4)).toString('latin1') !== MAGIC) return undefined;
  const length = new DataView(tail.buffer, tail.byteOffset + tail.length - TAIL).getUint32(0, true);
  const start = file.size - TAIL - length;
  if (start < MAGIC.length) throw new Malformed('the footer is longer than the file');
  tail =
    start < file.size - tail.length ? bytesAt(reader, file, start, file.size) : tail.subarray(-length - TAIL);
  const footer = new ThriftReader(tail.subarray(0, length)).struct();
  const columns = columnsOf(structsOf(footer, 2));
  const rows = numberOf(footer, 3);
  const groups: RowGroup[] = [];
  for (const group of structsOf(footer, 4)) {
    const read = rowGroupOf(group, columns, file.size);
    if (read === undefined) return undefined;
    groups.push(read);
  }
  if (rows < 0 || groups.reduce((sum, group) => sum + group.rows, 0) !== rows) {
    throw new Malformed('the row groups do not have the rows of the file');
  }
  return { file, rows, columns, groups };
}

function bytesAt(reader: ByteReader, file: CsvFile, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  reader.read(file, from, bytes);
  return bytes;
}

/** The columns at the top of the schema, which is a tree in depth-first order. */
function columnsOf(schema: readonly Struct[]): Column[] {
  if (schema.length === 0) throw new Malformed('the schema is empty');
  const columns: Column[] = [];
  let leaf = 0;
  let at = 1;
  const skip = (): void => {
    const element = schema[at++];
    if (element === undefined) throw new Malformed('the schema ends too early');
    const children = numberOf(element, 5, 0);
    if (children < 0) throw new Malformed('a part of the schema has a negative number of parts');
    if (children === 0) leaf++;
    for (let i = 0; i < children; i++) skipInner();
  };
  let depth = 0;
  const skipInner = (): void => {
    if (++depth > 1000) throw new Malformed('the schema is nested too deeply');
    skip();
    depth--;
  };
  const count = numberOf(schema[0]!, 5, 0);
  if (count > MOST_COLUMNS) throw new Malformed('the schema has too many columns');
  for (let i = 0; i < count; i++) {
    const element = schema[at];
    if (element === undefined) throw new Malformed('the schema ends too early');
    const first = leaf;
    skip();
    columns.push(columnOf(element, textOf(element, 4), first));
  }
  if (at !== schema.length) throw new Malformed('the schema has elements of no column');
  return columns;
}

function rowGroupOf(group: Struct, columns: readonly Column[], size: number): RowGroup | undefined {
  const rows = numberOf(group, 3);
  const chunks = structsOf(group, 1);
  if (rows < 0) throw new Malformed('a row group has a negative number of rows');
  const read: (Chunk | undefined)[] = [];
  for (const { leaf, physical, nested } of columns) {
    const chunk = chunks[leaf];
    if (chunk === undefined) throw new Malformed('a row group lacks a column');
    // Values in another file, or encrypted.
    if (chunk[1] !== undefined || chunk[3] === undefined || chunk[8] !== undefined) return undefined;
    read.push(nested ? undefined : chunkOf(structOf(chunk, 3), physical, rows, size));
  }
  return { rows, chunks: read };
}

function chunkOf(meta: Struct, physical: number, rows: number, size: number): Chunk {
  if (numberOf(meta, 1) !== physical) throw new Malformed('a column chunk has another type than its column');
  if (listOf(meta, 3).length !== 1)
    throw new Malformed('a column chunk lies at another depth than its column');
  if (numberOf(meta, 5) !== rows)
    throw new Malformed('a column chunk has another number of values than rows');
  const bytes = numberOf(meta, 6);
  const stored = numberOf(meta, 7);
  const data = numberOf(meta, 9);
  const dictionary = numberOf(meta, 11, 0);
  const from = dictionary > 0 ? Math.min(dictionary, data) : data;
  if (from < MAGIC.length || stored < 0 || bytes < 0 || from + stored > size - TAIL) {
    throw new Malformed('a column chunk lies outside of the file');
  }
  return { from, to: from + stored, codec: numberOf(meta, 4), bytes };
}
