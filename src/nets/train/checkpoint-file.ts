import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { FileError } from '../../core/errors.ts';
import { decodeTensors, encodeTensors } from '../../core/safetensors.ts';
import { packTree, unpackTree } from '../../core/state-tree.ts';
import type { TrainingSnapshot } from './open-trainer.ts';

/** How far a training has come. */
export interface Checkpoint {
  readonly snapshot: TrainingSnapshot;
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  readonly scores: readonly number[];
  /** Parameters of the best pass so far by name, when rows are held out. */
  readonly best: Readonly<Record<string, Float32Array>> | null;
}

const KEY = 'heddle.training';

/** @param training Which training it is of: see {@link readCheckpoint}. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint, training: string): Promise<void> {
  const { tensors, json } = packTree(checkpoint);
  await writeFileAtomic(file, encodeTensors(tensors, { [KEY]: JSON.stringify({ training, json }) }));
}

/**
 * The state of a training that was interrupted; undefined when there is no such file.
 * @param training What it must be of.
 * @throws FileError when the file is damaged, or of another training.
 */
export async function readCheckpoint(file: string, training: string): Promise<Checkpoint | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FileError('file/unreadable', `Cannot read the checkpoint '${file}'.`, { file }, error);
  }
  const { tensors, metadata } = decodeTensors(bytes, { file });
  const said = metadata[KEY];
  if (said === undefined)
    throw new FileError('file/unfit-checkpoint', `'${file}' is no checkpoint of a training.`, { file });
  const found = JSON.parse(said);
  if (found.training !== training) {
    throw new FileError(
      'file/other-training',
      `The checkpoint '${file}' is of a training with other rows, layers or options. Remove it, or name another file.`,
      { file },
    );
  }
  return unpackTree({ tensors, json: found.json }, file) as unknown as Checkpoint;
}
