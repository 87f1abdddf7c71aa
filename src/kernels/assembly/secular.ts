// The rank-one update of divide and conquer: eigenvalues and vectors of diag(d) + ρ z zᵀ with d ascending and ρ > 0. Formulas of
// M. Gu and S. Eisenstat, "A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem" (SIAM J. Matrix Anal. 16, 1995)
// and R.-C. Li, "Solving secular equations stably and efficiently" (LAPACK working note 89, 1994).

const EPSILON: f64 = 2.220446049250313e-16;

/**
 * Root i of 1 + ρ Σ_j z_j² / (d_j − λ), between d_i and d_(i+1) (the last: at most ρ ‖z‖² above d_i), as a distance from the nearer of
 * the two: origins[i] is the index of that d, offsets[i] = λ − d. `squares` holds z_j², `norm` their sum.
 */
export function secularRoots(thread: i32, threads: i32, size: i32, d: usize, squares: usize, rho: f64, norm: f64, origins: usize, offsets: usize): void {
  for (let i = thread; i < size; i += threads) {
    const isLast = i == size - 1;
    const left = load<f64>(d + (<usize>i << 3));
    const gap = isLast ? rho * norm : load<f64>(d + (<usize>(i + 1) << 3)) - left;
    // The sign in the middle tells the nearer end. The last root has no pole beyond: it starts from d_i always.
    let origin = i;
    let low: f64 = 0;
    let high = gap;
    if (!isLast) {
      let middle: f64 = 1;
      const half = gap * 0.5;
      for (let j = 0; j < size; j++) {
        middle += rho * load<f64>(squares + (<usize>j << 3)) / (load<f64>(d + (<usize>j << 3)) - left - half);
      }
      if (middle >= 0) high = half;
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
      let psi: f64 = 0;
      let psiSlope: f64 = 0;
      for (let j = 0; j <= i; j++) {
        const inverse = 1 / (load<f64>(d + (<usize>j << 3)) - pole - x);
        const term = load<f64>(squares + (<usize>j << 3)) * inverse;
        psi += term;
        psiSlope += term * inverse;
      }
      let phi: f64 = 0;
      let phiSlope: f64 = 0;
      for (let j = i + 1; j < size; j++) {
        const inverse = 1 / (load<f64>(d + (<usize>j << 3)) - pole - x);
        const term = load<f64>(squares + (<usize>j << 3)) * inverse;
        phi += term;
        phiSlope += term * inverse;
      }
      psi *= rho;
      phi *= rho;
      psiSlope *= rho;
      phiSlope *= rho;
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

/** λ_i − d_j */
// @ts-ignore: decorator
@inline
function distance(i: i32, j: i32, d: usize, origins: usize, offsets: usize): f64 {
  const origin = load<i32>(origins + (<usize>i << 2));
  return load<f64>(d + (<usize>origin << 3)) - load<f64>(d + (<usize>j << 3)) + load<f64>(offsets + (<usize>i << 3));
}

/**
 * The z for which the roots are exact (Löwner's formula), so that the vectors are orthogonal to working precision:
 * ẑ_j² = Π_i (λ_i − d_j) / Π_(i≠j) (d_i − d_j) / ρ, with the sign of z_j.
 */
export function secularWeights(thread: i32, threads: i32, size: i32, d: usize, z: usize, origins: usize, offsets: usize, out: usize): void {
  for (let j = thread; j < size; j += threads) {
    const own = load<f64>(d + (<usize>j << 3));
    let product = distance(size - 1, j, d, origins, offsets);
    for (let i = 0; i < j; i++) product *= distance(i, j, d, origins, offsets) / (load<f64>(d + (<usize>i << 3)) - own);
    for (let i = j; i < size - 1; i++) product *= distance(i, j, d, origins, offsets) / (load<f64>(d + (<usize>(i + 1) << 3)) - own);
    const root = sqrt(abs(product));
    store<f64>(out + (<usize>j << 3), load<f64>(z + (<usize>j << 3)) < 0 ? -root : root);
  }
}

/** Row i of `out` (size × stride): the unit vector along ẑ_j / (d_j − λ_i), entry j at position places[j]. */
export function secularVectors(thread: i32, threads: i32, size: i32, d: usize, z: usize, origins: usize, offsets: usize, places: usize, out: usize, stride: i32): void {
  for (let i = thread; i < size; i += threads) {
    const row = out + (<usize>i * stride << 3);
    let square: f64 = 0;
    for (let j = 0; j < size; j++) {
      const value = -load<f64>(z + (<usize>j << 3)) / distance(i, j, d, origins, offsets);
      store<f64>(row + (<usize>load<i32>(places + (<usize>j << 2)) << 3), value);
      square += value * value;
    }
    const factor = 1 / sqrt(square);
    for (let j = 0; j < size; j++) store<f64>(row + (<usize>j << 3), load<f64>(row + (<usize>j << 3)) * factor);
  }
}
