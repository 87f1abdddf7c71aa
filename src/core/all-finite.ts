import type { FloatArray } from './shared.ts';

/** Numbers of a call, so that one that is not yet compiled does not go on for long. */
const SLICE = 1 << 14;

/** Whether there is no NaN and no infinity from number `from` on, before number `to`. */
export function allFinite(values: FloatArray, from = 0, to = values.length): boolean {
  const { buffer, byteOffset, length } = values;
  const single = values instanceof Float32Array;
  const words = new Int32Array(buffer, byteOffset, single ? length : 2 * length);
  for (let at = from; at < to; at += SLICE) {
    const end = Math.min(to, at + SLICE);
    if (!(single ? singleAreFinite(words, at, end) : doubleAreFinite(words, at, end))) return false;
  }
  return true;
}

// What is not finite has all bits of its exponent set: without its sign, one more there carries into the sign. Half the time of arithmetic, and
// four sums keep the adder busy.

const MAGNITUDE = 0x7fffffff;
/** One in the last place of the exponents of float32, and of the upper halves of float64. */
const SINGLE = 1 << 23;
const DOUBLE = 1 << 20;

function singleAreFinite(words: Int32Array, from: number, to: number): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = from;
  for (; at + 4 <= to; at += 4) {
    a |= (words[at]! & MAGNITUDE) + SINGLE;
    b |= (words[at + 1]! & MAGNITUDE) + SINGLE;
    c |= (words[at + 2]! & MAGNITUDE) + SINGLE;
    d |= (words[at + 3]! & MAGNITUDE) + SINGLE;
  }
  for (; at < to; at++) a |= (words[at]! & MAGNITUDE) + SINGLE;
  return (a | b | c | d) >= 0;
}

/** Upper halves lie second in the order of bytes that the kernels have, too. */
function doubleAreFinite(words: Int32Array, from: number, to: number): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 2 * from + 1;
  const end = 2 * to;
  for (; at + 8 <= end; at += 8) {
    a |= (words[at]! & MAGNITUDE) + DOUBLE;
    b |= (words[at + 2]! & MAGNITUDE) + DOUBLE;
    c |= (words[at + 4]! & MAGNITUDE) + DOUBLE;
    d |= (words[at + 6]! & MAGNITUDE) + DOUBLE;
  }
  for (; at < end; at += 2) a |= (words[at]! & MAGNITUDE) + DOUBLE;
  return (a | b | c | d) >= 0;
}
