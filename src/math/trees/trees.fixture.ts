import { readFileSync } from 'node:fs';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';

/** What parity/trees.py writes. */
export interface TreesFixture {
  readonly trees: readonly {
    readonly name: string;
    readonly kind: 'regressor' | 'classifier';
    readonly options: Readonly<Record<string, unknown>>;
    readonly seed: number;
    readonly rows: number;
    readonly weighted: boolean;
    readonly missing: number;
    readonly nodes: {
      readonly feature: readonly number[];
      readonly threshold: readonly (number | null)[];
      readonly samples: readonly number[];
      readonly impurity: readonly number[];
      readonly value: readonly (readonly number[])[];
    };
    readonly importances: readonly number[];
    readonly ccpAlphas: readonly number[];
    readonly impurities: readonly number[];
  }[];
  readonly text: string;
  readonly forests: readonly {
    readonly kind: 'regressor' | 'classifier';
    readonly scores: readonly number[];
  }[];
  readonly boosting: readonly {
    readonly name: string;
    readonly peer: string;
    readonly kind: 'regressor' | 'binary' | 'classes';
    readonly options: Readonly<Record<string, unknown>>;
    readonly missing: number;
    readonly rows: number;
    readonly predicted: readonly number[];
  }[];
}

export const treesFixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/trees.json', import.meta.url), 'utf8'),
) as TreesFixture;

export interface Draw {
  readonly rows: number;
  readonly columns?: number;
  /** Whole numbers 1 … steps instead of fractions. */
  readonly steps?: number;
  readonly missing?: number;
}

/** The data of parity/trees.py, by the same draws and the same arithmetic. */
export function draw(seed: number, { rows, columns = 5, steps = 0, missing = 0 }: Draw) {
  const random = new RandomState(seed);
  const data = random.randomSample(rows * columns);
  const noise = random.randomSample(rows);
  const gaps = random.randomSample(rows * columns).map((u) => (u < missing ? 1 : 0));
  const x = Matrix.zeros(rows, columns);
  x.data.set(data.map((u) => (steps > 0 ? Math.floor(u * steps) + 1 : Math.fround(u))));
  const scale = steps || 1;
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c] = [x.at(i, 0) / scale, x.at(i, 1) / scale, x.at(i, 2) / scale];
    return 3 * a * b + c * c + 0.25 * noise[i]!;
  });
  const classes = Array.from(y, (value) => Number(value > 0.6) + Number(value > 1.4));
  for (let i = 0; i < gaps.length; i++) if (gaps[i] === 1) x.data[i] = Number.NaN;
  return { x, y, classes };
}
