import { z } from 'zod';
import { defineRegressor } from '../define/define-regressor.ts';

let gate: Promise<void> = Promise.resolve();

/** Makes {@link patient} wait until what is returned is called. */
export function hold(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  return resolve;
}

/** A model whose predictions take as long as a test wants. */
export const patient = defineRegressor({
  name: 'patient',
  module: import.meta.url,
  summary: 'A constant that takes its time.',
  use: 'Tests.',
  options: z.strictObject({}),
  fit: () => ({}),
  async predict(_, { rows }) {
    await gate;
    return new Float64Array(rows).fill(7);
  },
});
