import type { LayerRules } from '../layer-rule.ts';
import { type AttentionOptions, attention } from './attention.ts';
import { type EmbeddingOptions, embedding } from './embedding.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import { type PoolTimeOptions, poolTime } from './pool-time.ts';
import { type PositionOptions, position } from './position.ts';
import type { RecurrentOptions } from './recurrent.ts';
import { type TransformerBlockOptions, transformerBlock } from './transformer-block.ts';

/** Layers of sequences. An example is [time], or [time, features]. */
export interface SequenceLayerKinds {
  readonly embedding: EmbeddingOptions;
  readonly position: PositionOptions;
  readonly lstm: RecurrentOptions;
  readonly gru: RecurrentOptions;
  readonly attention: AttentionOptions;
  readonly transformerBlock: TransformerBlockOptions;
  readonly poolTime: PoolTimeOptions;
}

export const sequenceLayers: LayerRules<SequenceLayerKinds> = {
  embedding,
  position,
  lstm,
  gru,
  attention,
  transformerBlock,
  poolTime,
};
