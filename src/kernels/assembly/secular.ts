// The rank-one update of divide and conquer: eigenvalues and vectors of diag(d) + ρ z zᵀ with d ascending and ρ > 0. Formulas of
// M. Gu and S. Eisenstat, "A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem" (SIAM J. Matrix Anal. 16, 1995)
// and R.-C. Li, "Solving secular equations stably and efficiently" (LAPACK working note 89, 1994).

const EPSILON: f64 = 2.220446049250313e-16;

/**
 * Root i of 1 + ρ Σ_j z_j² / (d_j − λ), between d_i and d_(i+1) (the last: at most ρ ‖z‖² above d_i), as a distance from the nearer of
 * the two: origins[i] is the index of that d, offsets[i] = λ − d. `squares` holds z_j², `norm` their sum; `scratch` 8 numbers a thread.
 */
export function secularRoots(thread: i32, threads: i32, size: i32, d: usize, squares: usize, rho: f64, norm: f64, origins: usize, offsets: usize, scratch: usize): void {
  scratch += <usize>thread << 6;
  for (let i = thread; i < size; i += threads) {
    const isLast = i == size - 1;
    const left = load<f64>(d + (<usize>i << 3));
    const gap = isLast ? rho * norm : load<f64>(d + (<usize>(i + 1) << 3)) - left;
    // The sign in the middle tells the nearer end. The last root has no pole beyond: it starts from d_i always.
    let origin = i;
    let low: f64 = 0;
    let high = gap;
    if (!isLast) {
      const half = gap * 0.5;
      sumPoles(d, squares, 0, size, left, half, scratch);
      if (1 + rho * load<f64>(scratch) >= 0) high = half;
      else {
        origin = i + 1;
        low = -half;
        high = 0;
      }
    }
    const pole = load<f64>(d + (<usize>origin << 3));
    const before = left - pole;
    const after = isLast ? Infinity : load<f64>(d + (<usize>(i + 1) << 3)) - pole;
    let x = 0.5 * (low + high);
    for (let round = 0; round < 80; round++) {
      sumPoles(d, squares, 0, i + 1, pole, x, scratch);
      sumPoles(d, squares, i + 1, size, pole, x, scratch + 16);
      const psi = rho * load<f64>(scratch);
      const psiSlope = rho * load<f64>(scratch, 8);
      const phi = rho * load<f64>(scratch, 16);
      const phiSlope = rho * load<f64>(scratch, 24);
      const f = 1 + psi + phi;
      if (abs(f) <= 4 * EPSILON * (1 + abs(psi) + abs(phi))) break;
      if (f < 0) low = x;
      else high = x;
      if (high - low <= 2 * EPSILON * max(abs(low), abs(high))) break;
      // ψ ≈ a + s / (before − x), φ ≈ b + t / (after − x), of the same value and slope at x.
      const p = before - x;
      let next: f64;
      if (isLast) {
        // 1 + b − … with no pole beyond: c + s / (before − x) = 0
        const s = psiSlope * p * p;
        const c = 1 + psi - psiSlope * p;
        next = before + s / c;
      } else {
        const q = after - x;
        const s = psiSlope * p * p;
        const t = phiSlope * q * q;
        const c = f - psiSlope * p - phiSlope * q;
        // c + s / (p − y) + t / (q − y) = 0 for the step y: c y² − (c (p + q) + s + t) y + c p q + s q + t p = 0
        const b = c * (p + q) + s + t;
        const e = p * q * f;
        const root = sqrt(max(0, b * b - 4 * c * e));
        // One root lies between the poles; the other does not. Both by the formula without cancellation.
        const y1 = b > 0 ? 2 * e / (b + root) : c != 0 ? (b - root) / (2 * c) : 0;
        next = x + y1;
        if (!(next > low && next < high)) {
          const y2 = b > 0 ? (c != 0 ? (b + root) / (2 * c) : 0) : 2 * e / (b - root);
          next = x + y2;
        }
      }
      x = next > low && next < high ? next : 0.5 * (low + high);
    }
    // A root that rounds to its pole would divide by zero later.
    if (x == 0) x = origin == i ? high * EPSILON * EPSILON : low * EPSILON * EPSILON;
    store<i32>(origins + (<usize>i << 2), origin);
    store<f64>(offsets + (<usize>i << 3), x);
  }
}

/** Σ_j z_j² / (d_j − pole − x) and its derivative by x over j = from … to − 1, written to `out`. */
function sumPoles(d: usize, squares: usize, from: i32, to: i32, pole: f64, x: f64, out: usize): void {
  const p = f64x2.splat(pole);
  const y = f64x2.splat(x);
  const one = f64x2.splat(1);
  let sum = f64x2.splat(0);
  let slope = sum;
  let j = from;
  for (; j + 1 < to; j += 2) {
    const inverse = f64x2.div(one, f64x2.sub(f64x2.sub(v128.load(d + (<usize>j << 3)), p), y));
    const term = f64x2.mul(v128.load(squares + (<usize>j << 3)), inverse);
    sum = f64x2.add(sum, term);
    slope = v128.relaxed_madd<f64>(term, inverse, slope);
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  let steep = f64x2.extract_lane(slope, 0) + f64x2.extract_lane(slope, 1);
  if (j < to) {
    const inverse = 1 / (load<f64>(d + (<usize>j << 3)) - pole - x);
    const term = load<f64>(squares + (<usize>j << 3)) * inverse;
    total += term;
    steep += term * inverse;
  }
  store<f64>(out, total);
  store<f64>(out, steep, 8);
}

/** λ_i − own */
// @ts-ignore: decorator
@inline
function distance(i: i32, own: v128, d: usize, origins: usize, offsets: usize): v128 {
  const origin = load<i32>(origins + (<usize>i << 2));
  return f64x2.add(f64x2.sub(v128.load64_splat(d + (<usize>origin << 3)), own), v128.load64_splat(offsets + (<usize>i << 3)));
}

/**
 * The z for which the roots are exact (Löwner's formula), so that the vectors are orthogonal to working precision:
 * ẑ_j² = Π_i (λ_i − d_j) / Π_(i≠j) (d_i − d_j) / ρ, with the sign of z_j. Two j at a time.
 */
export function secularWeights(thread: i32, threads: i32, size: i32, d: usize, z: usize, origins: usize, offsets: usize, out: usize): void {
  for (let j = 2 * thread; j < size; j += 2 * threads) {
    const next = min(j + 1, size - 1);
    const own = f64x2.replace_lane(v128.load64_splat(d + (<usize>j << 3)), 1, load<f64>(d + (<usize>next << 3)));
    let product = distance(size - 1, own, d, origins, offsets);
    for (let i = 0; i < j; i++) {
      product = f64x2.mul(product, f64x2.div(distance(i, own, d, origins, offsets), f64x2.sub(v128.load64_splat(d + (<usize>i << 3)), own)));
    }
    if (next > j) {
      // Root j belongs with d_(j+1) for the first of the two, with d_j for the second.
      const others = f64x2.replace_lane(v128.load64_splat(d + (<usize>next << 3)), 1, load<f64>(d + (<usize>j << 3)));
      product = f64x2.mul(product, f64x2.div(distance(j, own, d, origins, offsets), f64x2.sub(others, own)));
    }
    for (let i = j + 1; i < size - 1; i++) {
      product = f64x2.mul(product, f64x2.div(distance(i, own, d, origins, offsets), f64x2.sub(v128.load64_splat(d + (<usize>(i + 1) << 3)), own)));
    }
    storeWeight(j, f64x2.extract_lane(product, 0), z, out);
    if (next > j) storeWeight(next, f64x2.extract_lane(product, 1), z, out);
  }
}

// @ts-ignore: decorator
@inline
function storeWeight(j: i32, square: f64, z: usize, out: usize): void {
  const root = sqrt(abs(square));
  store<f64>(out + (<usize>j << 3), load<f64>(z + (<usize>j << 3)) < 0 ? -root : root);
}

/**
 * Row i of `out` (size × size): the unit vector along ẑ_j / (d_j − λ_i), with the entries in the order of `places`, which holds d_j, and
 * `weights`, which holds ẑ_j; `d` and `origins` are those of {@link secularRoots}.
 */
export function secularVectors(thread: i32, threads: i32, size: i32, d: usize, origins: usize, offsets: usize, places: usize, weights: usize, out: usize): void {
  for (let i = thread; i < size; i += threads) {
    const row = out + (<usize>i * size << 3);
    let sum = f64x2.splat(0);
    let j = 0;
    for (; j + 1 < size; j += 2) {
      const value = f64x2.div(f64x2.neg(v128.load(weights + (<usize>j << 3))), distance(i, v128.load(places + (<usize>j << 3)), d, origins, offsets));
      v128.store(row + (<usize>j << 3), value);
      sum = v128.relaxed_madd<f64>(value, value, sum);
    }
    let square = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    if (j < size) {
      const gap = f64x2.extract_lane(distance(i, v128.load64_splat(places + (<usize>j << 3)), d, origins, offsets), 0);
      const value = -load<f64>(weights + (<usize>j << 3)) / gap;
      store<f64>(row + (<usize>j << 3), value);
      square += value * value;
    }
    const factor = 1 / sqrt(square);
    const both = f64x2.splat(factor);
    for (j = 0; j + 1 < size; j += 2) v128.store(row + (<usize>j << 3), f64x2.mul(both, v128.load(row + (<usize>j << 3))));
    if (j < size) store<f64>(row + (<usize>j << 3), load<f64>(row + (<usize>j << 3)) * factor);
  }
}
