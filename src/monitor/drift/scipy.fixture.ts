import { readFileSync } from 'node:fs';
import { RandomState } from '../../core/random.ts';

/** Reference answers of parity/drift.py. */
export const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/drift.json', import.meta.url), 'utf8'),
);

/** The two windows and the weights of a case, made as parity/drift.py makes them. */
export function makeWindows([seed, n, m, shift, scale, decimals]: number[]) {
  const random = new RandomState(seed);
  const round = (value: number) => roundHalfEven(value * 10 ** decimals) / 10 ** decimals;
  const draw = (size: number) => Float64Array.from(random.randint(0, 1e9, size), (v) => v / 1e8);
  const reference = draw(n).map(round);
  const current = draw(m).map((v) => round(shift + scale * v));
  const weigh = (size: number) =>
    Float64Array.from(random.randint(0, 5, size), (w, i) => w + (i === 0 ? 1 : 0));
  return { reference, current, referenceWeight: weigh(n), currentWeight: weigh(m) };
}

/** NumPy rounds halves to even. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
