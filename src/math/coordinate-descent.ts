/**
 * Minimises ½‖y − Xw‖² + α‖w‖₁ + ½β‖w‖² by coordinate descent. Sweeps find which coefficients are zero and the signs of the
 * others; then the minimum is the solution of a linear system, which is taken at once ({@link solveOnSupport}). The duality gap
 * decides when to stop and which coordinates need no more visits.
 */
import { RandomState } from '../core/random.ts';
import { certify, screen } from './duality-gap.ts';
import type { LeastSquaresForm, Penalty } from './least-squares-form.ts';
import { type Factorize, solveOnSupport } from './solve-on-support.ts';

export interface DescentOptions extends Penalty {
  /** Stop when the duality gap is at most tol · ‖y‖². */
  readonly tol: number;
  /** Most sweeps. */
  readonly maxIter: number;
  /** `random` draws each coordinate, with replacement, instead of going through them in order. */
  readonly selection: 'cyclic' | 'random';
  /** Seed of `random`; null draws entropy. */
  readonly randomState: number | null;
  readonly factorize: Factorize;
  readonly onSweep?: (sweep: number) => void;
}

export interface DescentResult {
  readonly iterations: number;
  readonly gap: number;
  /** tol · ‖y‖² */
  readonly tolerance: number;
  readonly converged: boolean;
}

/** Sweeps between two looks at the gap, unless coefficients stand still before. */
const SWEEPS_PER_CHECK = 10;
/** After the tolerance is met, this many checks may bring the gap to `POLISHED` · ‖y‖². */
const EXTRA_CHECKS = 5;
const POLISHED = 1e-13;
/** Checks without progress (by this share of ‖y‖², or half the gap) after which rounding allows no more. */
const MOST_STALLED = 10;
const STANDSTILL = 1e-15;

/** Leaves the coefficients in `form.w`, from which it also starts. */
export function coordinateDescent(form: LeastSquaresForm, options: DescentOptions): DescentResult {
  const { tol, maxIter, selection, onSweep } = options;
  const tolerance = tol * form.targetSquare;
  const enough = Math.min(tolerance, POLISHED * form.targetSquare);
  const random = new RandomState(options.randomState);
  let measures = form.measure();
  let certificate = certify(form, measures, options);
  let active = Int32Array.from(form.norms.keys()).filter((j) => form.norms[j]! > 0);
  let iterations = 0;
  let extra = 0;
  let lowest = certificate.objective;
  let closest = Number.POSITIVE_INFINITY;
  let stalled = 0;
  const result = (): DescentResult => ({
    ...{ iterations, gap: certificate.gap, tolerance },
    converged: certificate.gap <= tolerance,
  });
  const check = () => {
    measures = form.measure();
    certificate = certify(form, measures, options);
  };

  if (certificate.gap <= enough) return result();
  for (;;) {
    const kept = screen(active, form, measures, certificate, options);
    if (dropOthers(form.w, kept)) check();
    active = kept as Int32Array<ArrayBuffer>;
    for (let sweep = 0; sweep < SWEEPS_PER_CHECK && iterations < maxIter; sweep++) {
      const list = selection === 'cyclic' ? active : drawn(active, random);
      const { change, largest } = form.sweep(list, options);
      iterations++;
      onSweep?.(iterations);
      if (change <= Math.min(tol, 1e-4) * largest) break;
    }
    check();
    if (certificate.gap > enough) {
      const before = Float64Array.from(form.w);
      const { objective } = certificate;
      if (solveOnSupport(form, measures, options)) check();
      // An ill-conditioned system may have led astray.
      if (!(certificate.objective <= objective * (1 + 1e-14))) {
        form.w.set(before);
        check();
      }
    }
    if (certificate.gap <= enough || iterations >= maxIter) return result();
    const progress =
      certificate.objective < lowest - STANDSTILL * form.targetSquare || certificate.gap < 0.5 * closest;
    stalled = progress ? 0 : stalled + 1;
    lowest = Math.min(lowest, certificate.objective);
    closest = Math.min(closest, certificate.gap);
    // The gap has reached the rounding errors of its own sums.
    if (stalled >= MOST_STALLED) return result();
    if (certificate.gap <= tolerance && ++extra > EXTRA_CHECKS) return result();
  }
}

/** Sets the coefficients that `kept` leaves out to zero; whether any was not. */
function dropOthers(w: Float64Array, kept: Int32Array): boolean {
  const stays = new Uint8Array(w.length);
  for (const j of kept) stays[j] = 1;
  let changed = false;
  for (let j = 0; j < w.length; j++) {
    if (stays[j] === 1 || w[j] === 0) continue;
    w[j] = 0;
    changed = true;
  }
  return changed;
}

function drawn(active: Int32Array, random: RandomState): Int32Array {
  return active.map(() => active[random.randint(0, active.length)]!);
}
