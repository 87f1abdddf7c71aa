// Derivatives of LambdaRank (C. Burges, "From RankNet to LambdaRank to LambdaMART", 2010).

/**
 * Derivatives of all rows in their scores, as pairs of float32 at `gradients`, weighted by `weights` (float64 by row, or 0). Rows of query q are
 * those at `order` (32-bit) from `starts`[q] to `starts`[q + 1]. With s the sigmoid's steepness, for each pair of rows of which i is more relevant,
 * one of both among the first `truncation` by score:
 *
 *     Δ = |gain_i − gain_j| · |discount_i − discount_j| / ideal DCG,  ρ = 1 / (1 + e^{s (score_i − score_j)}),
 *     λ = s ρ Δ,  h = s² ρ (1 − ρ) Δ;
 *
 * row i gets −λ, row j λ, both h. With `norm` Δ is divided by 0.01 + |score_i − score_j| where the query's scores differ, and a query's sums are
 * multiplied by log₂(1 + Σ 2λ) / Σ 2λ, as LightGBM does. `gains` by row and `inverse` (1 / ideal DCG by query, 0 to leave it out) are float64,
 * `discounts` of places 0, 1, … too. `scratch` holds 28 × `most` bytes a thread, rounded up to 64; no query has more than `most` rows.
 */
export function rankGradients(thread: i32, threads: i32, scores: usize, gains: usize, order: usize, starts: usize, queries: i32, inverse: usize, discounts: usize, truncation: i32, steepness: f64, norm: i32, weights: usize, gradients: usize, scratch: usize, most: i32): void {
  const room = (<usize>most * 28 + 63) & ~63;
  const lambdas = scratch + <usize>thread * room;
  const hessians = lambdas + (<usize>most << 3);
  const places = hessians + (<usize>most << 3);
  const spare = places + (<usize>most << 2);
  for (let q = thread; q < queries; q += threads) {
    const first = load<i32>(starts + (<usize>q << 2));
    const count = load<i32>(starts + (<usize>q << 2), 4) - first;
    const rows = order + (<usize>first << 2);
    memory.fill(lambdas, 0, <usize>count << 3);
    memory.fill(hessians, 0, <usize>count << 3);
    const ideal = load<f64>(inverse + (<usize>q << 3));
    if (ideal > 0) {
      const sorted = sortByScore(scores, rows, count, places, spare);
      const best = scoreAt(scores, sorted, 0);
      const worst = scoreAt(scores, sorted, count - 1);
      const isSpread = norm != 0 && best != worst;
      const end = min(truncation, count - 1);
      let total: f64 = 0;
      for (let i = 0; i < end; i++) {
        const rowI = <usize>load<u32>(sorted + (<usize>i << 2));
        const gainI = load<f64>(gains + (rowI << 3));
        const scoreI = load<f64>(scores + (rowI << 3));
        const discountI = load<f64>(discounts + (<usize>i << 3));
        for (let j = i + 1; j < count; j++) {
          const rowJ = <usize>load<u32>(sorted + (<usize>j << 2));
          const gap = gainI - load<f64>(gains + (rowJ << 3));
          if (gap == 0) continue;
          const ahead = scoreI - load<f64>(scores + (rowJ << 3));
          let delta = Math.abs(gap) * (discountI - load<f64>(discounts + (<usize>j << 3))) * ideal;
          if (isSpread) delta /= 0.01 + Math.abs(ahead);
          const rho = 1 / (1 + Math.exp(steepness * (gap > 0 ? ahead : -ahead)));
          const lambda = steepness * rho * delta;
          const hessian = steepness * steepness * rho * (1 - rho) * delta;
          const signed = gap > 0 ? lambda : -lambda;
          const atI = <usize>i << 3;
          const atJ = <usize>j << 3;
          store<f64>(lambdas + atI, load<f64>(lambdas + atI) - signed);
          store<f64>(lambdas + atJ, load<f64>(lambdas + atJ) + signed);
          store<f64>(hessians + atI, load<f64>(hessians + atI) + hessian);
          store<f64>(hessians + atJ, load<f64>(hessians + atJ) + hessian);
          total += 2 * lambda;
        }
      }
      // log₂ by the natural logarithm.
      const factor = norm != 0 && total > 0 ? Math.log(1 + total) / 0.6931471805599453 / total : 1;
      for (let i = 0; i < count; i++) {
        const row = <usize>load<u32>(sorted + (<usize>i << 2));
        writePair(gradients, row, load<f64>(lambdas + (<usize>i << 3)) * factor, load<f64>(hessians + (<usize>i << 3)) * factor, weights);
      }
    } else {
      for (let i = 0; i < count; i++) writePair(gradients, <usize>load<u32>(rows + (<usize>i << 2)), 0, 0, weights);
    }
  }
}

// @ts-ignore: decorator
@inline
function writePair(gradients: usize, row: usize, gradient: f64, hessian: f64, weights: usize): void {
  const weight = weights == 0 ? 1 : load<f64>(weights + (row << 3));
  store<f32>(gradients + (row << 3), <f32>(gradient * weight));
  store<f32>(gradients + (row << 3), <f32>(hessian * weight), 4);
}

// @ts-ignore: decorator
@inline
function scoreAt(scores: usize, rows: usize, place: i32): f64 {
  return load<f64>(scores + (<usize>load<u32>(rows + (<usize>place << 2)) << 3));
}

/** Rows by falling score, equal ones in their order: a merge sort from the bottom; returns which of the two buffers holds them. */
function sortByScore(scores: usize, rows: usize, count: i32, a: usize, b: usize): usize {
  memory.copy(a, rows, <usize>count << 2);
  let from = a;
  let to = b;
  for (let width = 1; width < count; width <<= 1) {
    for (let start = 0; start < count; start += width << 1) {
      const middle = min(start + width, count);
      const end = min(start + (width << 1), count);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k++) {
        const takesLeft = i < middle && (j >= end || scoreAt(scores, from, i) >= scoreAt(scores, from, j));
        store<u32>(to + (<usize>k << 2), load<u32>(from + (<usize>(takesLeft ? i : j) << 2)));
        if (takesLeft) i++;
        else j++;
      }
    }
    const other = from;
    from = to;
    to = other;
  }
  return from;
}
