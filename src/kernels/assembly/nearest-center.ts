// The nearest of k centres for many rows. Distances are screened in float32, twice as fast as float64, with a bound on the error; where
// two centres are closer together than that, exact float64 distances decide. The result is that of float64 throughout.
//
// Centres come in groups of up to sixteen, and rows carry an upper bound on the distance to their own centre and a lower bound on that to the others of each group
// (Y. Ding et al., "Yinyang k-means: a drop-in replacement of the classic k-means with consistent speedup", ICML 2015; with a single group these are
// G. Hamerly's, "Making k-means even faster", SDM 2010). Groups whose bound is above the row's are left out, and a row that is closer to its centre
// than half the way from there to the next centre keeps it unseen.

const BLOCK: i32 = 192;
const MOST_GROUPS: i32 = 16;
/** Bytes of a list of the rows of a block. */
const LIST: usize = 832;

/** Factors of numbers that are exact up to a few roundings to float32, so that bounds stay bounds. */
const UP: f32 = 1.0000004;
const DOWN: f32 = 0.9999996;

// What is known of the rows listed, a column of float32 or int32 numbers for each: the least score so far, the next least, the label of the least, the next least
// of the label's group (NaN where that was left out), that group, the score of the former label, the groups looked at (bits), and the squared norm in float32.
const COLUMN: usize = 768;
const SECOND: usize = COLUMN;
const LABEL: usize = 2 * COLUMN;
const RUNNER: usize = 3 * COLUMN;
const GROUP: usize = 4 * COLUMN;
const OWN: usize = 5 * COLUMN;
const GROUPS: usize = 6 * COLUMN;
const SQUARE: usize = 7 * COLUMN;

/**
 * Writes the index of the nearest centre of rows `from` … `to` − 1 to `labels`, the first among equals: the one with the smallest
 * Σ_j (x_j − c_j)², summed in order in float64.
 *
 * `x32` and `x64` hold the rows in both precisions, `stride32` and `stride64` numbers a row, padded with equal numbers, and `squares` their
 * squared norms. `centers32` and `centers64` hold the centres likewise; `panels` the centres eight at a time, column by column; `halves` ‖c‖²/2,
 * the padding to a multiple of eight with a huge number. `error` times (‖x‖ + largest/2) · largest bounds the error of the float32 value of
 * ‖c‖²/2 − x·c, where `largest` is the largest norm of a centre.
 *
 * A group is 8 · ⌈⌈clusters/8⌉/16⌉ centres. With `uppers` = 0 all rows are computed and no bounds are kept. Otherwise `uppers` holds a float32 a row, `lowers`
 * one for each group, padded with a huge number to a multiple of four, and `moves` how far a centre of each group has moved at most (padded with 0 likewise), then for
 * each centre how far it has moved and half the distance to the nearest other; all in float32, rounded to the safe side. `fresh` = 1 ignores the present
 * bounds. `scratch` holds 7872 + 64 · (size of a group) bytes a thread.
 */
export function nearestCenters(
  thread: i32, threads: i32, x32: usize, stride32: i32, x64: usize, stride64: i32, columns: i32, squares: usize,
  centers32: usize, centers64: usize, panels: usize, halves: usize, clusters: i32, largest: f64, error: f64,
  from: i32, to: i32, labels: usize, uppers: usize, lowers: usize, moves: usize, fresh: i32, scratch: usize,
): void {
  const panelCount = (clusters + 7) >> 3;
  const span = (panelCount + MOST_GROUPS - 1) / MOST_GROUPS;
  const groups = (panelCount + span - 1) / span;
  const width = <usize>((groups + 3) & ~3) << 2;
  const touched = scratch + <usize>thread * (7872 + (<usize>span << 9));
  const list = touched + LIST;
  const records = list + LIST;
  const results = records + 8 * COLUMN;
  const scores = results + 64;
  const row32 = <usize>stride32 << 2;
  const scoreRow = <usize>span << 5;
  const panelBytes = <usize>columns << 5;
  const everything = uppers == 0 || fresh != 0;
  for (let start = from + thread * BLOCK; start < to; start += threads * BLOCK) {
    const end = min(to, start + BLOCK);
    const most = largestOf(squares + (<usize>start << 3), squares + (<usize>end << 3));
    // The error of the scores of these rows, and that of the float32 sums of squared norms and scores.
    const delta = <f32>(1.000001 * (error * (sqrt(most) + 0.5 * largest) * largest + 2.4e-7 * (most + largest * largest)));
    let count: usize;
    if (everything) {
      count = <usize>(end - start) << 2;
      for (let t: usize = 0; t < count; t += 4) store<i32>(touched + t, start + <i32>(t >> 2));
      for (let t: usize = 0; t < count; t += 16) {
        const at = squares + (<usize>start << 3) + 2 * t;
        // The last four may reach beyond the rows, where nobody looks.
        const both = v128.shuffle<f32>(f32x4.demote_f64x2_zero(v128.load(at)), f32x4.demote_f64x2_zero(v128.load(at, 16)), 0, 1, 4, 5);
        begin(records + t, f32x4.splat(f32.MAX_VALUE), i32x4.splat(-1), both, i32x4.splat((1 << groups) - 1));
      }
    } else {
      count = moveBounds(start, end, labels, uppers, lowers, width, moves, touched);
      touchRows(touched, count, x32, row32, results);
      if (count != 0) openGroups(count, x32, row32, squares, centers32, halves, delta, labels, uppers, lowers, width, moves, touched, records, results);
    }
    if (count == 0) continue;
    for (let group = 0; group < groups; group++) {
      const size = listOpen(count, group, records + GROUPS, list);
      const isDense = <usize>size << 2 == count;
      const firstPanel = group * span;
      const used = min(span, panelCount - firstPanel);
      for (let at = 0; at < size; at += 12) {
        const last = size - 1;
        for (let first = at; first < min(size, at + 12); first += 6) {
          const p0 = x32 + <usize>load<i32>(touched + <usize>load<i32>(list + (<usize>first << 2))) * row32;
          const p1 = x32 + <usize>load<i32>(touched + <usize>load<i32>(list + (<usize>min(last, first + 1) << 2))) * row32;
          const p2 = x32 + <usize>load<i32>(touched + <usize>load<i32>(list + (<usize>min(last, first + 2) << 2))) * row32;
          const p3 = x32 + <usize>load<i32>(touched + <usize>load<i32>(list + (<usize>min(last, first + 3) << 2))) * row32;
          const p4 = x32 + <usize>load<i32>(touched + <usize>load<i32>(list + (<usize>min(last, first + 4) << 2))) * row32;
          const p5 = x32 + <usize>load<i32>(touched + <usize>load<i32>(list + (<usize>min(last, first + 5) << 2))) * row32;
          const out = scores + <usize>(first - at) * scoreRow;
          for (let p = 0; p < used; p++) {
            const panel = <usize>(firstPanel + p);
            scoreTile(p0, p1, p2, p3, p4, p5, panels + panel * panelBytes, columns, halves + (panel << 5), out + (<usize>p << 5), scoreRow);
          }
        }
        for (let first = at; first < min(size, at + 12); first += 4) {
          takeScores(
            scores + <usize>(first - at) * scoreRow, scoreRow, used, firstPanel << 3, delta, list + (<usize>first << 2), min(4, size - first), isDense,
            group, touched, uppers == 0 ? <usize>0 : lowers, width, records,
          );
        }
      }
    }
    for (let t: usize = 0; t < count; t += 16) {
      const size = min(4, <i32>((count - t) >> 2));
      const unclear = settle(touched + t, size, delta, labels, uppers, lowers, width, span << 3, everything, records + t, results);
      for (let r = 0; r < size; r++) {
        if ((unclear & (1 << r)) == 0) continue;
        const i = load<i32>(touched + t + (<usize>r << 2));
        const row = x32 + <usize>i * row32;
        for (let c = 0; c < clusters; c++) {
          store<f32>(scores + (<usize>c << 2), load<f32>(halves + (<usize>c << 2)) - dot32(row, centers32 + <usize>c * row32, row32));
        }
        decideExactly(
          x64 + (<usize>i * stride64 << 3), stride64, columns, centers64, clusters, span << 3, scores, delta, labels + (<usize>i << 2),
          uppers == 0 ? <usize>0 : uppers + (<usize>i << 2), lowers + <usize>i * width, load<f32>(records + t + (<usize>r << 2), SQUARE),
        );
      }
    }
  }
}

/** The largest of the numbers from `at` to before `end`. */
function largestOf(at: usize, end: usize): f64 {
  let a = f64x2.splat(0);
  let b = a;
  for (; at + 32 <= end; at += 32) {
    a = f64x2.pmax(a, v128.load(at));
    b = f64x2.pmax(b, v128.load(at, 16));
  }
  for (; at < end; at += 8) a = f64x2.pmax(a, v128.load64_splat(at));
  a = f64x2.pmax(a, b);
  return max(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1));
}

/** Lists the places (in bytes) among the `count` bytes at `groups` whose bit `group` is set; returns their number. */
// @ts-ignore: decorator
@inline
function listOpen(count: usize, group: i32, groups: usize, list: usize): i32 {
  const one = i32x4.splat(1);
  const start = list;
  let t: usize = 0;
  for (; t + 16 <= count; t += 16) {
    const bits = v128.and(i32x4.shr_u(v128.load(groups + t), group), one);
    store<i32>(list, <i32>t);
    list += <usize>i32x4.extract_lane(bits, 0) << 2;
    store<i32>(list, <i32>t + 4);
    list += <usize>i32x4.extract_lane(bits, 1) << 2;
    store<i32>(list, <i32>t + 8);
    list += <usize>i32x4.extract_lane(bits, 2) << 2;
    store<i32>(list, <i32>t + 12);
    list += <usize>i32x4.extract_lane(bits, 3) << 2;
  }
  for (; t < count; t += 4) {
    store<i32>(list, <i32>t);
    list += <usize>((load<i32>(groups + t) >> group) & 1) << 2;
  }
  return <i32>((list - start) >> 2);
}

/** Moves the bounds of rows as the centres have moved; lists those that may have another centre now, 4 bytes each, and returns the list's length in bytes. */
function moveBounds(start: i32, end: i32, labels: usize, uppers: usize, lowers: usize, width: usize, moves: usize, touched: usize): usize {
  const shrink = f32x4.splat(DOWN);
  const own = moves + width;
  let count: usize = 0;
  let bounds = lowers + <usize>start * width;
  for (let i = start; i < end; i++) {
    const move = own + (<usize>load<i32>(labels + (<usize>i << 2)) << 3);
    const upper = (load<f32>(uppers + (<usize>i << 2)) + load<f32>(move)) * UP;
    store<f32>(uppers + (<usize>i << 2), upper);
    const limit = f32x4.splat(upper);
    let near = i32x4.splat(0);
    for (let t: usize = 0; t < width; t += 16) {
      const lower = f32x4.sub(f32x4.mul(v128.load(bounds + t), shrink), v128.load(moves + t));
      v128.store(bounds + t, lower);
      near = v128.or(near, f32x4.le(lower, limit));
    }
    bounds += width;
    store<i32>(touched + count, i);
    count += <usize>(i32(v128.any_true(near)) & i32(upper >= load<f32>(move, 4))) << 2;
  }
  return count;
}

/**
 * Reads a number of each cache line of the rows listed: with nothing else to do, many of the reads wait for memory at once. `spare` receives what makes them
 * necessary.
 */
function touchRows(list: usize, count: usize, x32: usize, row32: usize, spare: usize): void {
  let any = f32x4.splat(0);
  for (let t: usize = 0; t < count; t += 4) {
    const row = x32 + <usize>load<i32>(list + t) * row32;
    for (let line: usize = 0; line < row32; line += 64) any = v128.or(any, v128.load(row + line));
  }
  v128.store(spare, any);
}

/** What is known of four rows before any group has been looked at. */
// @ts-ignore: decorator
@inline
function begin(record: usize, least: v128, label: v128, square: v128, groups: v128): void {
  v128.store(record, least);
  v128.store(record, f32x4.splat(f32.MAX_VALUE), SECOND);
  v128.store(record, label, LABEL);
  v128.store(record, f32x4.splat(NaN), RUNNER);
  v128.store(record, i32x4.splat(0), GROUP);
  v128.store(record, least, OWN);
  v128.store(record, groups, GROUPS);
  v128.store(record, square, SQUARE);
}

/**
 * Tightens the upper bounds of the rows in `touched` by the distances to their own centres, which are cheap beside those to all, and finds the
 * groups (bits) that may hold a nearer one. `scratch` holds 16 bytes.
 */
function openGroups(
  count: usize, x32: usize, row32: usize, squares: usize, centers32: usize, halves: usize, delta: f32, labels: usize, uppers: usize, lowers: usize,
  width: usize, moves: usize, touched: usize, records: usize, scratch: usize,
): void {
  const error = f32x4.splat(delta);
  const two = f32x4.splat(2);
  const zero = f32x4.splat(0);
  const up = f32x4.splat(UP);
  const last = count - 4;
  for (let at: usize = 0; at < count; at += 16) {
    const i0 = <usize>load<i32>(touched + at);
    const i1 = <usize>load<i32>(touched + min(last, at + 4));
    const i2 = <usize>load<i32>(touched + min(last, at + 8));
    const i3 = <usize>load<i32>(touched + min(last, at + 12));
    const c0 = <usize>load<i32>(labels + (i0 << 2));
    const c1 = <usize>load<i32>(labels + (i1 << 2));
    const c2 = <usize>load<i32>(labels + (i2 << 2));
    const c3 = <usize>load<i32>(labels + (i3 << 2));
    const dots = fourDots(
      x32 + i0 * row32, x32 + i1 * row32, x32 + i2 * row32, x32 + i3 * row32,
      centers32 + c0 * row32, centers32 + c1 * row32, centers32 + c2 * row32, centers32 + c3 * row32, row32,
    );
    const half = gather(halves + (c0 << 2), halves + (c1 << 2), halves + (c2 << 2), halves + (c3 << 2), 0);
    const square = v128.shuffle<f32>(
      f32x4.demote_f64x2_zero(v128.load64_lane(squares + (i1 << 3), v128.load64_zero(squares + (i0 << 3)), 1)),
      f32x4.demote_f64x2_zero(v128.load64_lane(squares + (i3 << 3), v128.load64_zero(squares + (i2 << 3)), 1)),
      0, 1, 4, 5,
    );
    const own = f32x4.sub(half, dots);
    const upper = f32x4.mul(up, f32x4.sqrt(f32x4.pmax(f32x4.add(square, f32x4.mul(two, f32x4.add(own, error))), zero)));
    scatter(uppers + (i0 << 2), uppers + (i1 << 2), uppers + (i2 << 2), uppers + (i3 << 2), upper);
    const nearest = moves + width + 4;
    const isFar = f32x4.ge(upper, gather(nearest + (c0 << 3), nearest + (c1 << 3), nearest + (c2 << 3), nearest + (c3 << 3), 0));
    v128.store(scratch, i32x4.splat(0));
    store<i32>(scratch, openOf(lowers + i0 * width, width, v128.shuffle<f32>(upper, upper, 0, 0, 0, 0)));
    store<i32>(scratch, openOf(lowers + i1 * width, width, v128.shuffle<f32>(upper, upper, 1, 1, 1, 1)), 4);
    store<i32>(scratch, openOf(lowers + i2 * width, width, v128.shuffle<f32>(upper, upper, 2, 2, 2, 2)), 8);
    store<i32>(scratch, openOf(lowers + i3 * width, width, v128.shuffle<f32>(upper, upper, 3, 3, 3, 3)), 12);
    const label = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(<i32>c0), 1, <i32>c1), 2, <i32>c2), 3, <i32>c3);
    begin(records + at, own, label, square, v128.and(v128.load(scratch), isFar));
  }
}

/** The groups (bits) whose lower bounds, `width` bytes, are not above `limit`. */
// @ts-ignore: decorator
@inline
function openOf(bounds: usize, width: usize, limit: v128): i32 {
  let open = 0;
  for (let b: usize = 0; b < width; b += 16) open |= i32x4.bitmask(f32x4.le(v128.load(bounds + b), limit)) << <i32>(b >> 2);
  return open;
}

/** a·x, b·y, c·z, d·w over a multiple of four float32 numbers. */
// @ts-ignore: decorator
@inline
function fourDots(a: usize, b: usize, c: usize, d: usize, x: usize, y: usize, z: usize, w: usize, bytes: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let t: usize = 0; t < bytes; t += 16) {
    s0 = v128.relaxed_madd<f32>(v128.load(a + t), v128.load(x + t), s0);
    s1 = v128.relaxed_madd<f32>(v128.load(b + t), v128.load(y + t), s1);
    s2 = v128.relaxed_madd<f32>(v128.load(c + t), v128.load(z + t), s2);
    s3 = v128.relaxed_madd<f32>(v128.load(d + t), v128.load(w + t), s3);
  }
  const u = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const v = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(u, v, 0, 1, 4, 5), v128.shuffle<f32>(u, v, 2, 3, 6, 7));
}

/** The numbers at four addresses. */
// @ts-ignore: decorator
@inline
function gather(r0: usize, r1: usize, r2: usize, r3: usize, offset: usize): v128 {
  let field = v128.load32_splat(r0 + offset);
  field = v128.load_lane<f32>(r1 + offset, field, 1);
  field = v128.load_lane<f32>(r2 + offset, field, 2);
  return v128.load_lane<f32>(r3 + offset, field, 3);
}

// @ts-ignore: decorator
@inline
function scatter(r0: usize, r1: usize, r2: usize, r3: usize, field: v128): void {
  v128.store_lane<f32>(r0, field, 0);
  v128.store_lane<f32>(r1, field, 1);
  v128.store_lane<f32>(r2, field, 2);
  v128.store_lane<f32>(r3, field, 3);
}

/** Float32 numbers no larger than the distances that belong to scores. */
// @ts-ignore: decorator
@inline
function lowersOf(squares: v128, scores: v128, delta: f32): v128 {
  const rest = f32x4.add(squares, f32x4.mul(f32x4.splat(2), f32x4.sub(scores, f32x4.splat(delta))));
  return f32x4.mul(f32x4.splat(DOWN), f32x4.sqrt(f32x4.pmax(f32x4.splat(0), rest)));
}

/**
 * Takes the scores of a group, the first that of centre `first`, of the `count` ≤ 4 rows at `list` into their records, and their bounds on the group to
 * `lowers` (0: not wanted), `width` bytes a row. Lanes are rows; branches on what they hold would be guessed wrong half of the time.
 */
function takeScores(
  scores: usize, scoreRow: usize, panels: i32, first: i32, delta: f32, list: usize, count: i32, isDense: bool, group: i32, touched: usize, lowers: usize, width: usize, records: usize,
): void {
  const row1 = scores + scoreRow;
  const row2 = row1 + scoreRow;
  const row3 = row2 + scoreRow;
  let least = f32x4.splat(f32.MAX_VALUE);
  let next = least;
  let current = i32x4.splat(first);
  let found = current;
  const one = i32x4.splat(1);
  const end = <usize>panels << 5;
  for (let t: usize = 0; t < end; t += 16) {
    const a = v128.load(scores + t);
    const b = v128.load(row1 + t);
    const c = v128.load(row2 + t);
    const d = v128.load(row3 + t);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    let s = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5);
    found = v128.relaxed_laneselect<i32>(current, found, f32x4.lt(s, least));
    next = f32x4.pmin(next, f32x4.pmax(least, s));
    least = f32x4.pmin(least, s);
    current = i32x4.add(current, one);
    s = v128.shuffle<f32>(ab, cd, 2, 3, 6, 7);
    found = v128.relaxed_laneselect<i32>(current, found, f32x4.lt(s, least));
    next = f32x4.pmin(next, f32x4.pmax(least, s));
    least = f32x4.pmin(least, s);
    current = i32x4.add(current, one);
    const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    s = v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5);
    found = v128.relaxed_laneselect<i32>(current, found, f32x4.lt(s, least));
    next = f32x4.pmin(next, f32x4.pmax(least, s));
    least = f32x4.pmin(least, s);
    current = i32x4.add(current, one);
    s = v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7);
    found = v128.relaxed_laneselect<i32>(current, found, f32x4.lt(s, least));
    next = f32x4.pmin(next, f32x4.pmax(least, s));
    least = f32x4.pmin(least, s);
    current = i32x4.add(current, one);
  }
  const last = count - 1;
  const t0 = <usize>load<i32>(list);
  const t1 = <usize>load<i32>(list + (<usize>min(last, 1) << 2));
  const t2 = <usize>load<i32>(list + (<usize>min(last, 2) << 2));
  const t3 = <usize>load<i32>(list + (<usize>min(last, 3) << 2));
  if (count < 4) {
    // The same row again must bring the same.
    least = repeatLast(least, last);
    next = repeatLast(next, last);
    found = repeatLast(found, last);
  }
  const r0 = records + t0;
  const r1 = records + t1;
  const r2 = records + t2;
  const r3 = records + t3;
  if (lowers != 0) {
    const square = isDense ? v128.load(r0, SQUARE) : gather(r0, r1, r2, r3, SQUARE);
    lowers += <usize>group << 2;
    scatter(
      lowers + <usize>load<i32>(touched + t0) * width, lowers + <usize>load<i32>(touched + t1) * width,
      lowers + <usize>load<i32>(touched + t2) * width, lowers + <usize>load<i32>(touched + t3) * width, lowersOf(square, least, delta),
    );
  }
  // A list of all rows has four of them next to each other.
  if (isDense) {
    const before = v128.load(r0);
    const isOwn = i32x4.eq(found, v128.load(r0, LABEL));
    const takes = v128.or(isOwn, f32x4.lt(least, before));
    v128.store(r0, f32x4.pmin(before, least));
    v128.store(r0, secondOf(v128.load(r0, SECOND), next, before, least, isOwn), SECOND);
    v128.store(r0, v128.bitselect(found, v128.load(r0, LABEL), takes), LABEL);
    v128.store(r0, v128.bitselect(next, v128.load(r0, RUNNER), takes), RUNNER);
    v128.store(r0, v128.bitselect(i32x4.splat(group), v128.load(r0, GROUP), takes), GROUP);
    return;
  }
  const before = gather(r0, r1, r2, r3, 0);
  const label = gather(r0, r1, r2, r3, LABEL);
  const isOwn = i32x4.eq(found, label);
  const takes = v128.or(isOwn, f32x4.lt(least, before));
  const second = secondOf(gather(r0, r1, r2, r3, SECOND), next, before, least, isOwn);
  scatter(r0, r1, r2, r3, f32x4.pmin(before, least));
  scatter(r0 + SECOND, r1 + SECOND, r2 + SECOND, r3 + SECOND, second);
  scatter(r0 + LABEL, r1 + LABEL, r2 + LABEL, r3 + LABEL, v128.bitselect(found, label, takes));
  scatter(r0 + RUNNER, r1 + RUNNER, r2 + RUNNER, r3 + RUNNER, v128.bitselect(next, gather(r0, r1, r2, r3, RUNNER), takes));
  scatter(r0 + GROUP, r1 + GROUP, r2 + GROUP, r3 + GROUP, v128.bitselect(i32x4.splat(group), gather(r0, r1, r2, r3, GROUP), takes));
}

/** The next least of what was known (`second`, and `before` as the least) and a group (`next` and `least`), where the row's own centre counts once. */
// @ts-ignore: decorator
@inline
function secondOf(second: v128, next: v128, before: v128, least: v128, isOwn: v128): v128 {
  const loser = v128.bitselect(f32x4.splat(f32.MAX_VALUE), f32x4.pmax(before, least), isOwn);
  return f32x4.pmin(second, f32x4.pmin(next, loser));
}

/** Lane `last` in all lanes after it. */
function repeatLast(lanes: v128, last: i32): v128 {
  if (last == 0) return v128.shuffle<f32>(lanes, lanes, 0, 0, 0, 0);
  if (last == 1) return v128.shuffle<f32>(lanes, lanes, 0, 1, 1, 1);
  return v128.shuffle<f32>(lanes, lanes, 0, 1, 2, 2);
}

/**
 * The labels of the `count` ≤ 4 rows at `list`, and their bounds, as the scores have it; returns those (bits) whose scores leave doubt. `spare` is 64 bytes, of which
 * nobody reads the first 16.
 */
// @ts-ignore: decorator
@inline
function settle(
  list: usize, count: i32, delta: f32, labels: usize, uppers: usize, lowers: usize, width: usize, size: i32, everything: bool, record: usize, spare: usize,
): i32 {
  const least = v128.load(record);
  const unclear = i32x4.bitmask(f32x4.le(f32x4.sub(v128.load(record, SECOND), least), f32x4.splat(2.5 * delta)));
  if (uppers != 0) {
    const square = v128.load(record, SQUARE);
    const rest = f32x4.add(square, f32x4.mul(f32x4.splat(2), f32x4.add(least, f32x4.splat(delta))));
    v128.store(spare, f32x4.mul(f32x4.splat(UP), f32x4.sqrt(f32x4.pmax(f32x4.splat(0), rest))), 16);
    v128.store(spare, lowersOf(square, v128.load(record, RUNNER), delta), 32);
  }
  for (let r: usize = 0; r < <usize>count << 2; r += 4) {
    const i = <usize>load<i32>(list + r);
    const found = load<i32>(record + r, LABEL);
    const former = load<i32>(labels + (i << 2));
    store<i32>(labels + (i << 2), found);
    if (uppers == 0) continue;
    const bounds = lowers + i * width;
    const runner = load<f32>(record + r, RUNNER);
    // To where it belongs if there is one.
    const isThere: usize = 0 - <usize>i32(runner == runner);
    store<f32>(spare + ((bounds + (<usize>load<i32>(record + r, GROUP) << 2) - spare) & isThere), load<f32>(spare + r, 32));
    if (!everything && found == former) continue;
    store<f32>(uppers + (i << 2), load<f32>(spare + r, 16));
    if (everything) continue;
    const group = former / size;
    // The former centre is now one of the others of its group.
    if ((load<i32>(record + r, GROUPS) & (1 << group)) != 0) continue;
    const own = f32x4.extract_lane(lowersOf(v128.load32_splat(record + r + SQUARE), v128.load32_splat(record + r + OWN), delta), 0);
    if (own < load<f32>(bounds + (<usize>group << 2))) store<f32>(bounds + (<usize>group << 2), own);
  }
  return unclear & ((1 << count) - 1);
}

/** The label of a row, and its bounds, by float64 distances from all centres whose scores are too close to the least to tell. */
function decideExactly(
  row: usize, stride64: i32, columns: i32, centers64: usize, clusters: i32, size: i32, scores: usize, delta: f32, label: usize, upper: usize, lower: usize, norm: f32,
): void {
  let least = f32.MAX_VALUE;
  for (let c = 0; c < clusters; c++) least = min(least, load<f32>(scores + (<usize>c << 2)));
  const limit = least + 2.5 * delta;
  let nearest: f64 = Infinity;
  let found = 0;
  for (let c = 0; c < clusters; c++) {
    if (load<f32>(scores + (<usize>c << 2)) > limit) continue;
    const distance = directSquare(row, centers64 + (<usize>c * stride64 << 3), columns);
    if (distance < nearest) {
      nearest = distance;
      found = c;
    }
  }
  store<i32>(label, found);
  if (upper == 0) return;
  store<f32>(upper, UP * <f32>sqrt(nearest));
  const square = f32x4.splat(norm);
  for (let group = 0; group * size < clusters; group++) {
    const end = min(clusters, (group + 1) * size);
    least = f32.MAX_VALUE;
    for (let c = group * size; c < end; c++) if (c != found) least = min(least, load<f32>(scores + (<usize>c << 2)));
    store<f32>(lower + (<usize>group << 2), f32x4.extract_lane(lowersOf(square, f32x4.splat(least), delta), 0));
  }
}

/** ‖c‖²/2 − x·c for six rows and eight centres. */
export function scoreTile(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, panel: usize, columns: i32, halves: usize, out: usize, outRow: usize,
): void {
  const h0 = v128.load(halves);
  const h1 = v128.load(halves, 16);
  let c00 = h0;
  let c01 = h1;
  let c10 = h0;
  let c11 = h1;
  let c20 = h0;
  let c21 = h1;
  let c30 = h0;
  let c31 = h1;
  let c40 = h0;
  let c41 = h1;
  let c50 = h0;
  let c51 = h1;
  const end = <usize>columns << 2;
  for (let t: usize = 0; t < end; t += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let s = v128.load32_splat(a0 + t);
    c00 = v128.relaxed_nmadd<f32>(s, b0, c00);
    c01 = v128.relaxed_nmadd<f32>(s, b1, c01);
    s = v128.load32_splat(a1 + t);
    c10 = v128.relaxed_nmadd<f32>(s, b0, c10);
    c11 = v128.relaxed_nmadd<f32>(s, b1, c11);
    s = v128.load32_splat(a2 + t);
    c20 = v128.relaxed_nmadd<f32>(s, b0, c20);
    c21 = v128.relaxed_nmadd<f32>(s, b1, c21);
    s = v128.load32_splat(a3 + t);
    c30 = v128.relaxed_nmadd<f32>(s, b0, c30);
    c31 = v128.relaxed_nmadd<f32>(s, b1, c31);
    s = v128.load32_splat(a4 + t);
    c40 = v128.relaxed_nmadd<f32>(s, b0, c40);
    c41 = v128.relaxed_nmadd<f32>(s, b1, c41);
    s = v128.load32_splat(a5 + t);
    c50 = v128.relaxed_nmadd<f32>(s, b0, c50);
    c51 = v128.relaxed_nmadd<f32>(s, b1, c51);
    panel += 32;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += outRow;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += outRow;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += outRow;
  v128.store(out, c30);
  v128.store(out, c31, 16);
  out += outRow;
  v128.store(out, c40);
  v128.store(out, c41, 16);
  out += outRow;
  v128.store(out, c50);
  v128.store(out, c51, 16);
}

/** x·c over a multiple of four float32 numbers. */
// @ts-ignore: decorator
@inline
function dot32(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let t: usize = 0; t < bytes; t += 16) sum = v128.relaxed_madd<f32>(v128.load(a + t), v128.load(b + t), sum);
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** Σ_j (a_j − b_j)², summed in order. */
export function directSquare(a: usize, b: usize, columns: i32): f64 {
  let sum: f64 = 0;
  const end = <usize>columns << 3;
  for (let t: usize = 0; t < end; t += 8) {
    const difference = load<f64>(a + t) - load<f64>(b + t);
    sum += difference * difference;
  }
  return sum;
}
