import { reshape } from '../../tensor/functions.ts';
import { type Shape, sizeOf } from '../../tensor/tensor.ts';
import { type LayerRules, noParameters } from './layer-rule.ts';

export interface ShapeLayerKinds {
  /** Any shape → [numbers]. */
  readonly flatten: Readonly<Record<never, never>>;
  /** Any shape → `shape`, of as many numbers. */
  readonly reshape: { readonly shape: Shape };
}

export const shapeLayers: LayerRules<ShapeLayerKinds> = {
  flatten: {
    parameters: noParameters,
    build: (_, x) => reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]),
  },
  reshape: { parameters: noParameters, build: ({ shape }, x) => reshape(x, [x.shape[0]!, ...shape]) },
};
