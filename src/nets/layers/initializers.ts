import type { RandomState } from '../../core/random.ts';

/**
 * How weights begin. `glorot`: uniform within ±gain √(6 / (fanIn + fanOut)) (X. Glorot and Y. Bengio, AISTATS 2010); `he`: normal with
 * deviation gain √(2 / fanIn) (K. He et al., ICCV 2015).
 */
export type Initializer =
  | { readonly kind: 'glorot'; readonly distribution: 'uniform' | 'normal'; readonly gain?: number }
  | { readonly kind: 'he'; readonly distribution: 'uniform' | 'normal'; readonly gain?: number }
  | { readonly kind: 'constant'; readonly value: number };

export interface Fans {
  /** Inputs of each output. */
  readonly fanIn: number;
  /** Outputs of each input. */
  readonly fanOut: number;
}

/** Draws as float64 numbers, so that generators advance as NumPy's do, whatever the type of `out`. */
export function initialize(
  out: Float32Array | Float64Array,
  initializer: Initializer,
  fans: Fans,
  random: RandomState,
): void {
  if (initializer.kind === 'constant') {
    out.fill(initializer.value);
    return;
  }
  const { fanIn, fanOut } = fans;
  const { kind, distribution, gain = 1 } = initializer;
  const deviation = gain * Math.sqrt(kind === 'glorot' ? 2 / (fanIn + fanOut) : 2 / fanIn);
  const draws = new Float64Array(out.length);
  // A uniform number within ±a has deviation a / √3.
  if (distribution === 'normal') random.fillNormal(draws, 0, deviation);
  else random.fillUniform(draws, -Math.sqrt(3) * deviation, Math.sqrt(3) * deviation);
  out.set(draws);
}
