import { OptionError } from '../../../core/errors.ts';
import { add, multiply, reshape, standardize } from '../../../tensor/functions.ts';
import { sizeOf } from '../../../tensor/tensor.ts';
import { noFans, ones, zeros } from '../initializers.ts';
import type { LayerRule } from '../layer-rule.ts';
import { perChannel } from './batch-norm.ts';

export interface GroupNormOptions {
  /** Into how many groups the channels are divided. */
  readonly groups: number;
  /** Added to variances. Default 1e-5. */
  readonly epsilon?: number;
}

export const groupNorm: LayerRule<GroupNormOptions> = {
  parameters({ groups }, input) {
    const [channels] = input as [number];
    if (channels % groups !== 0)
      throw new OptionError(
        'tensor/shape',
        `groupNorm cannot divide ${channels} channels into ${groups} groups.`,
        { kind: 'groupNorm' },
      );
    const shape = perChannel(input);
    return [
      { name: 'scale', shape, initializer: ones, fans: noFans, decays: false },
      { name: 'shift', shape, initializer: zeros, fans: noFans, decays: false },
    ];
  },
  build({ groups, epsilon = 1e-5 }, x, { parameters: [scale, shift] }) {
    const rows = x.shape[0]! * groups;
    const standard = standardize(reshape(x, [rows, sizeOf(x.shape) / rows]), epsilon);
    return add(multiply(reshape(standard, x.shape), scale!), shift!);
  },
};
