import { z } from 'zod';

/** The option `classWeight`, for `applyClassWeight`. A new schema each time, since `option` keeps its help per schema. */
export const classWeightSchema = () =>
  z
    .union([z.literal('balanced'), z.record(z.string(), z.number().nonnegative())])
    .nullable()
    .default(null);
