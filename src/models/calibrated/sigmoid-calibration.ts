/** p = 1 / (1 + e^(slope · score + offset)). */
export interface Sigmoid {
  readonly kind: 'sigmoid';
  readonly slope: number;
  readonly offset: number;
}

const MAX_ITERATIONS = 100;
const SMALLEST_STEP = 1e-10;
/** Scores beyond this are divided by the largest, so that their units do not matter. */
const LARGE = 30;

/**
 * Platt scaling: the sigmoid of the largest likelihood, for targets that are moved from 0 and 1 by one more row of each
 * class, by Newton's method with a line search (H.-T. Lin, C.-J. Lin, R. C. Weng, "A note on Platt's probabilistic
 * outputs for support vector machines", Machine Learning 68, 2007).
 * @param positive Whether each row is of the class.
 */
export function fitSigmoid(
  scores: Float64Array,
  positive: Uint8Array,
  weights: Float64Array | undefined,
): Sigmoid {
  const rows = scores.length;
  const weight = (i: number) => weights?.[i] ?? 1;
  let [most, ones, zeros] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    most = Math.max(most, Math.abs(scores[i]!));
    if (positive[i] === 1) ones += weight(i);
    else zeros += weight(i);
  }
  const unit = most >= LARGE ? most : 1;
  const [high, low] = [(ones + 1) / (ones + 2), 1 / (zeros + 2)];
  const target = (i: number) => (positive[i] === 1 ? high : low);
  /** −log likelihood: Σ s (t z + log(1 + e^−z)) with z = a f + b, written so that nothing overflows. */
  const lossOf = (a: number, b: number) => {
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const z = (a * scores[i]!) / unit + b;
      const t = target(i);
      loss += weight(i) * (z >= 0 ? t * z + Math.log1p(Math.exp(-z)) : (t - 1) * z + Math.log1p(Math.exp(z)));
    }
    return loss;
  };
  let a = 0;
  let b = Math.log((zeros + 1) / (ones + 1));
  let loss = lossOf(a, b);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    // A little on the diagonal keeps the Hessian regular where all scores are alike.
    let [haa, hbb, hab, ga, gb] = [1e-12, 1e-12, 0, 0, 0];
    for (let i = 0; i < rows; i++) {
      const f = scores[i]! / unit;
      const z = a * f + b;
      const e = Math.exp(-Math.abs(z));
      const p = z >= 0 ? e / (1 + e) : 1 / (1 + e);
      const curve = (weight(i) * e) / (1 + e) ** 2;
      haa += f * f * curve;
      hbb += curve;
      hab += f * curve;
      const slope = weight(i) * (target(i) - p);
      ga += f * slope;
      gb += slope;
    }
    if (Math.abs(ga) <= 1e-12 * (ones + zeros) && Math.abs(gb) <= 1e-12 * (ones + zeros)) break;
    const determinant = haa * hbb - hab * hab;
    const [da, db] = [-(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant];
    const decrease = ga * da + gb * db;
    let step = 1;
    let next = lossOf(a + da, b + db);
    while (!(next < loss + 1e-4 * step * decrease) && step > SMALLEST_STEP) {
      step /= 2;
      next = lossOf(a + step * da, b + step * db);
    }
    if (step <= SMALLEST_STEP || !(next < loss)) break;
    a += step * da;
    b += step * db;
    loss = next;
  }
  return { kind: 'sigmoid', slope: a / unit, offset: b };
}
