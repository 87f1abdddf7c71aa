import type { Label } from '../../core/labels.ts';
import type { OnnxState } from './onnx-state.ts';

export interface OnnxClassifierState extends OnnxState {
  /** The output with the class of each row; without one the most likely class is taken. */
  readonly label: string | null;
  /** The output with probabilities. */
  readonly probabilities: string | null;
  /** Numbers a row of that output: one for each class, or for two classes that of the second of the file. */
  readonly width: number;
  /** The classes in the order of the fitted model. */
  readonly classes: readonly Label[];
  /** Place of each among the file's own. */
  readonly places: Int32Array;
}
