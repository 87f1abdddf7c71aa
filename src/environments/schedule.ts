/** How a quantity such as the exploration goes from its first to its last value. */
export interface Schedule {
  readonly kind: 'constant' | 'linear' | 'exponential';
  readonly initial: number;
  readonly final: number;
  /** Share of the learning after which the last value is reached. */
  readonly fraction: number;
}

/** The value when `progress`, 0 … 1, of the learning is done. */
export function scheduleAt({ kind, initial, final, fraction }: Schedule, progress: number): number {
  if (kind === 'constant') return initial;
  const done = Math.min(1, progress / fraction);
  // initial^(1 − t) final^t falls by the same factor in each equal part of the time.
  return kind === 'linear' ? initial + (final - initial) * done : initial ** (1 - done) * final ** done;
}
