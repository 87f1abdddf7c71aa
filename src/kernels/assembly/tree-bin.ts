// Numbers to bins.

/**
 * Bins a row-major block: the bin of a value is how many of its column's thresholds lie below it, that of NaN the
 * column's missing bin. `thresholds` holds 256 float64 a column, rising, filled up with +Infinity; `missing` a byte a
 * column. Row r of the block goes to row `first` + r of `byRow` (`stride` bytes a row) and of `byColumn` (`total` bytes
 * a column).
 */
export function binRows(thread: i32, threads: i32, x: usize, rows: i32, columns: i32, thresholds: usize, missing: usize, byRow: usize, stride: i32, byColumn: usize, total: i32, first: i32): void {
  const rowBytes = <usize>columns << 3;
  for (let column = 0; column < columns; column++) {
    const table = thresholds + (<usize>column << 11);
    const missingBin = <i32>load<u8>(missing + column);
    let value = x + (<usize>column << 3);
    let out = byColumn + <usize>column * total + first;
    let rowOut = byRow + <usize>first * stride + column;
    for (let row = 0; row < rows; row++) {
      const v = load<f64>(value);
      // Eight halvings of 255 thresholds; the selects keep several rows in flight.
      let at: usize = load<f64>(table, 127 << 3) < v ? 128 << 3 : 0;
      at += load<f64>(table + at, 63 << 3) < v ? 64 << 3 : 0;
      at += load<f64>(table + at, 31 << 3) < v ? 32 << 3 : 0;
      at += load<f64>(table + at, 15 << 3) < v ? 16 << 3 : 0;
      at += load<f64>(table + at, 7 << 3) < v ? 8 << 3 : 0;
      at += load<f64>(table + at, 3 << 3) < v ? 4 << 3 : 0;
      at += load<f64>(table + at, 1 << 3) < v ? 2 << 3 : 0;
      at += load<f64>(table + at) < v ? 1 << 3 : 0;
      const bin = select(<i32>(at >> 3), missingBin, v == v);
      store<u8>(out, bin);
      store<u8>(rowOut, bin);
      value += rowBytes;
      rowOut += stride;
      out++;
    }
  }
}
