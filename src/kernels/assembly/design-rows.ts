// Rows of the augmented design matrix Z = √w · [1, (X − m) ∘ s, (Y − m) ∘ s, 0 …], from rows of X, Y and w.

/**
 * Fills `depth` rows of `stride` numbers at `z`. `shift` (m) and `scale` (s) hold `stride` numbers each, in the order of Z's
 * columns; `one` is the first column before weighting: 1, or 0 for a model without intercept. `w` = 0 means no weights.
 */
export function fillDesignRows(thread: i32, threads: i32, x: usize, columns: i32, y: usize, targets: i32, w: usize, one: f64, shift: usize, scale: usize, depth: i32, stride: i32, z: usize): void {
  const xBytes = <usize>columns << 3;
  const yBytes = <usize>targets << 3;
  const end = <usize>stride << 3;
  const used: usize = 8 + xBytes + yBytes;
  for (let t = 0; t < depth; t++) {
    let weight: f64 = 1;
    if (w != 0) {
      weight = sqrt(load<f64>(w));
      w += 8;
    }
    store<f64>(z, one * weight);
    standardise(x, columns, shift + 8, scale + 8, weight, z + 8);
    standardise(y, targets, shift + 8 + xBytes, scale + 8 + xBytes, weight, z + 8 + xBytes);
    for (let i = used; i < end; i += 8) store<f64>(z + i, 0);
    x += xBytes;
    y += yBytes;
    z += end;
  }
}

// @ts-ignore: decorator
@inline
function standardise(from: usize, count: i32, shift: usize, scale: usize, weight: f64, to: usize): void {
  const bytes = <usize>count << 3;
  const pairs = bytes & ~15;
  const factor = f64x2.splat(weight);
  for (let i: usize = 0; i < pairs; i += 16) {
    const centred = f64x2.sub(v128.load(from + i), v128.load(shift + i));
    v128.store(to + i, f64x2.mul(f64x2.mul(centred, v128.load(scale + i)), factor));
  }
  if (pairs < bytes) {
    store<f64>(to + pairs, (load<f64>(from + pairs) - load<f64>(shift + pairs)) * load<f64>(scale + pairs) * weight);
  }
}
