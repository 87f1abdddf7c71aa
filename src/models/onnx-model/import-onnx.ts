import { parseOptions } from '../../core/options.ts';
import type { FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import type { FittedTransformer } from '../../define/define-transformer.ts';
import { runJob } from '../../jobs/pool.ts';
import { type ImportOnnxOptions, importOnnxOptions } from './import-onnx-options.ts';
import type { ImportedParts, ImportPayload } from './import-task.ts';
import { onnxClassifier } from './onnx-classifier.ts';
import { onnxRegressor } from './onnx-regressor.ts';
import { toShared } from './onnx-state.ts';
import { onnxTransformer } from './onnx-transformer.ts';

export type { ImportOnnxOptions };

export type ImportedOnnx =
  | FittedRegressor<object>
  | FittedClassifier
  | FittedTransformer<{ readonly featureNamesOut: readonly string[] }>;

/**
 * An ONNX model, e.g. of PyTorch or scikit-learn, as a fitted model of heddle, run by ONNX Runtime: it predicts, saves and serves like any
 * other. Its columns are the inputs by their names when there are several, else the numbers of a row of the only input, in whatever
 * shape that has. Nothing in the file is run but operators of ONNX Runtime.
 *
 *     const model = await importOnnx('churn.onnx', { kind: 'classifier', classes: ['no', 'yes'] });
 *     await model.predict([{ age: 31, plan: 'basic' }]);
 *
 * For a frozen step of a pipeline use `onnxTransformer({ file })`.
 * @param file Its path, or its bytes.
 * @throws FileError for what is no ONNX model or one that cannot be this; OptionError for what must be said; DependencyError
 *   when `onnxruntime-node` is not installed.
 */
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions & { readonly kind: 'regressor' },
): Promise<FittedRegressor<object>>;
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions & { readonly kind: 'classifier' },
): Promise<FittedClassifier>;
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions & { readonly kind: 'transformer' },
): Promise<FittedTransformer<{ readonly featureNamesOut: readonly string[] }>>;
export async function importOnnx(
  file: string | Uint8Array,
  options?: ImportOnnxOptions,
): Promise<ImportedOnnx>;
export async function importOnnx(
  file: string | Uint8Array,
  options: ImportOnnxOptions = {},
): Promise<ImportedOnnx> {
  const { signal, ...rest } = options;
  const given = parseOptions(importOnnxOptions, rest, 'importOnnx');
  const parts = await runJob<ImportPayload, ImportedParts>({
    signal,
    module: new URL(`./import-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href,
    name: 'importTask' satisfies keyof typeof import('./import-task.ts'),
    payload:
      typeof file === 'string'
        ? { path: file, bytes: undefined, options: given }
        : { path: 'model.onnx', bytes: toShared(file), options: given },
  });
  const { kind, options: own, schema, target, state } = parts;
  const fitted = { schema, target, state, summary: { rows: 0, seconds: 0, warnings: [] } };
  if (kind === 'classifier') return onnxClassifier.from(own).restore(fitted);
  if (kind === 'regressor') return onnxRegressor.from(own).restore(fitted);
  return onnxTransformer.from(own).restore(fitted);
}
