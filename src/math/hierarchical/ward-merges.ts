import type { Matrix } from '../../core/matrix.ts';
import type { Workers } from '../least-squares-problem.ts';
import { measureCoordinates } from '../points/coordinates.ts';
import { padded } from '../points/points.ts';
import { allocateSlots, type ClusterSlots, closeOrder, writeBlock, writeSlot } from './cluster-slots.ts';

const BLOCK = 64;
/** Multiplications of one call of the kernel on each thread, some milliseconds. */
const CALL_WORK = 1 << 25;
/** The clusters are put in a new order when this share of the slots is in use. */
const REORDER_SHARE = 0.7;

/**
 * Ward's merges of points, without their distances: memory grows with the rows. All pairs that are each other's nearest are merged at once, which gives the same
 * tree as merging the nearest pair of all again and again, since a union is never nearer to a third cluster than the nearer of its parts (M.
 * Bruynooghe, 1977). For the same reason a cluster that was not merged keeps its nearest as long as that lives.
 * @returns the merges by rounds, three numbers each; see `treeOfMerges`.
 */
export async function wardMerges(workers: Workers, x: Matrix): Promise<Float64Array> {
  const { mean, scale } = await measureCoordinates(workers, x);
  const { rows, columns } = x;
  return workers.team.arena.scope(() => {
    const slots = allocateSlots(workers.team, rows, columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        slots.centers[i * slots.stride64 + j] = (x.data[i * columns + j]! - mean[j]!) * scale;
      }
      slots.sizes[i] = 1;
      slots.names[i] = i;
    }
    const merges = mergeRounds(workers, slots, rows);
    // The criterion is half the square of the distance that SciPy gives.
    for (let at = 2; at < merges.length; at += 3) merges[at] = Math.sqrt(2 * merges[at]!) / scale;
    return merges;
  });
}

function mergeRounds(workers: Workers, slots: ClusterSlots, rows: number): Float64Array {
  const { arena } = workers.team;
  const { sizes, names } = slots;
  const merges = new Float64Array(3 * Math.max(0, rows - 1));
  let nearest = new Int32Array(rows).fill(-1);
  let values = new Float64Array(rows);
  const queries = arena.i32(rows);
  const found = { values: arena.f64(rows), slots: arena.i32(rows) };
  const asked = arena.viewI32(queries, rows);
  const newValues = arena.viewF64(found.values, rows);
  const newNearest = arena.viewI32(found.slots, rows);
  let count = 0;
  reorder(rows);
  let alive = rows;
  let round = 0;
  const mergedIn = new Int32Array(slots.room);
  while (alive > 1) {
    if (alive < REORDER_SHARE * count && count > BLOCK) reorder(count);
    round++;
    let questions = 0;
    for (let slot = 0; slot < count; slot++) {
      if (sizes[slot]! > 0 && nearest[slot]! < 0) asked[questions++] = slot;
    }
    askNearest(workers, slots, { count, queries, questions, found });
    for (let k = 0; k < questions; k++) {
      nearest[asked[k]!] = newNearest[k]!;
      values[asked[k]!] = newValues[k]!;
    }
    for (let k = 0; k < questions; k++) offer(asked[k]!, newNearest[k]!, newValues[k]!);
    const touched = new Set<number>();
    for (let k = 0; k < questions; k++) {
      const slot = asked[k]!;
      const other = nearest[slot]!;
      if (mergedIn[slot] === round || nearest[other] !== slot) continue;
      merge(slot, other, values[slot]!);
      touched.add(slot >> 6).add(other >> 6);
    }
    for (const block of touched) writeBlock(slots, block);
    for (let slot = 0; slot < count; slot++) {
      if (nearest[slot]! >= 0 && (mergedIn[slot] === round || mergedIn[nearest[slot]!] === round)) {
        nearest[slot] = -1;
      }
    }
    workers.progress?.(1 - (alive / rows) ** 2);
  }
  return merges;

  /** Rounding may let an older cluster find a new one nearer than it should be: both then agree, so that the nearest pair of all always merges. */
  function offer(slot: number, to: number, value: number): void {
    const known = values[to]!;
    const isNearer = value < known || (value === known && names[slot]! < names[nearest[to]!]!);
    if (!isNearer) return;
    nearest[to] = slot;
    values[to] = value;
  }

  function merge(a: number, b: number, value: number): void {
    const [gone, kept] = names[a]! < names[b]! ? [a, b] : [b, a];
    merges.set([names[gone]!, names[kept]!, value], 3 * (rows - alive));
    alive--;
    const { stride64, columns, centers } = slots;
    const size = sizes[a]! + sizes[b]!;
    // c + (c' − c) n'/n rather than a weighted sum: equal centres stay what they are.
    const share = sizes[gone]! / size;
    for (let j = 0; j < columns; j++) {
      const [from, to] = [gone * stride64 + j, kept * stride64 + j];
      centers[to]! += (centers[from]! - centers[to]!) * share;
    }
    sizes[gone] = 0;
    sizes[kept] = size;
    mergedIn[gone] = round;
    mergedIn[kept] = round;
    writeSlot(slots, gone);
    writeSlot(slots, kept);
  }

  /** Puts the clusters of the first `used` slots into as few slots as they need, blocks of them close together. */
  function reorder(used: number): void {
    const order = closeOrder(slots, used);
    const { stride64, centers } = slots;
    const places = new Int32Array(used).fill(-1);
    for (let place = 0; place < order.length; place++) places[order[place]!] = place;
    const [oldCenters, oldSizes, oldNames] = [
      centers.slice(0, used * stride64),
      sizes.slice(0, used),
      names.slice(0, used),
    ];
    const [oldNearest, oldValues] = [nearest, values];
    count = Math.ceil(order.length / BLOCK) * BLOCK;
    nearest = new Int32Array(count).fill(-1);
    values = new Float64Array(count);
    for (let place = 0; place < count; place++) {
      const old = order[place];
      sizes[place] = old === undefined ? 0 : oldSizes[old]!;
      if (old !== undefined) {
        centers.set(oldCenters.subarray(old * stride64, (old + 1) * stride64), place * stride64);
        names[place] = oldNames[old]!;
        values[place] = oldValues[old]!;
        const other = oldNearest[old]!;
        nearest[place] = other < 0 ? -1 : places[other]!;
      }
      writeSlot(slots, place);
    }
    for (let block = 0; block < count / BLOCK; block++) writeBlock(slots, block);
    workers.checkpoint();
  }
}

interface Questions {
  /** Slots that may be in use. */
  readonly count: number;
  /** Addresses of the slots that ask, and of the answers. */
  readonly queries: number;
  readonly questions: number;
  readonly found: { readonly values: number; readonly slots: number };
}

function askNearest(
  workers: Workers,
  slots: ClusterSlots,
  { count, queries, questions, found }: Questions,
): void {
  const { team } = workers;
  const { columns, stride64, stride32, at } = slots;
  let most = 0;
  for (let slot = 0; slot < count; slot++) most = Math.max(most, slots.squares[slot]!);
  // As for the centres of k-means: 2 units for rounding x and c, 2 for each product and sum.
  const error = (2 * padded(columns) + 8) * 2 ** -24;
  team.arena.scope(() => {
    const scratch = team.arena.allocate(team.threads * (512 + 8 * stride32));
    const step = Math.max(6, Math.floor((CALL_WORK * team.threads) / (count * columns)));
    for (let from = 0; from < questions; from += step) {
      const to = Math.min(questions, from + step);
      team.callIfLarge(
        (to - from) * count * columns,
        'wardNearest',
        ...([at.centers, stride64, columns, at.c32, stride32, at.panels, at.halves, at.squares] as const),
        ...([
          at.sizes,
          at.sizes32,
          at.names,
          count / BLOCK,
          at.boxes,
          at.least,
          Math.sqrt(most),
          error,
        ] as const),
        ...([queries, from, to, found.values, found.slots, scratch] as const),
      );
      workers.checkpoint();
    }
  });
}
