import { type Column, type Frame, isMissing } from '../../core/frame.ts';

/** How a column of one cluster differs from the whole table. */
export interface ColumnContrast {
  readonly column: string;
  /** Mean of the numbers (dates as text), or a value that is commoner or rarer than elsewhere. */
  readonly value: number | string;
  /** Share of the rows of the cluster with that value; absent for numbers. */
  readonly share?: number;
  /** Mean of all rows, or the share of that value in all rows. */
  readonly overall: number | string;
  /** In standard deviations of all rows. */
  readonly difference: number;
}

export interface ClusterProfile {
  readonly cluster: number;
  readonly rows: number;
  /** The columns that set the cluster apart most, the strongest first. */
  readonly contrasts: readonly ColumnContrast[];
}

/** Differences below this many standard deviations are not worth a word. */
const LEAST = 0.25;

/** Rows of each cluster, and the `most` columns in which it differs most from the whole table. */
export function profileClusters(table: Frame, labels: Int32Array, most = 3): ClusterProfile[] {
  const clusters = [...new Set(labels)].sort((a, b) => a - b);
  const places = new Map(clusters.map((cluster, place) => [cluster, place]));
  const codes = Int32Array.from(labels, (label) => places.get(label)!);
  const found: ColumnContrast[][] = clusters.map(() => []);
  for (const [name, column] of table.entries()) {
    const contrasts =
      column.kind === 'number' || column.kind === 'date'
        ? numberContrasts(name, column, codes, clusters.length)
        : levelContrasts(name, column, codes, clusters.length);
    for (const [c, contrast] of contrasts.entries()) if (contrast !== undefined) found[c]!.push(contrast);
  }
  return clusters.map((cluster, c) => ({
    cluster,
    rows: codes.reduce((count, code) => count + (code === c ? 1 : 0), 0),
    contrasts: found[c]!.filter(({ difference }) => Math.abs(difference) >= LEAST)
      .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
      .slice(0, most),
  }));
}

type Contrasts = (ColumnContrast | undefined)[];

function numberContrasts(
  name: string,
  column: Extract<Column, { kind: 'number' | 'date' }>,
  codes: Int32Array,
  clusters: number,
): Contrasts {
  const { values } = column;
  const sums = new Float64Array(clusters);
  const counts = new Float64Array(clusters);
  let [mean, squares, present] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (isMissing(column, i)) continue;
    // Welford's update.
    present++;
    const difference = values[i]! - mean;
    mean += difference / present;
    squares += difference * (values[i]! - mean);
    sums[codes[i]!]! += values[i]!;
    counts[codes[i]!]! += 1;
  }
  const deviation = Math.sqrt(squares / Math.max(1, present));
  const show = (value: number) =>
    column.kind === 'date' ? new Date(Math.round(value)).toISOString().slice(0, 10) : value;
  return Array.from({ length: clusters }, (_, c) => {
    if (!(counts[c]! > 0 && deviation > 0)) return undefined;
    const own = sums[c]! / counts[c]!;
    return { column: name, value: show(own), overall: show(mean), difference: (own - mean) / deviation };
  });
}

/** The level whose share in a cluster differs most, in standard deviations √(p (1 − p)) of its share p in all rows. */
function levelContrasts(
  name: string,
  column: Extract<Column, { kind: 'string' | 'boolean' }>,
  codes: Int32Array,
  clusters: number,
): Contrasts {
  const levels = column.kind === 'string' ? column.levels : ['false', 'true'];
  const width = levels.length;
  const counts = new Float64Array(clusters * width);
  const totals = new Float64Array(width);
  const present = new Float64Array(clusters);
  for (let i = 0; i < codes.length; i++) {
    if (isMissing(column, i)) continue;
    const level = column.kind === 'string' ? column.codes[i]! : column.values[i]!;
    counts[codes[i]! * width + level]! += 1;
    totals[level]! += 1;
    present[codes[i]!]! += 1;
  }
  const all = totals.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: clusters }, (_, c) => {
    let best: ColumnContrast | undefined;
    for (let level = 0; level < width; level++) {
      const overall = totals[level]! / all;
      if (!(present[c]! > 0 && overall > 0 && overall < 1)) continue;
      const share = counts[c * width + level]! / present[c]!;
      const difference = (share - overall) / Math.sqrt(overall * (1 - overall));
      // Of two levels that say the same, that which is common here.
      if (best !== undefined && Math.abs(difference) < Math.abs(best.difference) * (1 + 1e-9)) {
        if (!(difference > 0 && best.difference < 0 && difference > -best.difference * (1 - 1e-9))) continue;
      }
      best = { column: name, value: levels[level]!, share, overall, difference };
    }
    return best;
  });
}
