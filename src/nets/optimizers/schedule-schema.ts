import { z } from 'zod';
import type { Schedule } from './schedule.ts';

/** What a schedule is told beside the rate and the warm-up. */
export type ScheduleShape = { readonly [K in Schedule['kind']]: ShapeOf<K> }[Schedule['kind']];
type ShapeOf<K extends Schedule['kind']> = Omit<Extract<Schedule, { readonly kind: K }>, 'rate' | 'warmup'>;

/** A schema for each number of each kind of schedule; one that is missing does not compile. */
type ScheduleFields = {
  readonly [K in Schedule['kind']]: {
    readonly [P in Exclude<keyof Required<ShapeOf<K>>, 'kind'>]: z.ZodType;
  };
};

const steps = z.int().positive();
const rate = z.number().nonnegative();
const factor = z.number().positive();

const scheduleFields: ScheduleFields = {
  constant: {},
  exponential: { decay: factor, every: steps, staircase: z.boolean().optional() },
  cosine: { steps, end: rate.optional() },
  linear: { steps, end: rate },
  multiStep: { milestones: z.array(steps).min(1), decay: factor },
  polynomial: { steps, power: factor, end: rate.optional() },
  cosineRestarts: { steps, longer: z.number().min(1).optional(), end: rate.optional() },
  oneCycle: {
    // Fewer have no place for both a rise and a fall.
    ...{ steps: z.int().min(3), rise: z.number().gt(0).lt(1).optional() },
    ...{ startFactor: factor.optional(), endFactor: factor.optional() },
  },
  inverseScaling: { power: factor },
};

/** A schedule as it is read from JSON: its kind and the numbers of that kind, no others. */
export const scheduleSchema = z.discriminatedUnion(
  'kind',
  Object.entries(scheduleFields).map(([kind, fields]) =>
    z.strictObject({ kind: z.literal(kind), ...fields }),
  ) as never,
) as unknown as z.ZodType<ScheduleShape, ScheduleShape>;
