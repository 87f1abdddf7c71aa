import { containerLayers, type Parallel, type Residual } from './container-layers.ts';
import { type ConvolutionLayerKinds, convolutionLayers } from './convolution/convolution-layers.ts';
import { type PoolingLayerKinds, poolingLayers } from './convolution/pooling-layers.ts';
import { type DenseLayerKinds, denseLayers } from './dense-layers.ts';
import { type Graph, graphLayer } from './graph/graph-layer.ts';
import type { LayerRules } from './layer-rule.ts';
import { type NoiseLayerKinds, noiseLayers } from './noise-layers.ts';
import { type NormalisationLayerKinds, normalisationLayers } from './normalisation/normalisation-layers.ts';
import { type SequenceLayerKinds, sequenceLayers } from './sequence/sequence-layers.ts';
import { type ShapeLayerKinds, shapeLayers } from './shape-layers.ts';

interface ResidualOptions extends Residual<Layer> {}
interface ParallelOptions extends Parallel<Layer> {}
interface GraphOptions extends Graph<Layer> {}

/** Options of each kind of layer. Shapes are those of one example. */
export interface LayerKinds
  extends DenseLayerKinds,
    ShapeLayerKinds,
    NoiseLayerKinds,
    ConvolutionLayerKinds,
    PoolingLayerKinds,
    NormalisationLayerKinds,
    SequenceLayerKinds {
  readonly residual: ResidualOptions;
  readonly parallel: ParallelOptions;
  readonly graph: GraphOptions;
}

export type LayerKind = keyof LayerKinds;
/** A layer as plain data. */
export type Layer = { readonly [K in LayerKind]: { readonly kind: K } & LayerKinds[K] }[LayerKind];

/** Every kind of layer; one that is missing does not compile. */
export const layerRules: LayerRules<LayerKinds> = {
  ...denseLayers,
  ...shapeLayers,
  ...noiseLayers,
  ...convolutionLayers,
  ...poolingLayers,
  ...normalisationLayers,
  ...sequenceLayers,
  ...containerLayers,
  graph: graphLayer,
};
