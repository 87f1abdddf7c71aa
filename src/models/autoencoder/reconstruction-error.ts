import type { Matrix } from '../../core/matrix.ts';
import { type TableLike, toMatrix, toSharedTable } from '../../core/table.ts';
import type { FittedTransformer } from '../../define/define-transformer.ts';
import { alignTable } from '../../define/schema.ts';
import type { AutoencoderAttributes, AutoencoderState } from './autoencoder.ts';

/**
 * How much of each row a fitted autoencoder loses: the mean squared error between its columns and what is decoded from its code, in the
 * units in which the columns were standardised. Large for rows unlike those of training, so it serves as an anomaly score; compare it with
 * the model's `errorQuantiles`.
 *
 *     const model = await autoencoder({ nComponents: 8 }).fit(normal);
 *     const isAnomaly = (await reconstructionError(model, rows)).map((error) => error > model.errorQuantiles.q99);
 *
 * @throws DataError naming a column that is missing or unfit.
 */
export async function reconstructionError(
  model: FittedTransformer<AutoencoderAttributes>,
  x: TableLike,
): Promise<Float64Array> {
  const restored = (await model.inverseTransform(await model.transform(x))) as Matrix;
  const { data, rows, columns } = toMatrix(alignTable(await toSharedTable(x), model.schema));
  const { scale } = model.state as AutoencoderState;
  const errors = new Float64Array(rows);
  for (let i = 0; i < data.length; i++)
    errors[Math.floor(i / columns)]! += ((data[i]! - restored.data[i]!) / scale[i % columns]!) ** 2 / columns;
  return errors;
}
