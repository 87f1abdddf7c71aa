// Sums over trees of the leaf that each row falls into.
//
// A node is 16 bytes: threshold (float64), twice the column plus 1 when missing values go left (32 bits), number of the
// left child (32 bits; the right child is the next). A leaf has the threshold +Infinity, column 0, missing left and
// itself as left child: a row stays where it is. A split by category has a NaN as threshold whose lower 32 bits are the address
// of its set: the number of its words, then bit c mod 32 of word ⌊c / 32⌋ for each category c, 1 when it goes left.

/** The child of `node` for a row. */
// @ts-ignore: decorator
@inline
function step(nodes: usize, node: u32, row: usize): u32 {
  const at = nodes + (<usize>node << 4);
  const packed = load<u32>(at, 8);
  const value = load<f64>(row + (<usize>(packed >> 1) << 3));
  const goesLeft = <u32>(value <= load<f64>(at)) | (<u32>(value != value) & packed);
  return load<u32>(at, 12) + (1 - (goesLeft & 1));
}

/** {@link step} where splits may be by category. */
// @ts-ignore: decorator
@inline
function stepBySet(nodes: usize, node: u32, row: usize): u32 {
  const at = nodes + (<usize>node << 4);
  const packed = load<u32>(at, 8);
  const value = load<f64>(row + (<usize>(packed >> 1) << 3));
  const threshold = load<f64>(at);
  let goesLeft = <u32>(value <= threshold) | (<u32>(value != value) & packed);
  if (threshold != threshold) goesLeft |= <u32>isInSet(<usize>load<u32>(at), value);
  return load<u32>(at, 12) + (1 - (goesLeft & 1));
}

/** Whether category `value` is in the set at an address; NaN is in none. */
export function isInSet(set: usize, value: f64): bool {
  if (!(value >= 0 && value < <f64>(load<u32>(set) << 5))) return false;
  const code = <u32>value;
  return ((load<u32>(set + (<usize>(code >> 5) << 2), 4) >> (code & 31)) & 1) == 1;
}

/** {@link addTrees} where splits may be by category. */
export function addTreesBySet(thread: i32, threads: i32, x: usize, rows: i32, columns: i32, nodes: usize, values: usize, width: i32, roots: usize, from: i32, to: i32, out: usize, outputs: i32): void {
  const rowBytes = <usize>columns << 3;
  const outBytes = <usize>outputs << 3;
  for (let tree = from; tree < to; tree++) {
    const root = load<u32>(roots + (<usize>tree << 2));
    let row = x;
    let result = out + (width == 1 ? <usize>(tree % outputs) << 3 : 0);
    for (let left = rows; left > 0; left--) {
      let node = root;
      for (;;) {
        const next = stepBySet(nodes, node, row);
        if (next == node) break;
        node = next;
      }
      addValues(values, node, width, result);
      row += rowBytes;
      result += outBytes;
    }
  }
}

/**
 * Adds to `out` (`outputs` numbers a row) for each row of row-major `x` the values of its leaves of trees `from` … `to`
 * − 1. With `width` 1 a node has one value, and tree t adds to output t mod outputs; else each node has `outputs`
 * values. `roots` holds the node number of each tree's root.
 */
export function addTrees(thread: i32, threads: i32, x: usize, rows: i32, columns: i32, nodes: usize, values: usize, width: i32, roots: usize, from: i32, to: i32, out: usize, outputs: i32): void {
  const rowBytes = <usize>columns << 3;
  const outBytes = <usize>outputs << 3;
  for (let tree = from; tree < to; tree++) {
    const root = load<u32>(roots + (<usize>tree << 2));
    const offset = width == 1 ? <usize>(tree % outputs) << 3 : 0;
    let row = x;
    let result = out;
    let left = rows;
    // Four rows go down together, which hides the latency of their loads.
    for (; left >= 4; left -= 4) {
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (;;) {
        const a2 = step(nodes, a, row);
        const b2 = step(nodes, b, row + rowBytes);
        const c2 = step(nodes, c, row + 2 * rowBytes);
        const d2 = step(nodes, d, row + 3 * rowBytes);
        const moved = (a ^ a2) | (b ^ b2) | (c ^ c2) | (d ^ d2);
        a = a2;
        b = b2;
        c = c2;
        d = d2;
        if (moved == 0) break;
      }
      addValues(values, a, width, result + offset);
      addValues(values, b, width, result + offset + outBytes);
      addValues(values, c, width, result + offset + 2 * outBytes);
      addValues(values, d, width, result + offset + 3 * outBytes);
      row += 4 * rowBytes;
      result += 4 * outBytes;
    }
    for (; left > 0; left--) {
      let a = root;
      for (;;) {
        const a2 = step(nodes, a, row);
        if (a2 == a) break;
        a = a2;
      }
      addValues(values, a, width, result + offset);
      row += rowBytes;
      result += outBytes;
    }
  }
}

// @ts-ignore: decorator
@inline
function addValues(values: usize, node: u32, width: i32, out: usize): void {
  let value = values + (<usize>node * width << 3);
  for (let k = 0; k < width; k++) {
    store<f64>(out, load<f64>(out) + load<f64>(value));
    value += 8;
    out += 8;
  }
}

/** The leaf (node number) of one tree that each row falls into, as 32-bit integers. */
export function findLeaves(thread: i32, threads: i32, x: usize, rows: i32, columns: i32, nodes: usize, root: i32, out: usize): void {
  for (let i = 0; i < rows; i++) {
    let node = <u32>root;
    for (;;) {
      const next = step(nodes, node, x);
      if (next == node) break;
      node = next;
    }
    store<u32>(out + (<usize>i << 2), node);
    x += <usize>columns << 3;
  }
}

/**
 * {@link addTrees} (with {@link addTreesBySet} where `bySet`) of rows to trees that were not grown on them: bit i mod 8 of byte ⌊i / 8⌋ of a tree's
 * `bagBytes` at `bags` says whether row i is in its sample; the first row of `x` is row `first`. `width` numbers a row go to `out`; `counts` receives how
 * many trees each row went down. `chosen` has room for 32 bits a row, and one more.
 */
export function addOutOfBag(thread: i32, threads: i32, x: usize, first: i32, rows: i32, columns: i32, nodes: usize, values: usize, width: i32, roots: usize, from: i32, to: i32, bySet: i32, bags: usize, bagBytes: i32, out: usize, counts: usize, chosen: usize): void {
  const rowBytes = <usize>columns << 3;
  const outBytes = <usize>width << 3;
  for (let tree = from; tree < to; tree++) {
    const root = load<u32>(roots + (<usize>tree << 2));
    const end = listOutOfBag(bags + <usize>tree * <usize>bagBytes, first, rows, counts, chosen);
    let at = chosen;
    // Four rows go down together, which hides the latency of their loads.
    for (; !bySet && at + 16 <= end; at += 16) {
      const rowA = x + <usize>load<u32>(at) * rowBytes;
      const rowB = x + <usize>load<u32>(at, 4) * rowBytes;
      const rowC = x + <usize>load<u32>(at, 8) * rowBytes;
      const rowD = x + <usize>load<u32>(at, 12) * rowBytes;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (;;) {
        const a2 = step(nodes, a, rowA);
        const b2 = step(nodes, b, rowB);
        const c2 = step(nodes, c, rowC);
        const d2 = step(nodes, d, rowD);
        const moved = (a ^ a2) | (b ^ b2) | (c ^ c2) | (d ^ d2);
        a = a2;
        b = b2;
        c = c2;
        d = d2;
        if (moved == 0) break;
      }
      addValues(values, a, width, out + <usize>load<u32>(at) * outBytes);
      addValues(values, b, width, out + <usize>load<u32>(at, 4) * outBytes);
      addValues(values, c, width, out + <usize>load<u32>(at, 8) * outBytes);
      addValues(values, d, width, out + <usize>load<u32>(at, 12) * outBytes);
    }
    for (; at < end; at += 4) {
      const row = x + <usize>load<u32>(at) * rowBytes;
      let node = root;
      for (;;) {
        const next = bySet ? stepBySet(nodes, node, row) : step(nodes, node, row);
        if (next == node) break;
        node = next;
      }
      addValues(values, node, width, out + <usize>load<u32>(at) * outBytes);
    }
  }
}

/** Lists the rows that are not in a bag, and counts them; returns the end of the list. */
function listOutOfBag(bag: usize, first: i32, rows: i32, counts: usize, list: usize): usize {
  for (let i = 0; i < rows; i++) {
    const place = <u32>(first + i);
    const isOut = 1 - ((<u32>load<u8>(bag + (place >> 3)) >> (place & 7)) & 1);
    const count = counts + (<usize>i << 2);
    store<u32>(count, load<u32>(count) + isOut);
    store<u32>(list, i);
    list += <usize>isOut << 2;
  }
  return list;
}
