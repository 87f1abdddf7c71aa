import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { KernelFunction } from './kernel-function.ts';
import type { PlacedGram } from './smo-problem.ts';
import { callUserKernel, type UserKernel } from './user-kernel.ts';

/** Values asked for at a time. */
const VALUES_AT_A_TIME = 1 << 22;

const precomputed: KernelFunction = { name: 'precomputed', gamma: 0, degree: 0, coef0: 0 };

/**
 * All kernel values of the training rows with each other in the arena: from a table that holds them, or from a
 * function.
 */
export async function placeGram(
  { team, checkpoint }: Workers,
  model: string,
  x: Matrix,
  user: UserKernel | undefined,
): Promise<PlacedGram> {
  const { arena } = team;
  const size = x.rows;
  if (user === undefined) requireSquare(model, x);
  const gram = arena.f32(size * size);
  if (user === undefined) arena.viewF32(gram, size * size).set(x.data);
  const step = Math.max(1, Math.floor(VALUES_AT_A_TIME / size));
  for (let from = 0; user !== undefined && from < size; from += step) {
    const part = Array.from({ length: Math.min(step, size - from) }, (_, i) => from + i);
    const values = await callUserKernel(user, x.take(part), x);
    arena.viewF32(gram, size * size).set(values, from * size);
    checkpoint();
  }
  return { kernel: precomputed, gram, size };
}

/** @throws DataError when a table of precomputed kernel values is not square. */
function requireSquare(model: string, { rows, columns }: Matrix): void {
  if (rows === columns) return;
  throw new DataError(
    'data/not-square',
    `${model}: with a precomputed kernel x holds the kernel values of all training rows with each other, so it has as many columns as rows; this one is ${rows} × ${columns}.`,
    { rows, columns },
  );
}
