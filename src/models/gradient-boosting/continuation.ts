import { DataError } from '../../core/errors.ts';
import type { BoostingState } from './boosting-attributes.ts';

/** @throws DataError when the model to continue from saw other columns. */
export function requireSameColumns(from: BoostingState | undefined, columns: number): void {
  if (from === undefined || from.columns === columns) return;
  throw new DataError(
    'data/other-shape',
    `The model to continue from was fitted on ${from.columns} columns; these data have ${columns}.`,
  );
}

/** @throws DataError when the model to continue from told other classes apart. */
export function requireSameOutputs(from: BoostingState | undefined, outputs: number): void {
  if (from === undefined || from.baseline.length === outputs) return;
  throw new DataError(
    'data/other-shape',
    `The model to continue from has ${from.baseline.length} scores a row; these data need ${outputs}, since y has other classes.`,
  );
}
