import { OptionError } from '../../core/errors.ts';
import type { Split } from '../../data/split/splitter.ts';

/** @throws OptionError unless every row is in exactly one test part. */
export function requirePartition(splits: readonly Split[], rows: number): void {
  const count = new Int32Array(rows);
  for (const { test } of splits) for (const row of test) count[row]++;
  const row = count.findIndex((times) => times !== 1);
  if (row < 0) return;
  throw new OptionError(
    'option/invalid',
    `cv must hold every row in exactly one test part, but row ${row} is in ${count[row]}. Take e.g. kFold().`,
    { option: 'cv', row },
  );
}
