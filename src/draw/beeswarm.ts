import { axisX, axisY, gridX, type Markish, ruleX, ruleY } from '@observablehq/plot';
import { type ChartOptions, DEFAULT_WIDTH, type LegendEntry } from './chart-options.ts';
import { tickText } from './chart-text.ts';
import { dotsMark } from './dots-mark.ts';
import { labelMargin } from './label-margin.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent, muted, seriesColor } from './theme.ts';

export interface SwarmRow {
  readonly label: string;
  /** Where the dots lie. */
  readonly values: ArrayLike<number>;
  /** What colours them, lowest to highest; NaN for a missing one. Without it the dots are grey. */
  readonly shades?: ArrayLike<number> | undefined;
}

export interface BeeswarmOptions extends ChartOptions {
  readonly xLabel: string;
  /** What the colours stand for. Default `value`. */
  readonly shadeLabel?: string | undefined;
}

const ROW = 30;
/** Half the height of a swarm, in rows. */
const HALF = 0.4;
/** Places side by side at which dots are stacked. */
const PLACES = 120;
/** Dots of a row that are drawn. */
const MOST_DOTS = 1500;

/** From low to high; the steps between the colours of the theme lie between their fallbacks. */
const shadeColors = [accent, '#6271be', '#8765a5', '#ac598c', seriesColor(4)];
const STEPS = shadeColors.length;

/**
 * A row of dots for each label, stacked where they meet, coloured by a second number: low in blue, high in red, by rank. Of more
 * than 1,500 dots a row every k-th by size is drawn. Source: the summary plot of S. Lundberg et al. (2020).
 */
export function beeswarm(
  rows: readonly SwarmRow[],
  { xLabel, shadeLabel = 'value', ...chart }: BeeswarmOptions,
): string {
  const { margin, shown } = labelMargin(
    rows.map(({ label }) => label),
    chart.width ?? DEFAULT_WIDTH,
  );
  const [low, high] = extent(rows);
  // The last group holds the dots without a shade.
  const groups = Array.from({ length: STEPS + 1 }, () => ({ x: [] as number[], y: [] as number[] }));
  for (const [row, entry] of rows.entries()) addSwarm(entry, row, [low, high], groups);
  const hasShades = groups.slice(0, STEPS).some(({ x }) => x.length > 0);
  const hasMissing = rows.some(({ shades }) => shades !== undefined && Array.from(shades).some(Number.isNaN));
  const legend: LegendEntry[] = [
    { label: `low ${shadeLabel}`, color: shadeColors[0]!, symbol: 'dot' },
    { label: 'high', color: shadeColors[STEPS - 1]!, symbol: 'dot' },
    ...(hasMissing ? [{ label: 'missing', color: muted, symbol: 'dot' } as const] : []),
  ];
  return plotToSvg({
    height: 54 + ROW * rows.length,
    ...chart,
    marginLeft: margin,
    marginTop: 8,
    marginRight: 20,
    marginBottom: 42,
    x: { label: xLabel, domain: [low, high] },
    y: { label: null, domain: [rows.length - 0.5, -0.5] },
    ...(hasShades && { legend }),
    marks: [
      gridX({ ticks: 5 }),
      ruleY(
        rows.map((_, row) => row),
        { strokeOpacity: 0.08 },
      ),
      axisX({ ticks: 5, tickSize: 0, tickFormat: tickText }),
      axisY({
        ticks: rows.map((_, row) => row),
        tickSize: 0,
        tickFormat: (row: number) => shown(rows[row]!.label),
      }),
      ruleX([0], { strokeOpacity: 0.5 }),
      // From grey to red, so that high values lie on top.
      ...[STEPS, ...Array.from({ length: STEPS }, (_, step) => step)].map(
        (step) =>
          dotsMark(groups[step]!.x, groups[step]!.y, {
            color: step === STEPS ? muted : shadeColors[step]!,
            radius: 2,
            opacity: 0.8,
          }) as unknown as Markish,
      ),
    ],
  });
}

interface Dots {
  readonly x: number[];
  readonly y: number[];
}

function addSwarm(
  { values, shades }: SwarmRow,
  row: number,
  [low, high]: readonly [number, number],
  groups: readonly Dots[],
): void {
  let kept = Array.from({ length: values.length }, (_, i) => i).filter((i) => Number.isFinite(values[i]!));
  if (kept.length > MOST_DOTS) {
    const sorted = kept.sort((a, b) => values[a]! - values[b]!);
    kept = Array.from(
      { length: MOST_DOTS },
      (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (MOST_DOTS - 1))]!,
    );
  }
  const steps = stepsOf(kept, shades);
  const placeOf = (i: number) => Math.floor(((values[i]! - low) / (high - low)) * PLACES);
  const heights = new Map<number, number>();
  for (const i of kept) heights.set(placeOf(i), (heights.get(placeOf(i)) ?? 0) + 1);
  const highest = Math.max(1, ...heights.values());
  const step = Math.min(0.13, (2 * HALF) / highest);
  const levels = new Map<number, number>();
  for (const i of kept) {
    const place = placeOf(i);
    const level = levels.get(place) ?? 0;
    levels.set(place, level + 1);
    // 0, 1, −1, 2, −2, …
    const offset = (level % 2 === 1 ? 1 : -1) * Math.ceil(level / 2);
    const group = groups[steps.get(i) ?? STEPS]!;
    group.x.push(values[i]!);
    group.y.push(row + step * offset);
  }
}

/** Fifths by rank, equal shades in the same one. */
function stepsOf(
  kept: readonly number[],
  shades: ArrayLike<number> | undefined,
): ReadonlyMap<number, number> {
  const steps = new Map<number, number>();
  if (shades === undefined) return steps;
  const sorted = kept.filter((i) => !Number.isNaN(shades[i]!)).sort((a, b) => shades[a]! - shades[b]!);
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && shades[sorted[to]!] === shades[sorted[from]!]) to++;
    const rank = sorted.length === to - from ? 0.5 : (from + (to - from - 1) / 2) / (sorted.length - 1);
    // Two different values are low and high, however many dots have them.
    const share = to - from === sorted.length ? 0.5 : from === 0 ? 0 : to === sorted.length ? 1 : rank;
    for (; from < to; from++) steps.set(sorted[from]!, Math.min(STEPS - 1, Math.floor(share * STEPS)));
  }
  return steps;
}

function extent(rows: readonly SwarmRow[]): [number, number] {
  let [low, high] = [0, 0];
  for (const { values } of rows) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low === high) return [-1, 1];
  const margin = 0.04 * (high - low);
  return [low - margin, high + margin];
}
