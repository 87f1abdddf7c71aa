import { OptionError } from '../../core/errors.ts';
import type { OnnxFile } from '../../tensor/onnx/read-onnx.ts';
import { rowSize } from '../../tensor/onnx/table-feeds.ts';
import { fileClasses, labelPort } from './ports.ts';

export type ImportedKind = 'regressor' | 'classifier' | 'transformer';

/**
 * What a file holds, by heddle's metadata, else: labels or several probabilities named so make a classifier, one number a row a regressor, more a transformer.
 * @throws OptionError where that does not tell.
 */
export function kindOfFile(file: OnnxFile, path: string): ImportedKind {
  const said = file.metadata['heddle.kind'];
  if (said === 'regressor' || said === 'classifier' || said === 'transformer') return said;
  if (said === 'clusterer') return 'transformer';
  const floats = file.outputs.filter(({ element }) => element === 'float32' || element === 'float64');
  if (labelPort(file) !== undefined && (fileClasses(file) !== undefined || file.outputs.length > 1))
    return 'classifier';
  if (floats.some(({ name }) => name === 'probabilities')) return 'classifier';
  const [only] = floats;
  if (floats.length === 1 && only!.shape !== undefined)
    return rowSize(only!) === 1 ? 'regressor' : 'transformer';
  throw new OptionError(
    'option/required',
    `'${path}' does not say what it is. Say so with kind: 'regressor', 'classifier' or 'transformer'.`,
    { option: 'kind' },
  );
}
