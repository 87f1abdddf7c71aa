import { z } from 'zod';
import { OptionError } from '../core/errors.ts';
import { integers, option } from '../core/options.ts';
import type { Category } from './category.ts';

/** Options that the encoders of categories share. */
export const encoderOptions = {
  categories: option(
    z
      .union([z.literal('auto'), z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))])
      .default('auto'),
    "The categories: 'auto' takes those of the training rows, in order; or one list a column, a missing value (null) last.",
  ),
  minFrequency: option(
    z.union([z.int().min(1), z.number().gt(0).lt(1)]).optional(),
    'Categories in fewer rows (below 1: in a smaller share of the rows) are taken together.',
    integers(1, 20),
  ),
  maxCategories: option(
    z.int().min(1).optional(),
    'Most categories of a column; the rarest are taken together.',
    integers(5, 100, true),
  ),
};

/** The list given for each of `columns`, undefined for `auto`. @throws OptionError when their numbers differ */
export function givenCategories(
  categories: 'auto' | readonly (readonly Category[])[],
  columns: number,
  model: string,
): readonly (readonly Category[] | undefined)[] {
  if (categories === 'auto') return new Array<undefined>(columns).fill(undefined);
  if (categories.length === columns) return categories;
  throw new OptionError(
    'option/invalid',
    `${model}: option 'categories' holds ${categories.length} lists, but x has ${columns} columns. Give one list a column.`,
    { option: 'categories', lists: categories.length, columns },
  );
}
