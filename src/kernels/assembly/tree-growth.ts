// What a tree is grown on and with, all within one thread: the record that the kernels of tree-grow.ts and tree-find.ts work on. The host writes it by
// the functions below and knows its size only.
//
// Entries of lists and pairs are as in tree-exact.ts. Gini of two classes is done by moments, with y = 1 for the second: of a side of weight W and
// S = Σ w y, Σ_k c_k² / W = W − 2 S + 2 S² / W.
import { SORT_BYTES } from './tree-rank-sort';

/** How rows are placed: lists sorted by each column, ranks of values row by row, values column by column, bins column by column. */
export const PRESORTED: i32 = 0;
export const RANKED: i32 = 1;
export const UNSORTED: i32 = 2;
export const BINNED: i32 = 3;

@unmanaged
export class Growth {
  kind: i32;
  rows: i32;
  columns: i32;
  /** float64 by column. */
  x: usize;
  ranks: usize;
  bins: usize;
  valueBins: usize;
  thresholds: usize;
  sorted: usize;
  y: usize;
  weights: usize;
  classes: i32;
  criterion: i32;
  center: f64;
  table: usize;
  directions: usize;
  maxFeatures: i32;
  minRows: i32;
  minSplit: i32;
  maxDepth: i32;
  maxLeaves: i32;
  minDecrease: f64;
  minWeightShare: f64;
  minWeight: f64;
  /** The rows of the sample, and how many lists of them there are. */
  lists: usize;
  listCount: i32;
  length: i32;
  pairs: usize;
  /** Room: a byte a row; 40 bytes a row; sides of splits or a histogram; {@link SORT_BYTES}; a result of a column. */
  marks: usize;
  room: usize;
  sides: usize;
  keys: usize;
  result: usize;
  totals: usize;
  order: usize;
  /** One column number, for kernels that take a list of them. */
  column: i32;
  random0: u32;
  random1: u32;
  random2: u32;
  random3: u32;
  /** Of the node that is looked at. */
  weight: f64;
  sum: f64;
  impurity: f64;
  score: f64;
  lower: f64;
  upper: f64;
  /** Its best split so far; `place` is a rank or bin, or how many present rows go left. */
  bestScore: f64;
  bestThreshold: f64;
  bestColumn: i32;
  bestPlace: i32;
  bestPresent: i32;
  bestMissingLeft: i32;
  bestSawMissing: i32;
  /** Nodes with a split that has not been made, by {@link Open}. */
  open: usize;
  openCount: i32;
  leaves: i32;
  nodes: i32;
  /** The weight of the tree's sample. */
  total: f64;
  threshold: usize;
  values: usize;
  weightOf: usize;
  gain: usize;
  feature: usize;
  left: usize;
  samples: usize;
  missingLeft: usize;
}

/** A node whose split has been found and not been made. */
@unmanaged
export class Open {
  node: i32;
  depth: i32;
  begin: i32;
  count: i32;
  lower: f64;
  upper: f64;
  threshold: f64;
  decrease: f64;
  column: i32;
  place: i32;
  present: i32;
  missingLeft: i32;
  sawMissing: i32;
}

export const OPEN_BYTES: usize = (offsetof<Open>() + 7) & ~7;

/** Whether splits are valued by moments, rather than by the weights of classes. */
// @ts-ignore: decorator
@inline
export function isByMoments(g: Growth): bool {
  return g.classes == 0 || isTwoByGini(g);
}

// @ts-ignore: decorator
@inline
export function isTwoByGini(g: Growth): bool {
  return g.classes == 2 && g.criterion == 2;
}

/** Bytes of a growth, with the small rooms that follow it. `sidesBytes` is what the splits need, see tree-rows.ts and tree-exact.ts. */
export function growthBytes(thread: i32, threads: i32, columns: i32, classes: i32, sidesBytes: i32): i32 {
  return <i32>(roomsAt() + SORT_BYTES + 64 + round(<usize>max(1, classes) << 3) + round(<usize>columns << 2) + <usize>sidesBytes);
}

/** Bytes of the records of `most` nodes with waiting splits, and of two to move them by. */
export function openBytes(thread: i32, threads: i32, most: i32): i32 {
  return (most + 2) * <i32>OPEN_BYTES;
}

function roomsAt(): usize {
  return round(offsetof<Growth>());
}

function round(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** The rows: what `kind` has no use for is 0. `listCount` lists of 64-bit entries are kept of them. */
export function growthRows(thread: i32, threads: i32, growth: usize, kind: i32, rows: i32, columns: i32, x: usize, ranks: usize, bins: usize, valueBins: usize, thresholds: usize, sorted: usize, listCount: i32): void {
  const g = changetype<Growth>(growth);
  g.kind = kind;
  g.rows = rows;
  g.columns = columns;
  g.x = x;
  g.ranks = ranks;
  g.bins = bins;
  g.valueBins = valueBins;
  g.thresholds = thresholds;
  g.sorted = sorted;
  g.listCount = listCount;
}

/** The targets (values less `center`, or numbers of classes) and weights of the rows, as float64. */
export function growthTarget(thread: i32, threads: i32, growth: usize, y: usize, weights: usize, classes: i32, criterion: i32, center: f64, table: usize, directions: usize): void {
  const g = changetype<Growth>(growth);
  g.y = y;
  g.weights = weights;
  g.classes = classes;
  g.criterion = criterion;
  g.center = center;
  g.table = table;
  g.directions = directions;
}

/** When nodes stay leaves. */
export function growthLimits(thread: i32, threads: i32, growth: usize, maxFeatures: i32, minRows: i32, minSplit: i32, maxDepth: i32, maxLeaves: i32, minDecrease: f64, minWeightShare: f64): void {
  const g = changetype<Growth>(growth);
  g.maxFeatures = maxFeatures;
  g.minRows = minRows;
  g.minSplit = minSplit;
  g.maxDepth = maxDepth;
  g.maxLeaves = maxLeaves;
  g.minDecrease = minDecrease;
  g.minWeightShare = minWeightShare;
}

/** Room for the rows of the sample, and for nodes with waiting splits. */
export function growthRoom(thread: i32, threads: i32, growth: usize, lists: usize, pairs: usize, marks: usize, room: usize, open: usize): void {
  const g = changetype<Growth>(growth);
  g.lists = lists;
  g.pairs = pairs;
  g.marks = marks;
  g.room = room;
  g.open = open;
  g.keys = growth + roomsAt();
  g.result = g.keys + SORT_BYTES;
  g.totals = g.result + 64;
  g.order = g.totals + round(<usize>max(1, g.classes) << 3);
  g.sides = g.order + round(<usize>g.columns << 2);
}

/** Where the nodes go. */
export function growthNodes(thread: i32, threads: i32, growth: usize, threshold: usize, values: usize, weight: usize, gain: usize, feature: usize, left: usize, samples: usize, missingLeft: usize): void {
  const g = changetype<Growth>(growth);
  g.threshold = threshold;
  g.values = values;
  g.weightOf = weight;
  g.gain = gain;
  g.feature = feature;
  g.left = left;
  g.samples = samples;
  g.missingLeft = missingLeft;
}
