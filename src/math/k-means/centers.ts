import type { Team } from '../../kernels/host/team.ts';
import { type Points, padded } from '../points/points.ts';

/** Larger than any ‖c‖²/2 − x·c: what pads the centres to a multiple of eight is never the nearest. */
const NEVER = 3e38;
/** Half a unit in the last place of float32 numbers near 1. */
const ROUNDING = 2 ** -24;

/** The centres in the forms that the kernel `nearestCenters` reads. */
export interface PlacedCenters {
  readonly clusters: number;
  /** Addresses: clusters × stride of float64 and float32, panels of eight by columns, ‖c‖²/2. */
  readonly centers64: number;
  readonly centers32: number;
  readonly panels: number;
  readonly halves: number;
  /** Factor of the bound on the error of a float32 score; see the kernel. */
  readonly error: number;
  /** The largest norm of a centre; set by {@link packCenters}. */
  largest: number;
}

const MOST_GROUPS = 16;

/** How the kernel groups centres: at most sixteen groups of whole panels. `width` is their number rounded up to a multiple of four. */
export function centerGroups(clusters: number): { size: number; count: number; width: number } {
  const size = 8 * Math.ceil(Math.ceil(clusters / 8) / MOST_GROUPS);
  const count = Math.ceil(clusters / size);
  return { size, count, width: 4 * Math.ceil(count / 4) };
}

export function allocateCenters({ arena }: Team, points: Points, clusters: number): PlacedCenters {
  const { columns, stride64, stride32 } = points;
  const wide = Math.ceil(clusters / 8) * 8;
  return {
    clusters,
    centers64: arena.zeros(clusters * stride64),
    centers32: arena.f32(clusters * stride32),
    panels: arena.f32(wide * columns),
    halves: arena.f32(wide),
    // Rounding x and c costs 2, each of the p sums and products at most 2 units of (‖x‖ + ‖c‖/2) ‖c‖; a few for the rest.
    error: (2 * padded(columns) + 8) * ROUNDING,
    largest: 0,
  };
}

/** Brings the other forms up to the float64 centres. */
export function packCenters({ arena }: Team, points: Points, centers: PlacedCenters): void {
  const { columns, stride64, stride32 } = points;
  const { clusters } = centers;
  const wide = Math.ceil(clusters / 8) * 8;
  const c64 = arena.viewF64(centers.centers64, clusters * stride64);
  const c32 = arena.viewF32(centers.centers32, clusters * stride32);
  const panels = arena.viewF32(centers.panels, wide * columns);
  const halves = arena.viewF32(centers.halves, wide);
  let largest = 0;
  for (let c = 0; c < wide; c++) {
    const panel = (c >> 3) * 8 * columns + (c & 7);
    if (c >= clusters) {
      halves[c] = NEVER;
      for (let j = 0; j < columns; j++) panels[panel + 8 * j] = 0;
      continue;
    }
    let square = 0;
    for (let j = 0; j < columns; j++) {
      const value = c64[c * stride64 + j]!;
      c32[c * stride32 + j] = value;
      panels[panel + 8 * j] = value;
      square += value * value;
    }
    for (let j = columns; j < stride32; j++) c32[c * stride32 + j] = 0;
    halves[c] = square / 2;
    largest = Math.max(largest, Math.sqrt(square));
  }
  centers.largest = largest;
}
