/**
 * A step along a descent direction that satisfies the strong Wolfe conditions, by the safeguarded interpolation of
 * J. J. Moré and D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 (1994).
 */

/** φ(step) = f(x + step · d) and its derivative along d. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

export interface LineSearchOptions {
  /** φ(t) ≤ φ(0) + decrease · t · φ′(0). */
  readonly decrease: number;
  /** |φ′(t)| ≤ curvature · |φ′(0)|. */
  readonly curvature: number;
  readonly maxStep: number;
  readonly maxEvaluations: number;
}

export interface LineSearchResult {
  /** The last point that was evaluated. */
  readonly point: LinePoint;
  /** False when the budget ended or the interval vanished; `point` may still be lower than the start. */
  readonly satisfied: boolean;
}

/** The interval of uncertainty shrinks by this factor at least every second trial. */
const SHRINK = 0.66;
/** Relative rounding noise of a value: differences below it say nothing, so slopes decide alone. */
const VALUE_NOISE = 16 * Number.EPSILON;

/**
 * @param evaluate The caller's φ; after the return, what it computed last belongs to `point`.
 * @param start φ at step 0, with a negative slope.
 */
export async function wolfeLineSearch(
  evaluate: (step: number) => LinePoint | Promise<LinePoint>,
  start: LinePoint,
  firstStep: number,
  options: LineSearchOptions,
): Promise<LineSearchResult> {
  const { decrease, curvature, maxEvaluations } = options;
  const noise = VALUE_NOISE * Math.abs(start.value);
  const tilt = decrease * start.slope;
  let ceiling = options.maxStep;
  let best = start;
  let other: LinePoint | undefined;
  let modified = true;
  let width = Number.POSITIVE_INFINITY;
  let widthBefore = Number.POSITIVE_INFINITY;
  let step = Math.min(firstStep, ceiling);
  let point = start;

  for (let evaluations = 1; evaluations <= maxEvaluations; evaluations++) {
    point = await evaluate(step);
    if (!Number.isFinite(point.value) || !Number.isFinite(point.slope)) {
      ceiling = step;
      step = best.step + 0.1 * (step - best.step);
      continue;
    }
    const bound = start.value + tilt * step;
    const flat = Math.abs(point.slope) <= curvature * Math.abs(start.slope);
    if (flat && (point.value <= bound || acceptedBySlope(point, start, decrease, noise))) {
      return { point, satisfied: true };
    }
    if (step >= ceiling && point.value <= bound && point.slope <= tilt) break;
    if (modified && point.value <= bound && point.slope >= Math.min(decrease, curvature) * start.slope) {
      modified = false;
    }
    // ψ(t) = φ(t) − φ(0) − decrease·t·φ′(0) guides until it has a non-positive value with a non-negative slope.
    const useModified = modified && point.value <= best.value && point.value > bound;
    const view = (p: LinePoint): LinePoint =>
      useModified ? { step: p.step, value: p.value - tilt * p.step, slope: p.slope - tilt } : p;
    const low = other === undefined ? step + 1.1 * (step - best.step) : Math.min(best.step, other.step);
    const high =
      other === undefined
        ? Math.min(step + 4 * (step - best.step), ceiling)
        : Math.max(best.step, other.step);
    const vBest = view(best);
    const vPoint = view(point);
    const vOther = other && view(other);
    let next = trialStep(vBest, vPoint, vOther, low, high);
    if (vPoint.value > vBest.value) other = point;
    else {
      // The minimum is between the two points, unless the slope at the new one leads away from the old.
      if (vPoint.slope * (vBest.step - vPoint.step) <= 0) other = best;
      best = point;
    }
    if (other !== undefined) {
      const now = Math.abs(other.step - best.step);
      if (now >= SHRINK * widthBefore || !Number.isFinite(next))
        next = best.step + 0.5 * (other.step - best.step);
      widthBefore = width;
      width = now;
      if (now <= Number.EPSILON * Math.max(best.step, other.step)) break;
    }
    step = Math.min(Math.max(next, 0), ceiling);
  }
  if (point.step !== best.step && best.step > 0) point = await evaluate(best.step);
  return { point, satisfied: false };
}

/**
 * Within the noise of the values the decrease is judged by the slope: for a quadratic, φ(t) ≤ φ(0) + δtφ′(0) is the same as
 * φ′(t) ≤ (2δ − 1) φ′(0) (W. W. Hager and H. Zhang, SIAM J. Optim. 16 (2005), "approximate Wolfe").
 */
function acceptedBySlope(point: LinePoint, start: LinePoint, decrease: number, noise: number): boolean {
  return point.value <= start.value + noise && point.slope <= (2 * decrease - 1) * start.slope;
}

/** The next trial: Moré and Thuente's four cases of where the minimum of an interpolating polynomial lies. */
function trialStep(
  best: LinePoint,
  point: LinePoint,
  other: LinePoint | undefined,
  low: number,
  high: number,
): number {
  const cubic = cubicMinimum(best, point);
  if (point.value > best.value) {
    const quadratic = quadraticMinimum(best, point);
    return Math.abs(cubic - best.step) < Math.abs(quadratic - best.step) ? cubic : (cubic + quadratic) / 2;
  }
  const secant = secantMinimum(best, point);
  if (point.slope * best.slope < 0) {
    return Math.abs(cubic - point.step) >= Math.abs(secant - point.step) ? cubic : secant;
  }
  const far = point.step > best.step ? high : low;
  if (Math.abs(point.slope) <= Math.abs(best.slope)) {
    const ahead = Number.isFinite(cubic) && (cubic - point.step) * (point.step - best.step) > 0;
    const cubicAhead = ahead ? cubic : far;
    const cubicIsNearer = Math.abs(cubicAhead - point.step) < Math.abs(secant - point.step);
    if (other === undefined) return Math.min(Math.max(cubicIsNearer ? secant : cubicAhead, low), high);
    const nearer = cubicIsNearer ? cubicAhead : secant;
    const limit = point.step + SHRINK * (other.step - point.step);
    return point.step > best.step ? Math.min(limit, nearer) : Math.max(limit, nearer);
  }
  return other === undefined ? far : cubicMinimum(other, point);
}

/** Minimum of the cubic through both values and slopes (J. Nocedal and S. Wright, Numerical Optimization, eq. 3.59). */
function cubicMinimum(a: LinePoint, b: LinePoint): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const d2 = Math.sign(b.step - a.step) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  return b.step - ((b.step - a.step) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}

/** Minimum of the parabola through both values and the slope at `a`. */
function quadraticMinimum(a: LinePoint, b: LinePoint): number {
  const h = b.step - a.step;
  return a.step + (a.slope * h) / ((a.value - b.value) / h + a.slope) / 2;
}

/** Zero of the line through both slopes. */
function secantMinimum(a: LinePoint, b: LinePoint): number {
  return b.step + (b.slope / (b.slope - a.slope)) * (a.step - b.step);
}
