import { ByteReader, type CsvFile } from './bytes.ts';
import { type Dialect, detectDelimiter } from './dialect.ts';
import { emptyFile, invalidText, recordError, wrongEncoding } from './failures.ts';
import { SCAN } from './layout.ts';
import { CsvWorld } from './world.ts';

/** The delimiter is recognised in this much text. */
const SAMPLE_BYTES = 65536;

/** A dialect whose delimiter may still have to be found out. */
export interface DialectRequest extends Omit<Dialect, 'delimiter'> {
  readonly delimiter: number | undefined;
}

/** The beginning of a CSV file. */
export interface Head {
  readonly dialect: Dialect;
  /** The cells of the header line, or of the first record when the file has no header. */
  readonly cells: readonly string[];
  /** Start of the first record and of the line behind the header. */
  readonly firstRecord: number;
  readonly behindHeader: number;
}

/** Skips `skipRows` lines, finds the delimiter and reads the first record. @throws DataError for an empty file. */
export function readHead(file: CsvFile, request: DialectRequest, skipRows: number): Head {
  const reader = new ByteReader();
  try {
    const start = skipLines(reader, file, skipRows);
    const sample = new Uint8Array(Math.min(SAMPLE_BYTES, file.size - start));
    reader.read(file, start, sample);
    refuseWideCharacters(file, sample);
    const delimiter =
      request.delimiter ??
      detectDelimiter(
        new TextDecoder().decode(sample),
        character(request.quote),
        character(request.comment),
      ).charCodeAt(0);
    const dialect: Dialect = { ...request, delimiter };
    return readFirstRecord(file, dialect, start);
  } finally {
    reader.close();
  }
}

function readFirstRecord(file: CsvFile, dialect: Dialect, start: number): Head {
  const world = new CsvWorld(dialect, 0);
  try {
    if (start >= file.size) throw emptyFile(file);
    world.load(file, start, Math.min(file.size, start + SAMPLE_BYTES));
    const found = world.scan(file, start, file.size, 1);
    // The records are checked by the threads that read them.
    const invalid = world.utf8Error(start, Math.min(file.size, Math.max(found.next, found.errorAt + 1)));
    if (invalid >= 0) throw invalidText(world, file, invalid);
    if (found.outcome > SCAN.needsMore) throw recordError(world, file, found, 0, []);
    if (found.rows === 0) throw emptyFile(file);
    const cells = Array.from({ length: found.fields }, (_, j) => world.cell(0, j));
    return { dialect, cells, firstRecord: start, behindHeader: found.next };
  } finally {
    world.reader.close();
  }
}

function skipLines(reader: ByteReader, file: CsvFile, lines: number): number {
  let at = file.textStart;
  const block = new Uint8Array(SAMPLE_BYTES);
  for (let left = lines; left > 0 && at < file.size; ) {
    const piece = block.subarray(0, Math.min(block.length, file.size - at));
    reader.read(file, at, piece);
    let i = 0;
    for (; i < piece.length && left > 0; i++) {
      if (piece[i] === 10) left--;
      else if (piece[i] === 13) {
        // A carriage return at the end of the block is looked at again with the byte behind it.
        if (i + 1 === piece.length && at + i + 1 < file.size && i > 0) break;
        if (piece[i + 1] !== 10) left--;
      }
    }
    at += i;
  }
  return at;
}

/** UTF-16 without a byte order mark is valid UTF-8 with a zero in every other byte. */
function refuseWideCharacters(file: CsvFile, sample: Uint8Array): void {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  if (even + odd > sample.length / 5) throw wrongEncoding(file, 0, 1, odd >= even ? 'utf-16le' : 'utf-16be');
}

function character(byte: number): string | null {
  return byte < 0 ? null : String.fromCharCode(byte);
}
