import { createHash } from 'node:crypto';
import type { TrainingProblem, TrainingRows } from './open-trainer.ts';
import type { StreamedProblem } from './stream-epochs.ts';
import type { TrainOptions } from './train-network.ts';

/**
 * What must be the same for a training to be continued: layers, loss, optimizer, batches, what begins it, and the rows, those held out
 * too; rows of a stream are taken at its word.
 */
export function trainingKey(
  problem: TrainingProblem | StreamedProblem,
  { validation, watch, shuffle }: TrainOptions,
): string {
  const { network, loss, optimizer, batchSize, alpha, shards, drawSeed, parameters } = problem;
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({ network, loss, optimizer, batchSize, alpha, shards, drawSeed, watch, shuffle }),
  );
  const add = (values: ArrayLike<number>) => {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(values)
      ? values
      : Float64Array.from(values);
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  };
  const addRows = ({ x, target, weight }: TrainingRows) => {
    hash.update(JSON.stringify([x.rows, x.columns]));
    for (const values of [x.data, target, ...(weight === undefined ? [] : [weight])]) add(values);
  };
  for (const values of parameters?.values() ?? []) add(values);
  if (!('source' in problem)) addRows(problem);
  else hash.update(JSON.stringify([problem.source.rows, problem.shuffleRows]));
  if (validation !== undefined) addRows(validation);
  return hash.digest('hex');
}
