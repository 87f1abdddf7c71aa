import { z } from 'zod';

/** A seed as `RandomState` takes it: a whole number of 32 bits. A new schema each time, since `option` keeps its help per schema. */
export const seedSchema = () =>
  z
    .int()
    .min(0)
    .max(2 ** 32 - 1);

/** The option `randomState`: 0 by default, null draws entropy. */
export const randomStateSchema = () => seedSchema().nullable().default(0);
