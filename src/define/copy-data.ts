import { type Column, Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { isTypedArray } from '../core/shared.ts';

/**
 * A deep copy of plain data: typed arrays (also those on shared memory, which structuredClone does not copy), matrices, frames,
 * arrays and plain objects. Anything else, such as a fitted model, stays what it is.
 *
 * The attributes of a fitted model are such copies: typed arrays cannot be frozen, and what a user writes to `model.coef` must
 * not change what the model predicts.
 */
export function copyData<A>(data: A): A {
  return copy(data) as A;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isTypedArray(value)) return value.slice();
  if (value instanceof Matrix) {
    const { rows, columns, names } = value;
    return new Matrix({ rows, columns, names, data: value.data.slice() });
  }
  if (value instanceof Frame) {
    return new Frame(
      value.entries().map(([name, column]) => [name, copy(column) as Column]),
      value.rows,
    );
  }
  if (Array.isArray(value)) return value.map(copy);
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  if (!isPlain || typeof (value as { readonly record?: unknown }).record === 'function') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]));
}
