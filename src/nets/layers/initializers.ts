import type { RandomState } from '../../core/random.ts';

/**
 * How weights begin. `glorot`: uniform within ±gain √(6 / (fanIn + fanOut)) (X. Glorot and Y. Bengio, AISTATS 2010); `he`: normal with
 * deviation gain √(2 / fanIn) (K. He et al., ICCV 2015). `normal`
 * and `uniform` do not depend on the inputs.
 */
export type Initializer =
  | { readonly kind: 'glorot'; readonly distribution: 'uniform' | 'normal'; readonly gain?: number }
  | { readonly kind: 'he'; readonly distribution: 'uniform' | 'normal'; readonly gain?: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Within ±limit. */
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'constant'; readonly value: number };

export interface Fans {
  /** Inputs of each output. */
  readonly fanIn: number;
  /** Outputs of each input. */
  readonly fanOut: number;
}

export const zeros: Initializer = { kind: 'constant', value: 0 };
export const ones: Initializer = { kind: 'constant', value: 1 };
export const he: Initializer = { kind: 'he', distribution: 'normal' };
/** Of parameters that begin with a constant. */
export const noFans: Fans = { fanIn: 1, fanOut: 1 };

/** Draws in the order of NumPy's generators. */
export function initialize(
  out: Float64Array,
  initializer: Initializer,
  { fanIn, fanOut }: Fans,
  random: RandomState,
): void {
  switch (initializer.kind) {
    case 'constant':
      out.fill(initializer.value);
      return;
    case 'normal':
      random.fillNormal(out, 0, initializer.deviation);
      return;
    case 'uniform':
      random.fillUniform(out, -initializer.limit, initializer.limit);
      return;
    case 'glorot':
    case 'he': {
      const { kind, distribution, gain = 1 } = initializer;
      const deviation = gain * Math.sqrt(kind === 'glorot' ? 2 / (fanIn + fanOut) : 2 / fanIn);
      // A uniform number within ±a has deviation a / √3.
      if (distribution === 'normal') random.fillNormal(out, 0, deviation);
      else random.fillUniform(out, -Math.sqrt(3) * deviation, Math.sqrt(3) * deviation);
      return;
    }
    default:
      initializer satisfies never;
  }
}
