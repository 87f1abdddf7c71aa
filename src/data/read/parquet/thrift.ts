/** Thrift's compact protocol, as Parquet's metadata are written in (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md). */

/** A struct's fields by their numbers. */
export type Struct = readonly (Value | undefined)[];
export type Value = number | boolean | Uint8Array | List | Struct;

/** A list or a set. */
export interface List {
  readonly items: readonly Value[];
}

/** Thrown where bytes are no such data; `ranOut` when they end before the data does. */
export class Malformed extends Error {
  readonly ranOut: boolean;

  constructor(reason: string, ranOut = false) {
    super(reason);
    this.ranOut = ranOut;
  }
}

const TYPE = {
  yes: 1,
  no: 2,
  i8: 3,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};
const DEEPEST = 24;
/** Fields with larger numbers are skipped: no struct of Parquet has any. */
const MOST_FIELDS = 64;

/** Reads values one after another, never beyond the bytes given. */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #depth = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next byte is. */
  get position(): number {
    return this.#at;
  }

  struct(): Struct {
    if (++this.#depth > DEEPEST) throw new Malformed('structs are nested too deeply');
    const fields: (Value | undefined)[] = [];
    let id = 0;
    for (;;) {
      const header = this.#byte();
      const type = header & 15;
      if (header === 0) break;
      id = header >> 4 === 0 ? this.#integer() : id + (header >> 4);
      const value = type === TYPE.yes ? true : type === TYPE.no ? false : this.#value(type);
      if (id >= 0 && id < MOST_FIELDS) fields[id] = value;
    }
    this.#depth--;
    return fields;
  }

  #value(type: number): Value {
    switch (type) {
      // A boolean as an element is a byte of its own.
      case TYPE.yes:
      case TYPE.no:
        return this.#byte() === 1;
      case TYPE.i8:
        return (this.#byte() << 24) >> 24;
      case 4:
      case TYPE.i32:
      case TYPE.i64:
        return this.#integer();
      case TYPE.double:
        return this.#double();
      case TYPE.binary:
        return this.#take(this.#unsigned());
      case TYPE.list:
      case TYPE.set:
        return this.#list();
      case TYPE.map:
        return this.#map();
      case TYPE.struct:
        return this.struct();
      default:
        throw new Malformed(`there is no type ${type}`);
    }
  }

  #list(): List {
    const header = this.#byte();
    const count = header >> 4 === 15 ? this.#unsigned() : header >> 4;
    if (++this.#depth > DEEPEST) throw new Malformed('lists are nested too deeply');
    // An element has a byte at least.
    if (count > this.#bytes.length - this.#at) throw new Malformed('a list is longer than its data', true);
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.push(this.#value(header & 15));
    this.#depth--;
    return { items };
  }

  #map(): List {
    const count = this.#unsigned();
    if (count === 0) return { items: [] };
    const types = this.#byte();
    if (count > this.#bytes.length - this.#at) throw new Malformed('a map is longer than its data', true);
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.push(this.#value(types >> 4), this.#value(types & 15));
    return { items };
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Malformed('the data end too early', true);
    return byte;
  }

  /** Above 2^53 not exact. */
  #unsigned(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      if (weight > 2 ** 62) throw new Malformed('a number is too long');
    }
  }

  #integer(): number {
    const zigzag = this.#unsigned();
    return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  }

  #double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new Malformed('the data end too early', true);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

// Fields of a struct; each accepts an absent one only where it has a value to put in its place.

/** A whole number that doubles hold. */
export function numberOf(struct: Struct, id: number, absent?: number): number {
  const value = struct[id] ?? absent;
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new Malformed(`field ${id} is no number`);
  return value;
}

export function structOf(struct: Struct, id: number): Struct {
  const value = struct[id];
  if (!Array.isArray(value)) throw new Malformed(`field ${id} is no struct`);
  return value;
}

export function structsOf(struct: Struct, id: number): Struct[] {
  return listOf(struct, id).map((item) => {
    if (!Array.isArray(item)) throw new Malformed(`field ${id} is no list of structs`);
    return item;
  });
}

export function listOf(struct: Struct, id: number): readonly Value[] {
  const value = struct[id];
  if (typeof value !== 'object' || !('items' in value)) throw new Malformed(`field ${id} is no list`);
  return value.items;
}

export function textOf(struct: Struct, id: number): string {
  const value = struct[id];
  if (!(value instanceof Uint8Array)) throw new Malformed(`field ${id} is no text`);
  return new TextDecoder('utf-8', { fatal: true }).decode(value.slice());
}
