import { rateAt, type Schedule } from './schedule.ts';

/** Steps of an optimizer from a gradient to an update, each of which gets what the one before gives. Plain data. */
export interface TransformKinds {
  /** Scales so that the norm of all gradients together is at most `norm`. */
  readonly clipByGlobalNorm: { readonly norm: number };
  /** Each number to within ±value. */
  readonly clipByValue: { readonly value: number };
  /** g + decay · w for weights: the gradient of an L2 penalty. */
  readonly addDecay: { readonly decay: number };
  /** v ← momentum v + g gives v, or g + momentum v (Y. Nesterov's, in the form of I. Sutskever et al., ICML 2013). */
  readonly trace: { readonly momentum: number; readonly nesterov: boolean };
  /**
   * Adam (D. P. Kingma and J. Ba, arXiv:1412.6980). ε is added to the corrected root, as in its algorithm 1, or `before` the correction, as
   * in the variant at the end of its section 2.
   */
  readonly scaleByAdam: {
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly epsilonAt?: 'corrected' | 'before';
  };
  /** s ← ρ s + (1 − ρ) g² gives g / (√s + ε) (G. Hinton, lecture 6e). */
  readonly scaleByRms: { readonly rho: number; readonly epsilon: number };
  /** u + decay · w for weights, apart from the gradient (I. Loshchilov and F. Hutter, arXiv:1711.05101). */
  readonly addDecoupledDecay: { readonly decay: number };
  /** Times the learning rate. */
  readonly scaleByRate: { readonly schedule: Schedule };
}

export type TransformKind = keyof TransformKinds;
export type Transform = {
  readonly [K in TransformKind]: { readonly kind: K } & TransformKinds[K];
}[TransformKind];

/** What keeps gradients of norm 0 from being divided by it, as in PyTorch. */
export const NORM_EPSILON = 1e-6;

/** The update is subtracted from the weights. */
export type Optimizer = readonly Transform[];

/** One parameter, or one gradient or update. */
export interface Values {
  readonly values: Float64Array;
  readonly decays: boolean;
}

type Moments = readonly Float64Array[];

interface TransformRule<K extends TransformKind> {
  /** Arrays of zeros that it keeps for each parameter. */
  readonly moments: number;
  /** Writes the update over the gradient. @param step From 0. */
  readonly apply: (
    transform: TransformKinds[K],
    gradient: Float64Array,
    weights: Values,
    moments: Moments,
    step: number,
  ) => void;
}

function each(out: Float64Array, value: (i: number) => number): void {
  for (let i = 0; i < out.length; i++) out[i] = value(i);
}

/** Each by itself on one parameter; the norm over all is the business of {@link applyPlainly}. */
export const transformRules: { readonly [K in TransformKind]: TransformRule<K> } = {
  clipByGlobalNorm: { moments: 0, apply: () => {} },
  clipByValue: {
    moments: 0,
    apply: ({ value }, g) => each(g, (i) => Math.min(value, Math.max(-value, g[i]!))),
  },
  addDecay: {
    moments: 0,
    apply: ({ decay }, g, w) => w.decays && each(g, (i) => g[i]! + decay * w.values[i]!),
  },
  trace: {
    moments: 1,
    apply({ momentum, nesterov }, g, _, [v]) {
      each(v!, (i) => momentum * v![i]! + g[i]!);
      each(g, (i) => (nesterov ? g[i]! + momentum * v![i]! : v![i]!));
    },
  },
  scaleByAdam: {
    moments: 2,
    apply({ beta1, beta2, epsilon, epsilonAt = 'corrected' }, g, _, [m, v], step) {
      const [c1, c2] = [1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)];
      each(m!, (i) => beta1 * m![i]! + (1 - beta1) * g[i]!);
      each(v!, (i) => beta2 * v![i]! + (1 - beta2) * g[i]! ** 2);
      each(g, (i) =>
        epsilonAt === 'corrected'
          ? m![i]! / c1 / (Math.sqrt(v![i]! / c2) + epsilon)
          : ((Math.sqrt(c2) / c1) * m![i]!) / (Math.sqrt(v![i]!) + epsilon),
      );
    },
  },
  scaleByRms: {
    moments: 1,
    apply({ rho, epsilon }, g, _, [s]) {
      each(s!, (i) => rho * s![i]! + (1 - rho) * g[i]! ** 2);
      each(g, (i) => g[i]! / (Math.sqrt(s![i]!) + epsilon));
    },
  },
  addDecoupledDecay: {
    moments: 0,
    apply: ({ decay }, g, w) => w.decays && each(g, (i) => g[i]! + decay * w.values[i]!),
  },
  scaleByRate: {
    moments: 0,
    apply({ schedule }, g, _w, _m, step) {
      const rate = rateAt(schedule, step);
      each(g, (i) => rate * g[i]!);
    },
  },
};

/** Moments of each transform for each parameter, zeros. */
export function plainMoments(optimizer: Optimizer, sizes: readonly number[]): Float64Array[][][] {
  return optimizer.map(({ kind }) =>
    sizes.map((size) => Array.from({ length: transformRules[kind].moments }, () => new Float64Array(size))),
  );
}

/** One step in float64, whatever the order of the transforms: what the kernels are compared with. */
export function applyPlainly(
  optimizer: Optimizer,
  weights: readonly Values[],
  gradients: readonly Float64Array[],
  moments: readonly (readonly Moments[])[],
  step: number,
): void {
  const updates = gradients.map((gradient) => gradient.slice());
  for (const [place, transform] of optimizer.entries()) {
    if (transform.kind === 'clipByGlobalNorm') {
      const norm = Math.hypot(...updates.map((update) => Math.hypot(...update)));
      const factor = Math.min(1, transform.norm / (norm + NORM_EPSILON));
      for (const update of updates) each(update, (i) => factor * update[i]!);
    }
    const rule = transformRules[transform.kind] as TransformRule<TransformKind>;
    for (const [i, update] of updates.entries())
      rule.apply(transform as never, update, weights[i]!, moments[place]![i]!, step);
  }
  for (const [i, { values }] of weights.entries()) each(values, (j) => values[j]! - updates[i]![j]!);
}
