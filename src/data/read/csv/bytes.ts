import { closeSync, openSync, readSync } from 'node:fs';

/** Where a CSV file's bytes are, as plain data for every thread: a path, or shared memory. The text is UTF-8. */
export interface CsvFile {
  /** Names the file in messages. */
  readonly name: string;
  readonly path?: string | undefined;
  readonly bytes?: Uint8Array | undefined;
  /** Bytes of the file. */
  readonly size: number;
  /** First byte behind a byte order mark. */
  readonly textStart: number;
}

/** Reads pieces of one file after another; a file stays open until another one is asked for. */
export class ByteReader {
  #path: string | undefined;
  #descriptor = -1;

  /** Fills `target` from the file's bytes at `position`. @throws what the file system throws; a shrunken file. */
  read(file: CsvFile, position: number, target: Uint8Array): void {
    if (file.bytes !== undefined) {
      target.set(file.bytes.subarray(position, position + target.length));
      return;
    }
    if (this.#path !== file.path) {
      this.close();
      this.#descriptor = openSync(file.path!, 'r');
      this.#path = file.path;
    }
    for (let at = 0; at < target.length; ) {
      const count = readSync(this.#descriptor, target, at, target.length - at, position + at);
      if (count === 0)
        throw Object.assign(new Error('the file became shorter while it was read'), { code: 'SHRUNK' });
      at += count;
    }
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
    this.#path = undefined;
  }
}
