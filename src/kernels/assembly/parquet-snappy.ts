// Snappy's raw format: github.com/google/snappy, format_description.txt. Texts may be hostile: nothing is read before `from` or written
// outside of the room given.

/** Readable behind the input and writable behind the output, so that short copies need no exact end. */
const SLACK: u32 = 16;

/**
 * Decodes [from, end) to the `size` bytes at `to`; false unless that is exactly what the input holds. 64 bytes behind both are readable
 * and writable.
 */
export function snappyDecode(thread: i32, threads: i32, from: usize, end: usize, to: usize, size: u32): bool {
  let p = from;
  let declared: u64 = 0;
  let shift: u64 = 0;
  while (true) {
    if (p >= end || shift > 28) return false;
    const byte = <u64>load<u8>(p++);
    declared |= (byte & 127) << shift;
    if (byte < 128) break;
    shift += 7;
  }
  if (declared != <u64>size) return false;
  let out = to;
  const stop = to + size;
  while (p < end) {
    const tag = <u32>load<u8>(p++);
    let length: u32;
    let offset: u32;
    switch (tag & 3) {
      case 0: {
        length = tag >> 2;
        if (length < 60) length++;
        else {
          const bytes = length - 59;
          if (<u32>(end - p) < bytes) return false;
          length = load<u32>(p) & (<u32>-1 >> ((4 - bytes) << 3));
          p += bytes;
          if (length == <u32>-1) return false;
          length++;
        }
        if (length > <u32>(end - p) || length > <u32>(stop - out)) return false;
        if (length <= SLACK) v128.store(out, v128.load(p));
        else memory.copy(out, p, length);
        p += length;
        out += length;
        continue;
      }
      case 1:
        if (p >= end) return false;
        length = 4 + ((tag >> 2) & 7);
        offset = ((tag >> 5) << 8) | load<u8>(p++);
        break;
      case 2:
        if (<u32>(end - p) < 2) return false;
        length = 1 + (tag >> 2);
        offset = load<u16>(p);
        p += 2;
        break;
      default:
        if (<u32>(end - p) < 4) return false;
        length = 1 + (tag >> 2);
        offset = load<u32>(p);
        p += 4;
    }
    if (offset == 0 || offset > <u32>(out - to) || length > <u32>(stop - out)) return false;
    repeat(out, offset, length);
    out += length;
  }
  return out == stop;
}

/** Copies `length` ≤ 64 bytes from `offset` before `out`; the copy may reach into itself, which repeats it. Writes up to 15 bytes more. */
// @ts-ignore: decorator
@inline
function repeat(out: usize, offset: u32, length: u32): void {
  const stop = out + length;
  if (offset >= 16) {
    for (; out < stop; out += 16) v128.store(out, v128.load(out - offset));
  } else if (offset >= 8) {
    for (; out < stop; out += 8) store<u64>(out, load<u64>(out - offset));
  } else {
    for (; out < stop; out++) store<u8>(out, load<u8>(out - offset));
  }
}
