import type { RandomState } from '../../core/random.ts';
import { parzen } from './parzen.ts';
import { type Params, type ParamValue, type Spaces, sampleParams } from './search-spaces.ts';

/** What is known of a trial: the lower the loss, the better; NaN is a failure. */
export interface Observation {
  /** A path that is left out says nothing of that option. */
  readonly params: Params;
  readonly loss: number;
  /** Share of the folds that were run, for trials that were given up. Complete ones rank before all others. */
  readonly progress: number;
}

/** Proposals are drawn at random until so many trials are known. */
export const STARTUP_TRIALS = 10;
/** Values drawn from the density of the good trials, of which the best is taken. */
const CANDIDATES = 24;
const MOST_GOOD = 25;

/**
 * The next point by a tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl, "Algorithms for Hyper-Parameter
 * Optimization", 2011): the best tenth of the trials gives a density l(v) of each option's values, the rest g(v); of 24 values
 * drawn from l the one with the largest l(v) / g(v) is taken, which maximises the expected improvement. Options
 * are taken one by one, as if independent.
 * @param observed Oldest first.
 */
export function proposeByTpe(spaces: Spaces, observed: readonly Observation[], random: RandomState): Params {
  if (observed.length < STARTUP_TRIALS) return sampleParams(spaces, random);
  const { good, rest } = divide(observed);
  const params = Object.fromEntries(
    Object.entries(spaces).map(([path, space]): [string, ParamValue] => {
      const better = parzen(space, valuesAt(path, good));
      const worse = parzen(space, valuesAt(path, rest));
      let best: ParamValue = better.sample(random);
      let bestGain = better.logDensity(best) - worse.logDensity(best);
      for (let i = 1; i < CANDIDATES; i++) {
        const value = better.sample(random);
        const gain = better.logDensity(value) - worse.logDensity(value);
        if (gain > bestGain) [best, bestGain] = [value, gain];
      }
      return [path, best];
    }),
  );
  // Where everything is discrete the maximum may have been tried: another point tells more.
  const isKnown = observed.some((trial) =>
    Object.keys(spaces).every((path) => trial.params[path] === params[path]),
  );
  return isKnown ? sampleParams(spaces, random) : params;
}

function valuesAt(path: string, trials: readonly Observation[]): ParamValue[] {
  return trials.map(({ params }) => params[path]).filter((value) => value !== undefined);
}

/** The best trials and the others, both in the order of the trials. */
function divide(observed: readonly Observation[]): { good: Observation[]; rest: Observation[] } {
  const count = Math.min(MOST_GOOD, Math.ceil(0.1 * observed.length));
  const best = new Set(observed.toSorted(compareObservations).slice(0, count));
  return {
    good: observed.filter((trial) => best.has(trial)),
    rest: observed.filter((trial) => !best.has(trial)),
  };
}

/** Complete trials by loss, then given-up ones by how far they came, then failures. */
function compareObservations(a: Observation, b: Observation): number {
  const failed = Number(Number.isNaN(a.loss)) - Number(Number.isNaN(b.loss));
  return failed || b.progress - a.progress || a.loss - b.loss || 0;
}
