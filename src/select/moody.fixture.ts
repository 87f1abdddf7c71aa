import { z } from 'zod';
import { choices, integers, logUniform, option, uniform } from '../core/options.ts';
import { defineRegressor } from '../define/define-regressor.ts';

/** A regressor for tests of searches: its prediction is a known function of its options, and it fails when told to. */
export const moody = defineRegressor({
  name: 'moody',
  module: import.meta.url,
  summary: 'Predicts a function of its options.',
  use: 'Tests.',
  options: z.strictObject({
    level: option(z.number().default(0), 'What is predicted.', uniform(-5, 5)),
    scale: option(z.number().positive().default(1), 'Added as a logarithm.', logUniform(1e-3, 1e3)),
    steps: option(z.int().positive().default(1), 'Added as it is.', integers(1, 9)),
    bonus: option(z.enum(['none', 'some']).nullable().default(null), 'Adds.', choices('none', 'some', null)),
    refuseFirst: option(z.number().optional(), 'Fails when the first training row has this number first.'),
    refuseLevel: option(z.number().default(99), 'Fails for a level above this.'),
    milliseconds: option(z.number().default(0), 'How long a fit takes.'),
  }),
  check({ steps, bonus }) {
    if (steps === 9 && bonus === 'some') throw new RangeError('nine steps take no bonus');
  },
  fit({ level, scale, steps, bonus, refuseFirst, refuseLevel, milliseconds }, { x, groups }, job) {
    const until = performance.now() + milliseconds;
    while (performance.now() < until) job.checkpoint();
    if (x.data[0] === refuseFirst) throw new RangeError(`row 0 holds ${refuseFirst}`);
    if (level > refuseLevel) throw new RangeError(`level ${level} is too high`);
    const value = level + Math.abs(Math.log10(scale)) + Math.abs(steps - 4) + (bonus === 'some' ? 0 : 1);
    return { value, groups: groups === undefined ? [] : Array.from(groups) };
  },
  predict: ({ value }, x) => new Float64Array(x.rows).fill(value),
  attributes: ({ value, groups }) => ({ value, groups }),
});
