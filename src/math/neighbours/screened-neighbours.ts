import { Team } from '../../kernels/host/team.ts';
import { padded } from '../points/points.ts';
import { powerOf } from './metric.ts';
import type { NeighbourIndex } from './neighbour-index.ts';
import type { Neighbours } from './plain-neighbours.ts';

interface Screen {
  readonly team: Team;
  /** Addresses: the rows as they are, and in float32 packed by eight. */
  readonly x64: number;
  readonly panels: number;
  readonly halves: number;
  readonly mean: number;
  /** The largest ‖x‖ in the coordinates of the packed numbers. */
  readonly largest: number;
}

interface Asked {
  singly: number;
  screen: Screen | undefined;
}

/** Kernel memories of the indices asked about single rows. They go when their indices go. */
const known = new WeakMap<NeighbourIndex, Asked>();

/** Numbers from which on the kernels are faster than plain TypeScript. */
const LEAST_NUMBERS = 20_000;
/** Numbers of which a second copy, and half of one in float32, is kept: 400 MB. */
const MOST_NUMBERS = 1 << 25;
/** Single rows asked about before the memory is prepared, which takes as long as some twenty of them. */
const FEW = 16;
const BLOCK_ROWS = 1024;
/** Squared lengths in float32 beyond which products of queries with rows may leave its range. */
const FAR = 1e30;

/**
 * The nearest rows of a single query by brute force, the same bits as `plainNeighbours`, at once on the caller's thread: after some such
 * queries the rows are kept in kernel memory, where float32 scores tell which distances need to be taken.
 * @returns false when there is nothing to be gained, or float32 does not hold the query's numbers.
 */
export function screenedNeighbours(
  index: NeighbourIndex,
  query: Float64Array,
  { distances, indices }: Neighbours,
): boolean {
  const { rows, columns, metric, mean, scale } = index;
  if (index.tree !== null || index.ball || mean === null || powerOf(metric) !== 2) return false;
  if (rows * columns < LEAST_NUMBERS || rows * columns > MOST_NUMBERS) return false;
  const asked = askedOf(index);
  asked.singly++;
  if (asked.singly <= FEW) return false;
  asked.screen ??= makeScreen(index);
  const { team, x64, panels, halves, largest, ...at } = asked.screen;
  const { arena } = team;
  const k = indices.length;
  return arena.scope(() => {
    const raw = arena.place(query);
    const [centred, single, square] = [
      arena.f64(padded(columns + 1)),
      arena.f32(padded(columns)),
      arena.f64(1),
    ];
    const coordinates = [at.mean, scale, centred, padded(columns + 1), single, padded(columns)] as const;
    team.solo('centerRows', raw, 1, columns, ...coordinates, square);
    if (!(arena.viewF64(square, 1)[0]! < FAR)) return false;
    const [found, names, limits] = [arena.f64(k), arena.i32(k), arena.f32(1)];
    arena.viewF64(found, k).fill(Number.POSITIVE_INFINITY);
    arena.viewI32(names, k).fill(-1);
    arena.viewF32(limits, 1).fill(Number.POSITIVE_INFINITY);
    const error = (2 * padded(columns) + 8) * 2 ** -24;
    team.solo(
      'bruteNeighbours',
      ...([panels, halves, rows, x64, columns, largest, error, scale] as const),
      ...([single, padded(columns), raw, square, 1, 0, Math.ceil(rows / 8), k] as const),
      ...([limits, found, names, arena.allocate(192)] as const),
    );
    distances.set(arena.viewF64(found, k));
    indices.set(arena.viewI32(names, k));
    return true;
  });
}

function askedOf(index: NeighbourIndex): Asked {
  const asked = known.get(index) ?? { singly: 0, screen: undefined };
  known.set(index, asked);
  return asked;
}

function makeScreen({ rows, columns, data, mean, scale }: NeighbourIndex): Screen {
  const team = new Team(1);
  const { arena } = team;
  const panelCount = Math.ceil(rows / 8);
  const x64 = arena.place(data!);
  const panels = arena.f32(8 * panelCount * columns);
  const halves = arena.f32(8 * panelCount);
  const meanAt = arena.place(mean!);
  const [stride64, stride32] = [padded(columns + 1), padded(columns)];
  let largest = 0;
  arena.scope(() => {
    const centred = arena.f64(BLOCK_ROWS * stride64);
    const single = arena.f32(BLOCK_ROWS * stride32);
    const squares = arena.f64(BLOCK_ROWS);
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - from);
      const raw = x64 + 8 * from * columns;
      team.solo(
        'centerRows',
        raw,
        count,
        columns,
        meanAt,
        scale,
        centred,
        stride64,
        single,
        stride32,
        squares,
      );
      for (const square of arena.viewF64(squares, count)) largest = Math.max(largest, square);
      const [toPanels, toHalves] = [panels + 4 * from * columns, halves + 4 * from];
      team.solo('packPanels', single, stride32, squares, count, columns, toPanels, toHalves);
    }
  });
  return { team, x64, panels, halves, mean: meanAt, largest: Math.sqrt(largest) };
}
