import { readFileSync } from 'node:fs';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';

/** What parity/boosting.py writes. */
interface BoostingFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly peer: string;
    readonly kind: 'regressor' | 'classifier';
    readonly options: Readonly<Record<string, unknown>>;
    readonly seed: number;
    readonly levels: number;
    readonly missing: number;
    readonly predicted: readonly number[];
    /** Of the first 20 rows, the base value last. */
    readonly contributions?: readonly (readonly number[])[];
    readonly text?: string;
  }[];
  /** A model on a table of pandas with a column of texts. */
  readonly pandas: {
    readonly text: string;
    readonly rows: readonly Readonly<Record<string, number | string | null>>[];
    readonly predicted: readonly number[];
  };
}

export const boostingFixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/boosting.json', import.meta.url), 'utf8'),
) as BoostingFixture;

const ROWS = 1500;

/** The data of parity/boosting.py: two columns of whole numbers, two of categories as codes. */
export function drawCategories(seed: number, levels = 24, missing = 0) {
  const random = new RandomState(seed);
  const u = random.randomSample(4 * ROWS);
  const noise = random.randomSample(ROWS);
  const gaps = random.randomSample(ROWS);
  const x = Matrix.zeros(ROWS, 4);
  const y = new Float64Array(ROWS);
  for (let i = 0; i < ROWS; i++) {
    const [a, b] = [Math.floor(40 * u[4 * i]!) + 1, Math.floor(40 * u[4 * i + 1]!) + 1];
    const [c, d] = [
      Math.floor(levels * (u[4 * i + 2]! * Math.sqrt(u[4 * i + 2]!))),
      Math.floor(3 * u[4 * i + 3]!),
    ];
    x.setRow(i, [a, b, gaps[i]! < missing ? Number.NaN : c, d]);
    const effect = ((c * 7) % 11) / 11;
    y[i] = 2 * effect * (a / 40) + (b / 40) ** 2 + 0.5 * (d === 1 ? 1 : 0) + 0.25 * noise[i]!;
  }
  return { x, y, classes: Array.from(y, (value) => (value > 1.2 ? 1 : 0)) };
}
