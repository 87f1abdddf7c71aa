/**
 * How often `featureDrift` alarms when nothing drifts: pairs of windows from one table of 14 columns (five categories of 3 to 100
 * levels, even and uneven; rare levels; numbers with light and heavy tails, with ties and with missing values; booleans;
 * identifiers), for every statistic and four sizes. From 100,000 rows on, windows are drawn as counts and sorted numbers, without the
 * identifiers: the same laws, so that there are enough windows.
 *
 * node bench/drift-false-alarms.ts [most rows, default 1000000] [seconds per line, default 20] [windows at most, default 2000]
 *
 * Each line says the share of windows in which any column alarms (at most 5% is asked for), with its 95% interval, and the share in
 * which any effect passes its null quantile, thresholds aside: what chance alone would raise.
 */

import { parseOptions } from '../src/core/options.ts';
import { RandomState } from '../src/core/random.ts';
import { driftOptionsSchema, type FeatureDriftOptions } from '../src/monitor/drift/drift-options.ts';
import { type ColumnDrift, comparePairs } from '../src/monitor/drift/feature-drift.ts';
import { matchColumns } from '../src/monitor/drift/match-columns.ts';
import { steadyPairs } from './steady-pairs.ts';
import { steadyTable } from './steady-table.ts';
import { wilsonInterval } from './wilson-interval.ts';

const mostRows = Number(process.argv[2] ?? 1_000_000);
const seconds = Number(process.argv[3] ?? 20);
const mostWindows = Number(process.argv[4] ?? 2000);
/** A share says little about fewer. */
const LEAST_WINDOWS = 100;
const DRAWN_FROM = 100_000;
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
    const columns = new Map<string, number>();
    while (windows < mostWindows && (windows < LEAST_WINDOWS || performance.now() < stop)) {
      const pairs =
        rows < DRAWN_FROM
          ? matchColumns(steadyTable(random, rows), steadyTable(random, rows))
          : steadyPairs(random, rows);
      const settings = parseOptions(driftOptionsSchema, { ...options, randomState: windows }, 'featureDrift');
      const result = comparePairs(pairs, settings);
      windows++;
      if (result.columns.some(({ drifted }) => drifted)) alarms++;
      const beyond = result.columns.filter(passesChance);
      for (const { column } of beyond) columns.set(column, (columns.get(column) ?? 0) + 1);
      if (beyond.length > 0) beyondChance++;
    }
    const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
    const share = (count: number) => {
      const [low, high] = wilsonInterval(count, windows);
      return `${percent(count / windows).padStart(6)} (${percent(low)} to ${percent(high)})`;
    };
    console.log(
      `${String(rows).padStart(8)} rows  ${name.padEnd(15)} ${String(windows).padStart(5)} windows  alarms ${share(alarms).padEnd(26)}  beyond chance ${share(beyondChance).padEnd(26)} ${[...columns].map(([column, count]) => `${column}: ${count}`).join(', ')}`,
    );
  }
}

function passesChance({ comparison, missing, unseen, vanished }: ColumnDrift): boolean {
  return [comparison, missing, unseen, vanished].some(
    (judged) => judged !== null && judged.effect > judged.nullQuantile * (1 + 1e-12),
  );
}
