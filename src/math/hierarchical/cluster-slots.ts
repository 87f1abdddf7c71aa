import type { Team } from '../../kernels/host/team.ts';
import { selectPlace, widestColumn } from '../neighbours/kd-tree.ts';
import { padded } from '../points/points.ts';

/** Clusters of a block; see the kernel `wardNearest`. */
const BLOCK = 64;
/** ‖c‖²/2 of a slot that is not in use. */
const NEVER = 3e38;

/** Clusters as the kernel `wardNearest` reads them; addresses, and views of what is written here. */
export interface ClusterSlots {
  readonly columns: number;
  readonly stride64: number;
  readonly stride32: number;
  /** Slots at most, a multiple of 64. */
  readonly room: number;
  readonly at: Readonly<Record<SlotArray, number>>;
  /** Centres, row-major with stride64 numbers a row. */
  readonly centers: Float64Array;
  readonly sizes: Float64Array;
  /** A row of each cluster, by which ties are decided. */
  readonly names: Int32Array;
  /** Smallest size in each block, 0 where none is in use. */
  readonly least: Float64Array;
  readonly c32: Float32Array;
  readonly sizes32: Float32Array;
  readonly panels: Float32Array;
  readonly halves: Float32Array;
  readonly squares: Float64Array;
  readonly boxes: Float32Array;
}

type SlotArray =
  | 'centers'
  | 'sizes'
  | 'names'
  | 'least'
  | 'c32'
  | 'sizes32'
  | 'panels'
  | 'halves'
  | 'squares'
  | 'boxes';

export function allocateSlots({ arena }: Team, rows: number, columns: number): ClusterSlots {
  const room = Math.ceil(rows / BLOCK) * BLOCK;
  const blocks = room / BLOCK;
  const [stride64, stride32] = [padded(columns), padded(columns)];
  const at = {
    centers: arena.zeros(room * stride64),
    sizes: arena.zeros(room),
    names: arena.i32(room),
    least: arena.zeros(blocks),
    c32: arena.f32(room * stride32),
    sizes32: arena.f32(room),
    panels: arena.f32(room * columns),
    halves: arena.f32(room),
    squares: arena.zeros(room),
    boxes: arena.f32(blocks * 2 * stride32),
  };
  return {
    ...{ columns, stride64, stride32, room, at },
    centers: arena.viewF64(at.centers, room * stride64),
    sizes: arena.viewF64(at.sizes, room),
    names: arena.viewI32(at.names, room),
    least: arena.viewF64(at.least, blocks),
    c32: arena.viewF32(at.c32, room * stride32).fill(0),
    sizes32: arena.viewF32(at.sizes32, room),
    panels: arena.viewF32(at.panels, room * columns),
    halves: arena.viewF32(at.halves, room),
    squares: arena.viewF64(at.squares, room),
    boxes: arena.viewF32(at.boxes, blocks * 2 * stride32),
  };
}

/** Brings the other forms of a slot up to its centre and size. */
export function writeSlot(slots: ClusterSlots, slot: number): void {
  const { columns, stride64, stride32, centers, c32, panels } = slots;
  const size = slots.sizes[slot]!;
  slots.sizes32[slot] = size === 0 ? 1 : size;
  const panel = (slot >> 3) * 8 * columns + (slot & 7);
  let square = 0;
  for (let j = 0; j < columns; j++) {
    const value = size === 0 ? 0 : centers[slot * stride64 + j]!;
    c32[slot * stride32 + j] = value;
    panels[panel + 8 * j] = value;
    square += value * value;
  }
  slots.squares[slot] = square;
  slots.halves[slot] = size === 0 ? NEVER : square / 2;
}

/** Brings the box and the smallest size of a block up to its slots. */
export function writeBlock(slots: ClusterSlots, block: number): void {
  const { columns, stride32, c32, boxes, sizes } = slots;
  const low = 2 * block * stride32;
  const high = low + stride32;
  boxes.fill(0, low, high + stride32);
  for (let j = 0; j < columns; j++) {
    boxes[low + j] = Number.POSITIVE_INFINITY;
    boxes[high + j] = Number.NEGATIVE_INFINITY;
  }
  let least = 0;
  for (let slot = BLOCK * block; slot < BLOCK * (block + 1); slot++) {
    const size = sizes[slot]!;
    if (size === 0) continue;
    if (least === 0 || size < least) least = size;
    for (let j = 0; j < columns; j++) {
      const value = c32[slot * stride32 + j]!;
      if (value < boxes[low + j]!) boxes[low + j] = value;
      if (value > boxes[high + j]!) boxes[high + j] = value;
    }
  }
  slots.least[block] = least;
}

/**
 * The slots in use, ordered so that blocks of 64 are close together: halved again and again by the column in which they spread most, at a multiple of 64.
 */
export function closeOrder({ columns, stride64, centers, sizes }: ClusterSlots, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, slot) => slot).filter((slot) => sizes[slot]! > 0);
  const values = new Float64Array(order.length);
  const stack: [from: number, to: number][] = [[0, order.length]];
  while (stack.length > 0) {
    const [from, to] = stack.pop()!;
    if (to - from <= BLOCK) continue;
    const axis = widestColumn(centers, columns, order, from, to, stride64);
    if (axis < 0) continue;
    const middle = from + Math.max(1, Math.round((to - from) / 2 / BLOCK)) * BLOCK;
    for (let i = from; i < to; i++) values[i] = centers[order[i]! * stride64 + axis]!;
    selectPlace(values, order, from, to - 1, middle);
    stack.push([from, middle], [middle, to]);
  }
  return order;
}
