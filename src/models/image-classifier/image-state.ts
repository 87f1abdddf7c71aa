import type { PictureFormat, PictureShape } from '../../data/pictures/picture-format.ts';
import type { FittedNetwork } from '../../nets/predict/fitted-network.ts';
import type { Backbone } from './backbone.ts';
import type { Moments } from './picture-data.ts';

/** What a fit leaves. */
export interface ImageState {
  readonly shape: PictureShape;
  /** How files become pictures; null where rows of numbers were learned from. */
  readonly format: PictureFormat | null;
  readonly moments: Moments;
  /** From standardised pictures, or from the features of the backbone, to a score for each class. */
  readonly network: FittedNetwork;
  /** With the moments of its features. */
  readonly backbone: (Backbone & { readonly moments: Moments }) | null;
  /** Added to the scores, so that probabilities refer to the classes as they came: log of their shares by those that were shown. */
  readonly correction: Float64Array;
  readonly lossCurve: Float64Array;
  readonly validationLossCurve: Float64Array;
}
