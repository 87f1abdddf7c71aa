import { stat } from 'node:fs/promises';
import type { Frame } from '../../core/frame.ts';
import type { TrainedModel } from '../../monitor/trained-model.ts';
import { fingerprintTable } from '../../select/fingerprint-table.ts';
import type { Io } from '../io.ts';
import { readTable } from '../read-table.ts';

/** Larger files are not read without being asked to. */
const MOST_BYTES = 512 * 2 ** 20;
const silent = {
  missing: undefined,
  delimiter: undefined,
  decimal: undefined,
  thousands: undefined,
  encoding: undefined,
};

/**
 * The table that the model was trained on, where its file is still what it was (by its fingerprint): multivariate drift needs rows.
 * undefined when it is gone, changed, large or was no file.
 */
export async function trainingRows({ table }: TrainedModel, io: Io): Promise<Frame | undefined> {
  const data = table?.data;
  if (data?.source == null) return undefined;
  const found = await stat(data.source).catch(() => undefined);
  if (found?.isFile() !== true || found.size > MOST_BYTES) return undefined;
  try {
    const quiet: Io = { ...io, stderr: { write: () => true } };
    const rows = await readTable(data.source, silent, { io: quiet });
    return (await fingerprintTable(rows)) === data.fingerprint ? rows : undefined;
  } catch (error) {
    if (io.signal?.aborted) throw error;
    return undefined;
  }
}
