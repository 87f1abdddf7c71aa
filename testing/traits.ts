import type { Definition } from '../src/define/definition.ts';

/** What the checks must know of a model beside its definition: which data suit it. */
export interface Traits {
  /**
   * What the columns of `x` hold: normal `numbers`, `positive` ones, `categories` as whole numbers 0 … 2, or
   * `text` of three levels. Default `numbers`.
   */
  readonly columns: 'numbers' | 'positive' | 'categories' | 'text' | 'dates';
  /**
   * What `y` holds. Default: `values` for a regressor, `classes` for a classifier, `none` for a transformer or
   * clusterer; a transformer that learns from a target says which.
   */
  readonly target: 'values' | 'positive' | 'classes' | 'none';
  /** The most classes that a classifier takes: samples have no more. Default: any number. */
  readonly mostClasses: number;
  /**
   * Largest relative difference between fits that agree in exact arithmetic, such as weights 2 and doubled rows. Default
   * 1e-8: solvers of rounding-error accuracy lose a few digits to the condition of the data. Iterative models should
   * be given a set of options that converges further rather than a larger tolerance.
   */
  readonly tolerance: number;
  /** Rows of the large sample, which is to cross every block size of the model's kernels. Default 20,000. */
  readonly largeRows: number;
}

export function traitsFor(definition: Definition, given: Partial<Traits>): Traits {
  const targets = {
    regressor: 'values',
    classifier: 'classes',
    clusterer: 'none',
    transformer: 'none',
  } as const;
  return {
    columns: given.columns ?? 'numbers',
    target: given.target ?? targets[definition.kind],
    mostClasses: given.mostClasses ?? Number.POSITIVE_INFINITY,
    tolerance: given.tolerance ?? 1e-8,
    largeRows: given.largeRows ?? 20_000,
  };
}

/** Whether rows can be written as plain numbers, and thus be in a matrix. */
export function areNumbers({ columns }: Traits): boolean {
  return columns !== 'text' && columns !== 'dates';
}

/** Whether the model itself sees nothing but a matrix of numbers. */
export function takesMatrix({ input = 'matrix' }: Definition): boolean {
  return input === 'matrix';
}
