import { OptionError } from '../../../core/errors.ts';
import type { Windows } from '../../../tensor/tensor.ts';

/** A number for every dimension of a picture, or one for each: [height, width]. */
export type PerDimension = number | readonly number[];

export interface WindowOptions {
  readonly kernel: PerDimension;
  /** Default 1. */
  readonly stride?: PerDimension | undefined;
  /** Default 1. */
  readonly dilation?: PerDimension | undefined;
  /** Zeros on every side; `same`: as many as keep the size when the stride is 1. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | PerDimension | undefined;
}

/** @param rank Dimensions of a picture. @throws OptionError `layer/dimensions` for lists of another length. */
export function windowsOf(
  kind: string,
  rank: number,
  { kernel, stride = 1, dilation = 1, padding = 'valid' }: WindowOptions,
): Windows {
  const each = (name: string, given: PerDimension): readonly number[] => {
    if (typeof given === 'number') return new Array<number>(rank).fill(given);
    if (given.length === rank) return given;
    throw new OptionError(
      'tensor/shape',
      `${kind} needs ${rank} numbers as ${name}, one for each dimension of a picture, or one for all, not ${given.length}.`,
      { kind },
    );
  };
  const sizes = each('size', kernel);
  const dilations = each('dilation', dilation);
  const around = sizes.map((size, axis) => {
    if (padding === 'valid') return [0, 0] as const;
    if (padding !== 'same') {
      const own = each('padding', padding)[axis]!;
      return [own, own] as const;
    }
    const total = dilations[axis]! * (size - 1);
    return [total >> 1, total - (total >> 1)] as const;
  });
  return {
    ...{ kernel: sizes, strides: each('stride', stride), dilations },
    ...{ before: around.map(([before]) => before), after: around.map(([, after]) => after) },
  };
}
