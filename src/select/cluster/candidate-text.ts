import { alignRight } from '../../metrics/text-table.ts';
import type { ClusterCandidate, ClusterChoice } from './choose-clusters.ts';

/** Below this mean silhouette there is no substantial structure (L. Kaufman and P. Rousseeuw, Finding Groups in Data, 1990). */
const WEAK = 0.25;

const digits = (value: number) => String(Number(value.toPrecision(3)));

/** Why a number of clusters is recommended, and what the other scores say. */
export function reasonFor(candidates: readonly ClusterCandidate[], best: ClusterChoice['best']): string {
  if (best.silhouette === undefined) {
    return best.elbow === undefined
      ? 'No score tells these numbers of clusters apart; the smallest was taken.'
      : `The inertia has its elbow at ${best.elbow}; the silhouette is not defined.`;
  }
  const scored = candidates.filter(({ silhouette }) => silhouette !== null);
  const top = scored.find(({ k }) => k === best.silhouette)!;
  const next = scored.filter(({ k }) => k !== top.k).sort((a, b) => b.silhouette! - a.silhouette!)[0];
  const others = [
    ['Davies–Bouldin', best.daviesBouldin],
    ['Caliński–Harabasz', best.calinskiHarabasz],
    ['the elbow', best.elbow],
  ] as const;
  const agree = others.filter(([, k]) => k === top.k).map(([name]) => name);
  const differ = others
    .filter(([, k]) => k !== undefined && k !== top.k)
    .map(([name, k]) => `${name} says ${k}`);
  return [
    `${top.k} clusters have the highest mean silhouette, ${digits(top.silhouette!)}`,
    next === undefined ? '' : ` (next: ${digits(next.silhouette!)} with ${next.k})`,
    agree.length > 0 ? `; ${agree.join(', ')} ${agree.length === 1 ? 'agrees' : 'agree'}` : '',
    differ.length > 0 ? `; ${differ.join(', ')}` : '',
    '.',
    top.silhouette! < WEAK
      ? ` Below ${WEAK} there is no substantial structure: the clusters run into each other.`
      : '',
  ].join('');
}

/** The candidates as lines of text, the recommended one marked. */
export function tableOf(candidates: readonly ClusterCandidate[], recommended: number): string {
  const show = (value: number | null) => (value === null ? '–' : digits(value));
  const rows = [
    ['k', 'silhouette', 'Davies–Bouldin', 'Caliński–Harabasz', 'inertia', 'smallest'],
    ...candidates.map((candidate) => [
      `${candidate.k === recommended ? '* ' : ''}${candidate.k}`,
      show(candidate.silhouette),
      show(candidate.daviesBouldin),
      show(candidate.calinskiHarabasz),
      show(candidate.inertia),
      String(candidate.smallest),
    ]),
  ];
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  return rows.map((row) => row.map((cell, j) => alignRight(cell, widths[j]!)).join('  ')).join('\n');
}

const scoreNames = {
  silhouette: 'mean silhouette',
  inertia: 'inertia',
  daviesBouldin: 'Davies–Bouldin',
  calinskiHarabasz: 'Caliński–Harabasz',
} as const;

/** A score over the numbers of clusters as SVG. */
export async function drawCandidates(
  candidates: readonly ClusterCandidate[],
  recommended: number,
  score: keyof typeof scoreNames,
): Promise<string> {
  const { lineChart } = await import('../../draw/line-chart.ts');
  const yLabel = scoreNames[score];
  return lineChart(
    [{ name: yLabel, x: candidates.map(({ k }) => k), y: candidates.map((one) => one[score] ?? Number.NaN) }],
    { title: `${yLabel} by number of clusters; ${recommended} recommended`, xLabel: 'clusters', yLabel },
  );
}
