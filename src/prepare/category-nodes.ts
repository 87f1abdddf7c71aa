import type { OnnxBuilder, OnnxColumn, OnnxUnsupported, OnnxValue } from '../define/onnx.ts';
import type { LearnedCategories } from './learned-categories.ts';

/**
 * A number for each category of a column, float64 [rows, 1], as `placesOf` finds them.
 * @param numbers One for each category, the missing one last where there is one.
 * @param unknown The number of all else.
 */
export function categoryNodes(
  graph: OnnxBuilder,
  { value }: OnnxColumn,
  { name, kind, levels, hasMissing }: LearnedCategories,
  numbers: Float64Array,
  unknown: number,
): OnnxValue | OnnxUnsupported {
  if (kind === 'string' && (levels as readonly string[]).includes(''))
    return {
      unsupported: `an empty text is a category of column '${name}', but stands for a missing one there`,
    };
  const keys =
    kind === 'string'
      ? [...(levels as readonly string[]), ...(hasMissing ? [''] : [])]
      : Float64Array.from([
          ...Array.from(levels as ArrayLike<unknown>, Number),
          ...(hasMissing ? [Number.NaN] : []),
        ]);
  // The operator needs a key.
  if (keys.length === 0) return graph.node('Mul', [value, graph.scalar(Number.NaN)]);
  return graph.node('ai.onnx.ml.LabelEncoder', [value], {
    keys_tensor: { tensor: keys },
    values_tensor: { tensor: numbers },
    default_tensor: { tensor: Float64Array.of(unknown) },
  });
}
