import { z } from 'zod';
import { option } from '../../core/options.ts';
import { netOptions } from './net-options.ts';

/** The options that `lassoCV` and `elasticNetCV` share. */
export const netCvOptions = {
  alphas: option(
    z.union([z.int().positive(), z.array(z.number().positive()).nonempty().readonly()]).default(100),
    'Strengths to compare: how many, from the one that leaves no coefficient down to eps times that, or the numbers themselves.',
  ),
  eps: option(z.number().positive().lt(1).default(1e-3), 'The weakest strength as a share of the strongest.'),
  cv: option(
    z.int().min(2).default(5),
    'Folds of neighbouring rows; with groups, folds that keep each group whole.',
  ),
  ...netOptions,
};
