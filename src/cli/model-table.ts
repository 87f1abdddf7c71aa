import { HeddleError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import type { FlagValues } from './flags.ts';
import { type ColumnKinds, type readFlags, readTable, type TableReading } from './read-table.ts';

/**
 * Reads a table for a model: columns have the kinds they had in training, whatever this file happens to hold in them. A table that
 * lacks some of the columns is read as it is, for the model to name them all.
 */
export async function readModelTable(
  data: string,
  flags: FlagValues<typeof readFlags>,
  kinds: ColumnKinds,
  reading: Omit<TableReading, 'kinds'>,
): Promise<Frame> {
  try {
    return await readTable(data, flags, { ...reading, kinds });
  } catch (error) {
    // A stream is spent by the first reading.
    const mayReadAgain = data !== '-' && error instanceof HeddleError && error.code === 'data/missing-column';
    if (!mayReadAgain) throw error;
    return readTable(data, flags, reading);
  }
}
