import type { Op } from '../tensor.ts';
import { convolutionOps } from './convolutions.ts';
import { elementwiseOps } from './elementwise.ts';
import { leafOps } from './leaves.ts';
import { normalisationOps } from './normalisations.ts';
import type { OpRule } from './op-rule.ts';
import { placeOps } from './places.ts';
import { productOps } from './products.ts';
import { reductionOps } from './reductions.ts';
import { shapeOps } from './shapes.ts';
import { tableOps } from './tables.ts';

/** Every operation; one that is missing does not compile. */
export const opRules: { readonly [O in Op]: OpRule<O> } = {
  ...leafOps,
  ...elementwiseOps,
  ...productOps,
  ...shapeOps,
  ...reductionOps,
  ...normalisationOps,
  ...tableOps,
  ...convolutionOps,
  ...placeOps,
};
