import { DataError, FileError } from './errors.ts';
import { dtypeOf, type Tensor, type TensorData } from './safetensors.ts';
import type { TypedArray } from './shared.ts';
import { packStrings, unpackStrings } from './string-tensors.ts';

/** A tree of plain objects and arrays whose leaves are typed arrays or JSON values (any number, NaN and −0 too). */
export type StateTree =
  | TypedArray
  | BigUint64Array
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly StateTree[]
  | { readonly [key: string]: StateTree };

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * A state tree as tensors, named by their paths (`steps.0.coef`), and JSON in which a marker stands where each was:
 *
 *     { "$tensor": name, "dtype": "F64", "length": 3 }      a typed array
 *     { "$strings": name, "offsets": name, "length": 2 }    an array of nothing but strings
 *     { "$numbers": name, "length": 2 }                     an array of numbers, some of them NaN, ±∞ or −0
 *     { "$number": name }                                   one such number
 *
 * A key of the tree that starts with `$` is written with one more `$`, so no data can look like a marker.
 */
export interface PackedTree {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly json: Json;
}

/** Levels of objects and arrays a tree may have; deeper ones (cycles, above all) would exhaust the stack. */
export const MAX_TREE_DEPTH = 256;

/**
 * Typed arrays are taken over, not copied. Keys whose value is `undefined` are dropped.
 * @throws DataError naming the path of what cannot be stored: a function, a class instance, a bigint, a hole, a cycle.
 */
export function packTree(tree: unknown): PackedTree {
  const tensors: Record<string, Tensor> = Object.create(null);
  const json = new Packer(tensors).pack(tree, []);
  return { tensors, json };
}

type Path = readonly (string | number)[];

class Packer {
  readonly #tensors: Record<string, Tensor>;

  constructor(tensors: Record<string, Tensor>) {
    this.#tensors = tensors;
  }

  pack(value: unknown, path: Path): Json {
    if (path.length > MAX_TREE_DEPTH)
      refuse(path, `is nested deeper than ${MAX_TREE_DEPTH} levels, or contains itself`);
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return survivesJson(value) ? value : { $number: this.#add(path, 'F64', [], Float64Array.of(value)) };
      case 'object':
        if (value === null) return null;
        if (ArrayBuffer.isView(value)) return this.#packTyped(value, path);
        if (Array.isArray(value)) return this.#packArray(value, path);
        return this.#packObject(value, path);
      default:
        return refuse(path, `is a ${typeof value}`);
    }
  }

  #packTyped(view: ArrayBufferView, path: Path): Json {
    const dtype = dtypeOf(view);
    if (dtype === undefined)
      return refuse(path, `is a ${view.constructor.name}, which has no dtype in a file`);
    const data = view as TensorData;
    return { $tensor: this.#add(path, dtype, [data.length], data), dtype, length: data.length };
  }

  #packArray(values: readonly unknown[], path: Path): Json {
    const { length } = values;
    if (length > 0 && values.every((value) => typeof value === 'string' && value.isWellFormed())) {
      const { bytes, offsets } = packStrings(values as string[]);
      return {
        $strings: this.#add(path, 'U8', [bytes.length], bytes),
        offsets: this.#add([...path, 'offsets'], dtypeOf(offsets)!, [offsets.length], offsets),
        length,
      };
    }
    if (values.every((value) => typeof value === 'number') && !values.every(survivesJson)) {
      return { $numbers: this.#add(path, 'F64', [length], Float64Array.from(values)), length };
    }
    // Not `map`, which skips holes.
    return Array.from(values, (value, i) => this.pack(value, [...path, i]));
  }

  #packObject(object: object, path: Path): Json {
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== null && prototype !== Object.prototype) {
      return refuse(path, `is an instance of ${prototype.constructor?.name ?? 'a class'}`);
    }
    const entries = Object.entries(object).filter(([, value]) => value !== undefined);
    // `fromEntries` defines properties, so a key `__proto__` stays a key.
    return Object.fromEntries(
      entries.map(([key, value]) => [
        key.startsWith('$') ? `$${key}` : key,
        this.pack(value, [...path, key]),
      ]),
    );
  }

  /** Adds a tensor under its path, made different where keys with dots make two paths equal; returns the name. */
  #add(path: Path, dtype: Tensor['dtype'], shape: readonly number[], data: TensorData): string {
    const wanted = path.join('.').toWellFormed() || 'value';
    let name = wanted;
    for (let i = 2; name in this.#tensors || name === '__proto__' || name === '__metadata__'; i++) {
      name = `${wanted}~${i}`;
    }
    this.#tensors[name] = { dtype, shape, data };
    return name;
  }
}

/** JSON knows neither NaN and infinities nor the sign of zero. */
function survivesJson(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function refuse(path: Path, what: string): never {
  const shown = path.length > 8 ? `${path.slice(0, 8).join('.')}…` : path.join('.');
  throw new DataError(
    'data/not-storable',
    `The value at '${shown}' ${what} and cannot be saved. Keep plain objects, arrays, typed arrays, text, numbers, ` +
      'booleans and null.',
    { path: shown },
  );
}

/**
 * The inverse of {@link packTree}, bit for bit. Typed arrays are those of `tensors` where they are, not copies.
 * @param file Named in messages.
 * @throws FileError when JSON and tensors disagree in name, dtype or length, or a tensor is used never or twice.
 */
export function unpackTree({ tensors, json }: PackedTree, file = 'the state'): StateTree {
  const unpacker = new Unpacker(tensors, file);
  const tree = unpacker.unpack(json, 0);
  unpacker.finish();
  return tree;
}

class Unpacker {
  readonly #unused: Map<string, Tensor>;
  readonly #file: string;

  constructor(tensors: Readonly<Record<string, Tensor>>, file: string) {
    this.#unused = new Map(Object.entries(tensors));
    this.#file = file;
  }

  unpack(json: Json, depth: number): StateTree {
    if (depth > MAX_TREE_DEPTH) return this.#fail(`it is nested deeper than ${MAX_TREE_DEPTH} levels.`);
    if (typeof json !== 'object' || json === null) return json;
    if (Array.isArray(json)) return json.map((part) => this.unpack(part, depth + 1));
    const entries = Object.entries(json as Record<string, Json>);
    if (entries.some(([key]) => key.startsWith('$') && !key.startsWith('$$'))) {
      return this.#unpackMarker(Object.fromEntries(entries));
    }
    return Object.fromEntries(
      entries.map(([key, part]) => [key.startsWith('$$') ? key.slice(1) : key, this.unpack(part, depth + 1)]),
    );
  }

  finish(): void {
    for (const name of this.#unused.keys()) this.#fail(`tensor '${name}' belongs to nothing.`);
  }

  #unpackMarker(marker: Record<string, Json>): StateTree {
    const { length, dtype } = marker;
    switch (Object.keys(marker).sort().join()) {
      case '$tensor,dtype,length': {
        const { data } = this.#take(marker.$tensor, dtype, [length]);
        // Dtypes that no plain array stands for (BOOL, F16) would come back as another kind.
        if (dtypeOf(data) !== dtype)
          return this.#fail(`dtype ${JSON.stringify(dtype)} is not used for state.`);
        return data;
      }
      case '$strings,length,offsets': {
        const bytes = this.#take(marker.$strings, 'U8').data as Uint8Array;
        const { data } = this.#take(marker.offsets);
        const strings = unpackStrings(bytes, data);
        if (strings?.length !== length)
          return this.#fail(`the strings of '${marker.$strings}' do not fit their offsets.`);
        return strings;
      }
      case '$numbers,length':
        return Array.from(this.#take(marker.$numbers, 'F64', [length]).data as Float64Array);
      case '$number':
        return this.#take(marker.$number, 'F64', []).data[0] as number;
      default:
        return this.#fail(`it holds an unknown marker ${JSON.stringify(Object.keys(marker).slice(0, 5))}.`);
    }
  }

  #take(name: Json, dtype?: Json, shape?: readonly Json[]): Tensor {
    const tensor = typeof name === 'string' ? this.#unused.get(name) : undefined;
    if (tensor === undefined) return this.#fail(`tensor ${JSON.stringify(name)} is missing or used twice.`);
    if (dtype !== undefined && tensor.dtype !== dtype) {
      return this.#fail(`tensor '${name}' is ${tensor.dtype} where ${JSON.stringify(dtype)} was saved.`);
    }
    if (
      shape !== undefined &&
      (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i]))
    ) {
      return this.#fail(
        `tensor '${name}' has shape ${JSON.stringify(tensor.shape)} where ${JSON.stringify(shape)} was saved.`,
      );
    }
    this.#unused.delete(name as string);
    return tensor;
  }

  #fail(what: string): never {
    throw new FileError('file/damaged', `Cannot read '${this.#file}': ${what}`, { file: this.#file });
  }
}
