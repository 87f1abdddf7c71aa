import type { PictureSet } from '../../data/pictures/picture-set.ts';
import { type Io, printWarning } from '../io.ts';
import { count } from '../layout.ts';

/** Files told one by one; of more only the number. */
const TOLD = 10;

/** Tells what was not read. */
export function reportSkipped({ skipped, count: read }: Pick<PictureSet, 'skipped' | 'count'>, io: Io): void {
  if (skipped.length === 0) return;
  printWarning(io, `${count(skipped.length, 'picture')} of ${skipped.length + read} skipped:`);
  for (const { reason } of skipped.slice(0, TOLD)) printWarning(io, reason);
  if (skipped.length > TOLD) printWarning(io, `and ${skipped.length - TOLD} more`);
}
