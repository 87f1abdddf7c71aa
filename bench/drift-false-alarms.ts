/**
 * How often `featureDrift` alarms when nothing drifts: pairs of windows from one table of 14 columns (five categories of 3 to 100
 * levels, even and uneven; numbers with light and heavy tails, with ties and with missing values; booleans; identifiers), for every
 * statistic and four sizes.
 *
 * node bench/drift-false-alarms.ts [most rows, default 1000000] [seconds per line, default 20]
 *
 * Each line says the share of windows in which any column alarms (at most 5% is asked for), and the share in which any effect
 * passes its null quantile, thresholds aside: what chance alone would raise.
 */
import { RandomState } from '../src/core/random.ts';
import type { FeatureDriftOptions } from '../src/monitor/drift/drift-options.ts';
import { featureDrift } from '../src/monitor/drift/feature-drift.ts';
import { steadyTable } from './steady-table.ts';

const mostRows = Number(process.argv[2] ?? 1_000_000);
const seconds = Number(process.argv[3] ?? 20);
const choices: Record<string, FeatureDriftOptions> = {
  default: {},
  PSI: { numeric: 'populationStability', categorical: 'populationStability' },
  'Jensen–Shannon': { numeric: 'jensenShannon', categorical: 'jensenShannon' },
  Wasserstein: { numeric: 'wasserstein' },
};

for (let rows = 1000; rows <= mostRows; rows *= 10) {
  for (const [name, options] of Object.entries(choices)) {
    const random = new RandomState(rows % 9973);
    const stop = performance.now() + 1000 * seconds;
    let windows = 0;
    let alarms = 0;
    let beyondChance = 0;
    let spent = 0;
    const columns = new Map<string, number>();
    while (windows < 2000 && (windows < 5 || performance.now() < stop)) {
      const reference = steadyTable(random, rows);
      const current = steadyTable(random, rows);
      const start = performance.now();
      const result = featureDrift(reference, current, { ...options, randomState: windows });
      spent += performance.now() - start;
      windows++;
      if (result.drifted.length > 0) alarms++;
      const beyond = result.columns.filter(({ comparison, missing, unseen }) =>
        [comparison, missing, unseen].some(
          (judged) => judged && judged.effect > judged.nullQuantile * (1 + 1e-12),
        ),
      );
      for (const { column } of beyond) columns.set(column, (columns.get(column) ?? 0) + 1);
      if (beyond.length > 0) beyondChance++;
    }
    const share = (count: number) => `${((100 * count) / windows).toFixed(2)}%`.padStart(7);
    console.log(
      `${String(rows).padStart(8)} rows  ${name.padEnd(15)} ${String(windows).padStart(5)} windows  alarms ${share(alarms)}  beyond chance ${share(beyondChance)}  ${(spent / windows).toFixed(0)} ms each  ${[...columns].map(([column, count]) => `${column}: ${count}`).join(', ')}`,
    );
  }
}
